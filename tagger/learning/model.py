"""A trained model: plain arrays that turn a paragraph into calibrated topic probabilities.

One paragraph's way through it, for topic k::

    folded text -> term counts c_j -> v_j = (1 + ln c_j) * idf_j, unit length in each block
    score_k       = sum_j v_j * weights[j, k] + intercepts[k]       (calibrated log-odds)
    probability_k = 1 / (1 + exp(-score_k))
    topic k is given where probability_k >= thresholds[k]
    or, in an always_one model, where no topic is and k comes nearest to its threshold

scikit-learn trains the weights and the calibration is folded into them (see ``training``);
scoring needs only NumPy, so a command that tags one article starts fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.counting import BlockIndex
from tagger.learning.terms import fold, tokens
from tagger.records import TopicId, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tagger.learning.terms import Block

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

UNNAMED = Version("unsaved")


@dataclass(frozen=True)
class Model:
    """Everything that scoring needs, for K topics and J terms.

    Args:
        topics: the topics' ids, length K.
        blocks: the families of terms.
        terms: for each block its terms in sorted order; J counts all of them.
        idf: inverse document frequency of each term, shape (J,).
        weights: shape (J, K).
        intercepts: shape (K,).
        thresholds: smallest probability at which a topic is given, shape (K,); infinite for a
            topic that had too few examples to be learned.
        always_one: whether a text that reaches no threshold gets the topic that comes nearest to
            its own, as every text that the model was trained on had a topic.
        taxonomy: digest of the taxonomy the model was trained for.
        version: its name in the registry.
    """

    topics: tuple[TopicId, ...]
    blocks: tuple[Block, ...]
    terms: tuple[list[str], ...]
    idf: Floats
    weights: Floats
    intercepts: Floats
    thresholds: Floats
    always_one: bool = False
    taxonomy: str = ""
    version: Version = field(default=UNNAMED)

    @cached_property
    def indexes(self) -> tuple[BlockIndex, ...]:
        """The numbering of each block's terms."""
        return tuple(
            BlockIndex(block, terms) for block, terms in zip(self.blocks, self.terms, strict=True)
        )

    @cached_property
    def block_starts(self) -> tuple[int, ...]:
        """Where each block's terms begin among all J, with J itself at the end."""
        return tuple(int(n) for n in np.cumsum([0, *(len(terms) for terms in self.terms)]))

    def vector(self, text: str) -> tuple[Ints, Floats]:
        """The text's known terms: their ascending numbers and tf-idf values, both shape (m,)."""
        folded = fold(text)
        counted = [index.counts(folded) for index in self.indexes]
        starts = self.block_starts
        numbers = np.concatenate([own + starts[b] for b, (own, _) in enumerate(counted)])
        times = np.concatenate([times for _, times in counted])
        values = (1.0 + np.log(times)) * self.idf[numbers]
        end = 0
        for own, _ in counted:
            start, end = end, end + len(own)
            _shorten(values[start:end])
        return numbers, values

    def scores(self, texts: Iterable[str]) -> Floats:
        """The calibrated log-odds of every topic for every text, shape (n, K)."""
        rows = [self._score(*self.vector(text)) for text in texts]
        return np.array(rows).reshape(len(rows), len(self.topics))

    def _score(self, numbers: Ints, values: Floats) -> Floats:
        return in_turn(values[:, None] * self.weights.take(numbers, axis=0)) + self.intercepts

    def probabilities(self, texts: Iterable[str]) -> Floats:
        """The calibrated probability of every topic for every text, shape (n, K)."""
        return sigmoid(self.scores(texts))

    def known_share(self, text: str) -> float:
        """The share of the text's words that occurred in training; 1 where it has no word."""
        words = tokens(fold(text))
        index = self._words
        return index.known(words) / len(words) if index and words else 1.0

    def knows(self, text: str, share: float) -> bool:
        """Whether :meth:`known_share` is at least ``share``."""
        lowered = text.lower()
        # Every third letter begins a word at most, and a chunk that is a term is a word: the first
        # chunks show it of most texts, in a quarter of the time.
        enough = share * (len(lowered) + 1) / 3
        if self._words and self._words.known(lowered.split(None, int(enough * 1.5))) > enough:
            return True
        return self.known_share(text) >= share

    @cached_property
    def _words(self) -> BlockIndex | None:
        return next((index for index in self.indexes if index.block.kind == "word"), None)

    def given(self, probabilities: Floats) -> NDArray[np.bool_]:
        """Which topics every text gets, shape (n, K) as the probabilities."""
        above = np.asarray(probabilities >= self.thresholds)
        if self.always_one:
            without = np.flatnonzero(~above.any(axis=1))
            above[without, self._nearest(probabilities[without])] = True
        return above

    def _nearest(self, probabilities: Floats) -> Ints:
        """The topic that comes nearest to its threshold, in log-odds, shape (n,)."""
        known = np.flatnonzero(np.isfinite(self.thresholds))
        short = log_odds(self.thresholds[known]) - log_odds(probabilities[:, known])
        return np.asarray(known[np.argmin(short, axis=1)])

    def chosen(self, probabilities: Floats) -> list[tuple[TopicId, ...]]:
        """The topics that every text gets, most probable first; empty means none."""
        numbers, counts = self.ranked(probabilities)
        names = [self.topics[number] for number in numbers.tolist()]
        ends = np.cumsum(counts).tolist()
        return [tuple(names[start:end]) for start, end in pairwise([0, *ends])]

    def ranked(self, probabilities: Floats) -> tuple[Ints, Ints]:
        """As :meth:`chosen`: the topics' numbers, text after text, and how many each text has."""
        given = self.given(probabilities)
        texts, numbers = np.nonzero(given)
        order = np.lexsort((numbers, -probabilities[texts, numbers], texts))
        return numbers[order], given.sum(axis=1)


def _shorten(values: Floats) -> None:
    """Give one block's values length 1, where they are."""
    if length := np.sqrt(in_turn(values * values)):
        values /= length


def in_turn(summands: Floats) -> Floats:
    """The sum along the first axis, one summand after the other.

    scikit-learn and SciPy add in this order, and the order decides on the last bit.
    """
    if summands.ndim > 1 and summands.shape[1] > 1:
        return np.asarray(np.add.reduce(summands, axis=0))  # in turn, as the axis is not contiguous
    # Along a contiguous axis reduce would add in pairs; accumulate needs every sum on the way.
    sums: Floats = np.add.accumulate(summands, axis=0)
    return sums[-1] if len(sums) else np.zeros(summands.shape[1:])


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1.0 + small)


def log_odds(probabilities: Floats) -> Floats:
    """The inverse of :func:`sigmoid`; what is certain is taken for nearly so."""
    clipped = np.clip(probabilities, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))
