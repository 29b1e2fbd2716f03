"""How far paragraphs have moved away from those a model was trained on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.baseline import BINS, expected_mistakes
from tagger.learning.rising import rising_words
from tagger.learning.terms import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.learning.baseline import Baseline
    from tagger.learning.model import Model
    from tagger.learning.rising import RisingWord
    from tagger.records import TopicId

    Floats = NDArray[np.float64]

FEWEST = 100
"""With fewer paragraphs nothing is concluded: shares would swing by ten points by chance."""

_ALARM = 0.25  # a population stability index above this is commonly called a large shift
_MORE_UNSEEN = 0.05
_MORE_MISTAKES = 0.05
_SURE = 1.96  # standard errors of a 95% interval
_DISTINCT_WORDS = 500_000  # about 60 MB; the rarest are forgotten beyond that


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
        self._bins = np.zeros((len(model.topics), BINS))
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
            words=rising_words(self._words, self._n, self._model, self._before)[:most_words],
        )

    def _shift(self, before: float, total: float, squares: float) -> Shift:
        n = max(self._n, 1)
        now = float(total) / n
        # As if half a paragraph were otherwise: that of nought or one would have no width.
        spread = max(squares / n - now**2, 0.5 / n)
        error = _SURE * float(np.sqrt(spread / n))
        return Shift(float(before), now, max(now - error, 0.0), min(now + error, 1.0))


def stability_index(bins: Floats) -> float:
    """The population stability index of counts in bins that training filled equally.

    Half a count is added to every bin, so that an empty one does not make it infinite.
    """
    shares = (bins + 0.5) / (bins.sum() + 0.5 * len(bins))
    return float(np.sum((shares - 1 / len(bins)) * np.log(shares * len(bins))))
