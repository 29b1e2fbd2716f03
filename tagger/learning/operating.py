"""From which sureness on a model decides by itself, to be as often right as an editor asks for.

A paragraph's *sureness* is how probable it is, as the calibrated probabilities say, that exactly
the topics it is given are right: the product over all topics of p where given and 1 - p where not.
So one figure stands for "the given topics are sure and the others surely absent", with four topics
or ninety. What it is worth is not believed but counted: on out-of-fold scores, among the paragraphs
given a topic (or none) with at least that sureness, how many were exactly right?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.learning.model import sigmoid
from tagger.learning.proportions import Share, at_least, share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.records import Handling, Prediction, TopicId

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]
    Words = NDArray[np.str_]

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

READABLE = 0.5
"""With fewer of its words known than this, a paragraph is asked: "none" may only mean "not read".

Of 1,430 English news paragraphs none had less than 0.66 (shipped model, November 2026); a sentence
each of German, French and Spanish had 0.33 to 0.44, one of Ukrainian 0.
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


@dataclass(frozen=True)
class Automation:
    """A model that decides by itself where it is sure enough.

    Args:
        model: the model.
        cuts: the least sureness for each of its K topics, then for none, shape (K + 1,); infinite
            where an editor is always asked.
    """

    model: Model
    cuts: Floats

    def decide(self, texts: Sequence[str], probabilities: Floats) -> list[Handling]:
        """What becomes of each text; a text the model can hardly read is asked whatever it says.

        Args:
            texts: n of them.
            probabilities: what the model says of them, shape (n, K).
        """
        sure = self.sure(probabilities)
        given = np.any(self.model.given(probabilities), axis=1)
        found: list[Handling] = []
        for text, by_itself, tagged in zip(texts, sure.tolist(), given.tolist(), strict=True):
            read = by_itself and self.model.known_share(text) >= READABLE
            found.append(("auto" if tagged else "none") if read else "ask")
        return found

    def sure(self, probabilities: Floats) -> Truth:
        """Which rows are sure enough for all they are given, shape (n,)."""
        given = self.model.given(probabilities)
        of_topics = np.where(given, self.cuts[:-1], -np.inf).max(axis=1)
        needed = np.where(given.any(axis=1), of_topics, self.cuts[-1])
        return np.asarray(sureness(probabilities, given) >= needed)

    def mark(self, predictions: Sequence[Prediction]) -> list[Prediction]:
        """The predictions with what becomes of each paragraph; page furniture stays as it is."""
        judged = [p for p in predictions if p.paragraph.furniture is None]
        rows = [[p.scores.get(topic, np.nan) for topic in self.model.topics] for p in judged]
        table = np.array(rows).reshape(len(judged), len(self.model.topics))
        found = iter(self.decide([p.paragraph.text for p in judged], table))
        return [
            replace(p, decision=self._unless_ruled(p, next(found)))
            if p.paragraph.furniture is None
            else p
            for p in predictions
        ]

    def _unless_ruled(self, prediction: Prediction, found: Handling) -> Handling:
        """Asked after all where something other than the model gave the topics."""
        row = np.array([[prediction.scores.get(topic, 0.0) for topic in self.model.topics]])
        given = self.model.chosen(row)[0]
        return found if set(given) == set(prediction.topics) and not prediction.rules else "ask"


@dataclass(frozen=True, slots=True)
class Workload:
    """What labelled paragraphs would have come to, had the model decided by itself.

    Args:
        n: how many there are.
        tagged: of those tagged by itself, how many exactly right.
        none: the same of those that got none of the topics by itself.
        topics: of those tagged by itself with a topic, how many exactly right.
    """

    n: int
    tagged: Share
    none: Share
    topics: dict[str, Share]

    @property
    def by_itself(self) -> Share:
        """All that would not have been asked."""
        return share(self.tagged.right + self.none.right, self.tagged.of + self.none.of)

    @property
    def asked(self) -> int:
        """How many editors would have been asked about."""
        return self.n - self.tagged.of - self.none.of


def workload(
    automation: Automation, texts: Sequence[str], probabilities: Floats, truth: Truth
) -> Workload:
    """What would have become of labelled texts.

    Args:
        automation: decides.
        texts: n of them.
        probabilities: what its model says of them, shape (n, K).
        truth: shape (n, K).
    """
    decided = np.array(automation.decide(texts, probabilities), np.str_)
    given = automation.model.given(probabilities)
    right = np.asarray((given == truth).all(axis=1))
    tagged = decided == "auto"
    return Workload(
        n=len(truth),
        tagged=_share(right, tagged),
        none=_share(right, decided == NONE),
        topics={
            topic: _share(right, tagged & has)
            for topic, has in zip(automation.model.topics, given.T, strict=True)
        },
    )


def _share(right: Truth, rows: Truth) -> Share:
    return share(int((right & rows).sum()), int(rows.sum()))
