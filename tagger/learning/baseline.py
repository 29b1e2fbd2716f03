"""What a model's training texts were like, to compare later paragraphs with.

Everything is compared like with like: a training text is looked at as if the model had not seen
it (out-of-fold probabilities, and words that other texts hold too).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.learning.terms import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.learning.training import Training
    from tagger.records import LabeledExample

    Floats = NDArray[np.float64]

BINS = 10
"""How many bins of each topic's probabilities training fills equally."""


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
    inner = np.arange(1, BINS) / BINS
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
