"""A trained model: plain arrays that turn a paragraph into calibrated topic probabilities.

One paragraph's way through it, for topic k::

    folded text -> term counts c_j -> v_j = (1 + ln c_j) * idf_j, unit length in each block
    score_k       = sum_j v_j * weights[j, k] + intercepts[k]       (calibrated log-odds)
    probability_k = 1 / (1 + exp(-score_k))
    topic k is given where probability_k >= thresholds[k]

scikit-learn trains the weights and the calibration is folded into them (see ``training``);
scoring needs only NumPy, so a command that tags one article starts fast.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.terms import BlockIndex, fold, tokens
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
        parts = [
            self._block_vector(index.numbers(folded), start)
            for index, start in zip(self.indexes, self.block_starts, strict=False)
        ]
        return (
            np.concatenate([numbers for numbers, _ in parts]),
            np.concatenate([values for _, values in parts]),
        )

    def _block_vector(self, occurrences: list[int], start: int) -> tuple[Ints, Floats]:
        numbers, counts = np.unique(np.array(occurrences, np.int64), return_counts=True)
        numbers += start
        values = (1.0 + np.log(counts)) * self.idf[numbers]
        length = np.sqrt(in_turn(values * values))
        return numbers, values / length if length else values

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
        index = next((index for index in self.indexes if index.block.kind == "word"), None)
        if index is None or not words:
            return 1.0
        return sum(index.number(word) is not None for word in words) / len(words)

    def chosen(self, probabilities: Floats) -> list[tuple[TopicId, ...]]:
        """The topics at or above their thresholds, most probable first; empty means none."""
        return [self._chosen(row) for row in probabilities]

    def _chosen(self, row: Floats) -> tuple[TopicId, ...]:
        above = [k for k in np.argsort(-row, kind="stable") if row[k] >= self.thresholds[k]]
        return tuple(self.topics[k] for k in above)


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
