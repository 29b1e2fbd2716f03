"""What the queued articles are about, over time and by source."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.keeping.store import Spot
    from tagger.keeping.store.store import Store
    from tagger.keeping.taxonomy_changes import History
    from tagger.records import TopicId

NONE = "none"
"""Stands where a topic's id would, for paragraphs that have none of them."""

_WEEKS_FROM = 31  # days; a longer span is told in weeks
_MONTHS_FROM = 182


@dataclass(frozen=True, slots=True)
class Row:
    """How many paragraphs of a ``group`` (a period's first day, or a source) have a topic.

    Args:
        group: such as ``2026-03-01`` or a source's name.
        topic: a topic's id, or :data:`NONE`.
        decided: how many of them editors decided so.
        suggested: of how many more only a model says so.
        paragraphs: how many paragraphs the group has in all, for shares.
    """

    group: str
    topic: str
    decided: int
    suggested: int
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Rows for every topic in every group that has a paragraph, and what they leave out.

    Args:
        step: how long a period of ``by_date`` is, chosen from the span of dates.
        by_date: oldest period first.
        by_source: the source with most paragraphs first.
        decided: how many paragraphs count by an editor's decision.
        suggested: how many count by a model's suggestion.
        unjudged: how many are left out because nobody and no model has judged them, or because
            they were not looked at (see :func:`spots_of_store`).
        undated: how many are missing in ``by_date`` for want of a date like ``2026-03-01``.
        unsourced: how many are missing in ``by_source`` for want of a source.
    """

    step: Literal["day", "week", "month"]
    by_date: tuple[Row, ...]
    by_source: tuple[Row, ...]
    decided: int
    suggested: int
    unjudged: int
    undated: int
    unsourced: int


def coverage_of(found: Store | Iterable[Spot], topics: Sequence[TopicId] = ()) -> Coverage:
    """Count the paragraphs of each topic, and of none, by date and by source.

    An editor's decision counts before a model's suggestion, and a paragraph that stands in
    several articles counts in each. A paragraph of two topics counts for both.

    Args:
        found: the store, for all articles of its queue (see :func:`spots_of_store`); or spots.
        topics: topics that have rows even where no paragraph has them.
    """
    spots = list(found if isinstance(found, Iterable) else spots_of_store(found))
    judged = [spot for spot in spots if spot.topics is not None]
    days = [day_of(spot.date) for spot in judged]
    step = _step([day for day in days if day])
    periods = [_period(day, step) if day else None for day in days]
    sources = [spot.source or None for spot in judged]
    sizes = Counter(sources)
    return Coverage(
        step=step,
        by_date=tuple(_rows(judged, periods, topics, sorted(filter(None, set(periods))))),
        by_source=tuple(
            _rows(judged, sources, topics, [source for source, _ in sizes.most_common() if source])
        ),
        decided=sum(spot.decided for spot in judged),
        suggested=sum(not spot.decided for spot in judged),
        unjudged=len(spots) - len(judged),
        undated=periods.count(None),
        unsourced=sources.count(None),
    )


def spots_of_store(store: Store, history: History | None = None) -> Iterator[Spot]:
    """The paragraphs of all queued articles, page furniture left out.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        history: how earlier topics read today; None takes them as they were given.
    """
    for spot in store.queue.spots():
        if history and spot.topics:
            yield replace(spot, topics=history.read_undated(spot.topics))
        else:
            yield spot


def day_of(written: str | None) -> date | None:
    """The day that a date in ISO form begins with; None for anything else."""
    with suppress(ValueError):
        return date.fromisoformat((written or "").strip()[:10])
    return None


def _step(days: Sequence[date]) -> Literal["day", "week", "month"]:
    span = (max(days) - min(days)).days if days else 0
    if span >= _MONTHS_FROM:
        return "month"
    return "week" if span >= _WEEKS_FROM else "day"


def _period(day: date, step: str) -> str:
    """The first day of the period that a day is in; weeks begin on Monday."""
    if step == "month":
        return day.replace(day=1).isoformat()
    if step == "week":
        return (day - timedelta(days=day.weekday())).isoformat()
    return day.isoformat()


def _rows(
    spots: Sequence[Spot],
    groups: Sequence[str | None],
    topics: Sequence[str],
    order: Sequence[str],
) -> Iterator[Row]:
    sizes = Counter(groups)
    counted: dict[tuple[str | None, str], Counter[bool]] = defaultdict(Counter)
    for spot, group in zip(spots, groups, strict=True):
        for topic in spot.topics or (NONE,):
            counted[group, topic][spot.decided] += 1
    met = {topic for _, topic in counted} - {*topics, NONE}
    for group in order:
        for topic in (*topics, *sorted(met), NONE):
            both = counted[group, topic]
            yield Row(group, topic, both[True], both[False], sizes[group])
