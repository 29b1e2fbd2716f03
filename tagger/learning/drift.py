"""How far paragraphs have moved away from those a model was trained on.

Everything is compared like with like: a training text is looked at as if the model had not seen
it (out-of-fold probabilities, and words that other texts hold too).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.learning.terms import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.learning.training import Training
    from tagger.records import LabeledExample, TopicId

    Floats = NDArray[np.float64]

FEWEST = 100
"""With fewer paragraphs nothing is concluded: shares would swing by ten points by chance."""

_BINS = 10
_ALARM = 0.25  # a population stability index above this is commonly called a large shift
_MORE_UNSEEN = 0.05
_MORE_MISTAKES = 0.05
_SURE = 1.96  # standard errors of a 95% interval
_G2 = 15.13  # Rayson and Garside (2000): p < 0.0001 for one word
_RISES = 3.0  # times as frequent as in training
_FEWEST_TEXTS = 3
_DISTINCT_WORDS = 500_000  # about 60 MB; the rarest are forgotten beyond that
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the training texts were like.

    Args:
        texts: how many they were.
        idf_power: the recipe's exponent; the model's idf tells how many texts hold a word.
        unseen: mean share of a text's words that fewer than two other texts hold.
        mistakes: share of texts with a wrong topic, as the probabilities have it.
        rates: share of the texts that the model gives each topic, shape (K,).
        edges: inner borders of ten equally filled bins of each topic's probabilities, (K, 9).
    """

    texts: int
    idf_power: float
    unseen: float
    mistakes: float
    rates: Floats
    edges: Floats

    def as_data(self) -> dict[str, Any]:
        """JSON-able, for a model's card."""
        return {
            "texts": self.texts,
            "idf_power": self.idf_power,
            "unseen": self.unseen,
            "mistakes": self.mistakes,
            "rates": self.rates.tolist(),
            "edges": [[float(f"{edge:.6g}") for edge in row] for row in self.edges],
        }

    @classmethod
    def of_data(cls, data: dict[str, Any]) -> Baseline:
        """The opposite of :meth:`as_data`."""
        arrays = {name: np.array(data[name], np.float64) for name in ("rates", "edges")}
        return cls(**{**data, **arrays})


def baseline(training: Training, examples: Sequence[LabeledExample], idf_power: float) -> Baseline:
    """What a training leaves to compare later texts with.

    Args:
        training: with its out-of-fold probabilities.
        examples: what it learned, n of them.
        idf_power: of the recipe.
    """
    texts = [example.text for example in examples]
    probabilities = training.probabilities
    inner = np.arange(1, _BINS) / _BINS
    return Baseline(
        texts=len(texts),
        idf_power=idf_power,
        unseen=_unseen_without_itself(texts),
        mistakes=float(expected_mistakes(probabilities).mean()),
        rates=training.model.given(probabilities).mean(axis=0),
        edges=np.quantile(probabilities, inner, axis=0).T,
    )


def _unseen_without_itself(texts: Sequence[str]) -> float:
    """A word is known to a model if two texts hold it: here, two texts besides this one."""
    cut = [tokens(fold(text)) for text in texts]
    held = Counter(word for words in cut for word in set(words))
    shares = [sum(held[word] < 3 for word in words) / len(words) for words in cut if words]
    return float(np.mean(shares)) if shares else 0.0


def expected_mistakes(probabilities: Floats) -> Floats:
    """The chance that a text gets at least one topic wrong, shape (n,), by calibrated scores."""
    return np.asarray(1.0 - np.prod(np.maximum(probabilities, 1.0 - probabilities), axis=1))


@dataclass(frozen=True, slots=True)
class Shift:
    """A share in training and now, the latter with its 95% interval."""

    before: float
    now: float
    low: float
    high: float

    def rose(self, by: float) -> bool:
        """Whether it is higher by more than ``by``, and no accident."""
        return self.now - self.before > by and self.low > self.before


@dataclass(frozen=True, slots=True)
class TopicShift:
    """A topic's share of the paragraphs, and how far its probabilities moved.

    ``index`` is the population stability index over ten bins; chance alone gives about 9 / n.
    """

    topic: TopicId
    rate: Shift
    index: float

    @property
    def large(self) -> bool:
        """Whether the probabilities moved far, by the usual rule of thumb."""
        return self.index > _ALARM


@dataclass(frozen=True, slots=True)
class RisingWord:
    """A word that many more paragraphs hold than training would have it; shares of paragraphs."""

    word: str
    paragraphs: int
    now: float
    before: float


@dataclass(frozen=True, slots=True)
class Drift:
    """How ``n`` paragraphs compare with the training texts of the model ``version``."""

    version: str
    n: int
    unseen: Shift
    mistakes: Shift
    topics: tuple[TopicShift, ...]
    words: tuple[RisingWord, ...]

    @property
    def enough(self) -> bool:
        """Whether there are enough paragraphs to conclude anything."""
        return self.n >= FEWEST

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a retraining is due, in words; empty where it is not."""
        if not self.enough:
            return ()
        reasons = []
        if self.unseen.rose(_MORE_UNSEEN):
            reasons.append(
                f"{self.unseen.now:.0%} of the words are new to the model "
                f"({self.unseen.before:.0%} in training)"
            )
        if self.mistakes.rose(_MORE_MISTAKES):
            reasons.append(
                f"it expects to be wrong on {self.mistakes.now:.0%} of the paragraphs "
                f"({self.mistakes.before:.0%} in training)"
            )
        return tuple(reasons)

    @property
    def due(self) -> bool:
        """Whether a retraining is due."""
        return bool(self.reasons)

    @property
    def sentence(self) -> str:
        """The finding in plain words."""
        if not self.enough:
            return (
                f"Too few paragraphs to say whether retraining is due: {self.n:,}, "
                f"and it takes {FEWEST}."
            )
        if self.due:
            return f"Retraining is due: {' and '.join(self.reasons)}."
        moved = [shift.topic for shift in self.topics if shift.large]
        if not moved:
            return "No sign that retraining is due: words and scores are as in training."
        return (
            "No sign that retraining is due, but the mix is another than in training: "
            f"{', '.join(moved)}."
        )


class Watch:
    """Takes in paragraphs one by one, in bounded memory, and tells how they compare.

    Args:
        model: which scores them.
        before: what its training texts were like.
    """

    def __init__(self, model: Model, before: Baseline) -> None:
        self._model, self._before = model, before
        self._n = 0
        self._sums = np.zeros((2, 2 + len(model.topics)))  # values and their squares
        self._bins = np.zeros((len(model.topics), _BINS))
        self._words: Counter[str] = Counter()

    def add(self, text: str, probabilities: Sequence[float]) -> None:
        """Take in a paragraph with the model's probabilities, K of them."""
        row = np.asarray(probabilities, np.float64)
        given = self._model.given(row[None, :])[0]
        mistakes = expected_mistakes(row[None, :])[0]
        values = np.array([1 - self._model.known_share(text), mistakes, *given])
        self._sums += values, values**2
        for k, edges in enumerate(self._before.edges):
            self._bins[k, np.searchsorted(edges, row[k], side="right")] += 1
        self._words.update(set(tokens(fold(text))))
        if len(self._words) > _DISTINCT_WORDS:
            self._words = Counter(dict(self._words.most_common(_DISTINCT_WORDS // 2)))
        self._n += 1

    def drift(self, most_words: int = 15) -> Drift:
        """How the paragraphs so far compare, with so many rising words at most."""
        before = [self._before.unseen, self._before.mistakes, *self._before.rates]
        unseen, mistakes, *rates = [
            self._shift(share, total, squares)
            for share, (total, squares) in zip(before, self._sums.T, strict=True)
        ]
        return Drift(
            version=self._model.version,
            n=self._n,
            unseen=unseen,
            mistakes=mistakes,
            topics=tuple(
                TopicShift(topic, rate, stability_index(bins))
                for topic, rate, bins in zip(self._model.topics, rates, self._bins, strict=True)
            ),
            words=self._rising()[:most_words],
        )

    def _shift(self, before: float, total: float, squares: float) -> Shift:
        n = max(self._n, 1)
        now = float(total) / n
        # Two pseudo-paragraphs keep the interval of a share of nought or one from vanishing.
        spread = max(squares / n - now**2, 0.5 / n)
        error = _SURE * float(np.sqrt(spread / n))
        return Shift(float(before), now, max(now - error, 0.0), min(now + error, 1.0))

    def _rising(self) -> tuple[RisingWord, ...]:
        held = _texts_with_words(self._model, self._before)
        found = []
        for word, count in self._words.items():
            # Figures and codes come and go with every day.
            if count < _FEWEST_TEXTS or not _LETTER.search(word):
                continue
            before = held.get(word, 0.0)
            now, then = count / self._n, before / self._before.texts
            if now > _RISES * then:
                gain = log_likelihood_ratio(count, self._n, before, self._before.texts)
                if gain > _G2:
                    found.append((gain, RisingWord(word, count, now, then)))
        return tuple(word for _, word in sorted(found, key=lambda pair: -pair[0]))


def stability_index(bins: Floats) -> float:
    """The population stability index of counts in bins that training filled equally.

    Half a count is added to every bin, so that an empty one does not make it infinite.
    """
    shares = (bins + 0.5) / (bins.sum() + 0.5 * len(bins))
    return float(np.sum((shares - 1 / len(bins)) * np.log(shares * len(bins))))


def log_likelihood_ratio(count: float, n: float, before: float, texts: float) -> float:
    """Dunning's G2 (1993) of a word in ``count`` of ``n`` and in ``before`` of ``texts``."""
    rate = (count + before) / (n + texts)
    terms = [(count, n * rate), (before, texts * rate)]
    return 2 * sum(float(seen * np.log(seen / expected)) for seen, expected in terms if seen)


def _texts_with_words(model: Model, before: Baseline) -> dict[str, float]:
    """How many training texts hold each known word, read back from its idf."""
    for block, terms, start in zip(model.blocks, model.terms, model.block_starts, strict=False):
        if block.kind == "word":
            idf = model.idf[start : start + len(terms)]
            held = (1 + before.texts) / np.exp(idf ** (1 / before.idf_power) - 1) - 1
            return dict(zip(terms, held.tolist(), strict=True))
    return {}
