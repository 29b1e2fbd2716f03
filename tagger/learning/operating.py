"""From which sureness on a model is as often right as an editor asks for.

A paragraph's *sureness* is how probable it is, as the calibrated probabilities say, that exactly
the topics it is given are right: the product over all topics of p where given and 1 - p where not.
So one figure stands for "the given topics are sure and the others surely absent", with four topics
or ninety. What it is worth is not believed but counted: on out-of-fold scores, among the paragraphs
given a topic (or none) with at least that sureness, how many were exactly right?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.learning.model import sigmoid
from tagger.learning.proportions import at_least

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tagger.records import TopicId

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

NONE = "none"
"""Stands where a topic's id would, for paragraphs that are given none."""

CUTS: Floats = np.round(sigmoid(np.arange(-3, 8.1, 0.2)), 6)
"""The sureness values to choose from, evenly in log-odds: 0.05, ... 0.5, ... 0.9996."""

SAFETY = 0.95
"""How sure it must be that a cut keeps its promise.

The lowest cut is taken whose lower bound at this level reaches the aim. On resamples of the corpus
(aims of 0.90 and 0.95, 200 draws each, November 2026), where a cut was found the share that was
right in truth lay below the aim in 2 to 4 of 100 cases with 2,000 or 8,000 paragraphs to choose
on, and in 4 to 12 with 500. At a level of 0.9 that were up to 7 and 19.
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """At each of ``cuts``, how many paragraphs have at least that sureness; how many are right."""

    cuts: tuple[float, ...]
    given: tuple[int, ...]
    right: tuple[int, ...]

    def cut_for(self, aim: float) -> float:
        """The lowest cut from which on the share of right ones reaches the aim; else infinity."""
        reached = at_least(np.array(self.right), np.array(self.given), SAFETY) >= aim
        return self.cuts[int(np.argmax(reached))] if reached.any() else float("inf")

    def as_data(self) -> dict[str, str]:
        """As a card keeps it: short also for ninety topics."""
        return {name: " ".join(map(str, getattr(self, name))) for name in ("given", "right")}


def sureness(probabilities: Floats, given: Truth) -> Floats:
    """How probable it is that exactly the given topics are right, shape (n,)."""
    sure = np.ones(len(probabilities))
    # Topic by topic: a row alone and a row among many give the same last bit.
    for column, has in zip(probabilities.T, given.T, strict=True):
        sure *= np.where(has, column, 1 - column)
    return sure


def curves(
    topics: Sequence[TopicId], probabilities: Floats, given: Truth, truth: Truth
) -> dict[str, Curve]:
    """The curve of each topic and of :data:`NONE`.

    Args:
        topics: K ids.
        probabilities: out-of-fold and calibrated, shape (n, K).
        given: what the model gives, shape (n, K).
        truth: shape (n, K).
    """
    sure, right = sureness(probabilities, given), (given == truth).all(axis=1)
    groups = [
        (NONE, np.logical_not(given.any(axis=1))),
        *((topic, given[:, k]) for k, topic in enumerate(topics)),
    ]
    return {name: _curve(sure[rows], right[rows]) for name, rows in groups}


def _curve(sure: Floats, right: Truth) -> Curve:
    above = sure[:, None] >= CUTS
    counts = (above.sum(axis=0), (above & right[:, None]).sum(axis=0))
    return Curve(tuple(CUTS.tolist()), *(tuple(count.tolist()) for count in counts))


def curves_as_data(found: Mapping[str, Curve]) -> dict[str, Any]:
    """Curves as JSON-able data for a model's card."""
    cuts = " ".join(map(str, CUTS.tolist()))
    return {"cuts": cuts, "curves": {name: curve.as_data() for name, curve in found.items()}}


def curves_of_data(data: Mapping[str, Any]) -> dict[str, Curve]:
    """The curves that :func:`curves_as_data` made data of.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the data are of another making.
    """
    cuts = tuple(float(cut) for cut in data["cuts"].split())
    return {
        name: Curve(
            cuts,
            tuple(int(count) for count in counts["given"].split()),
            tuple(int(count) for count in counts["right"].split()),
        )
        for name, counts in data["curves"].items()
    }
