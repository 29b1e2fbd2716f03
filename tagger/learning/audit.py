"""How good a model is on paragraphs drawn at random, judged by editors who did not see its word.

Every paragraph has the same chance to be audited, whatever any model thinks of it (see
:mod:`tagger.learning.selection`), so plain shares of the answers estimate the shares among all
paragraphs that went through the queue, near-copies counted once. Corrections from the doubt lane
estimate nothing of the kind: they were chosen because the model is often wrong there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.proportions import share

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from tagger.learning.proportions import Share
    from tagger.records import TopicId, Version

    Truth = NDArray[np.bool_]

WINDOW = timedelta(days=180)
"""How long an answer measures. After that the news has moved on, and it teaches instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an editor said of an audited paragraph, and what the model of that day had given it."""

    time: datetime
    model: Version
    said: frozenset[TopicId]
    given: frozenset[TopicId]

    @property
    def right(self) -> bool:
        """Whether the model had given exactly what the editor said."""
        return self.said == self.given


@dataclass(frozen=True, slots=True)
class TopicShares:
    """Of the paragraphs given a topic, those that have it; of those that have it, those given."""

    topic: str
    precision: Share
    recall: Share


@dataclass(frozen=True, slots=True)
class Measure:
    """A model on ``n`` audited paragraphs. ``none`` is the answer "none of them"."""

    n: int
    fully_right: Share
    topics: tuple[TopicShares, ...]
    none: TopicShares


@dataclass(frozen=True, slots=True)
class Period:
    """The answers of one week, or about one model: when the first came, and how many it passed."""

    name: str
    first: date
    fully_right: Share


def measures(answered: datetime, newest: datetime) -> bool:
    """Whether an answer still measures.

    Counted back from the desk's newest decision instead of from today, so that what a retrain
    learns follows from the log alone, and a desk that rests releases nothing.
    """
    return newest - answered <= WINDOW


def measure(topics: Sequence[TopicId], said: Truth, given: Truth) -> Measure:
    """Judge what a model gives audited paragraphs by what editors said of them.

    Args:
        topics: K ids.
        said: shape (n, K).
        given: shape (n, K).
    """
    both = zip(topics, said.T, given.T, strict=True)
    return Measure(
        n=len(said),
        fully_right=share(int((said == given).all(axis=1).sum()), len(said)),
        topics=tuple(_shares(*one) for one in both),
        none=_shares("none", _nothing(said), _nothing(given)),
    )


def _shares(topic: str, said: Truth, given: Truth) -> TopicShares:
    hits = int((said & given).sum())
    return TopicShares(topic, share(hits, int(given.sum())), share(hits, int(said.sum())))


def _nothing(topics: Truth) -> Truth:
    return np.logical_not(topics.any(axis=1))


def by_week(answers: Iterable[Answer]) -> tuple[Period, ...]:
    """How many were fully right in each week that has answers, by its Monday, oldest first."""
    weeks = defaultdict(list)
    for answer in answers:
        weeks[_monday(answer.time).isoformat()].append(answer)
    return tuple(_period(name, weeks[name]) for name in sorted(weeks))


def by_version(answers: Iterable[Answer]) -> tuple[Period, ...]:
    """The same for each version of the model, in the order they were first audited."""
    versions = defaultdict(list)
    for answer in answers:
        versions[answer.model].append(answer)
    found = [_period(name, those) for name, those in versions.items()]
    return tuple(sorted(found, key=lambda period: (period.first, period.name)))


def _period(name: str, answers: Sequence[Answer]) -> Period:
    first = min(answer.time for answer in answers).date()
    return Period(name, first, share(sum(answer.right for answer in answers), len(answers)))


def _monday(time: datetime) -> date:
    return time.date() - timedelta(days=time.weekday())
