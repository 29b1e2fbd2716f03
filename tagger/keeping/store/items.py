"""Queued items as an editor sees them: in their article, with what the model said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from tagger.keeping.store.moments import moment
from tagger.keeping.store.schema import DOCUMENTS, ITEMS, OCCURRENCES, PARAGRAPHS, SKIPS
from tagger.keeping.store.slices import slices
from tagger.keeping.store.waiting import Place, QueueItem
from tagger.records import ParagraphId, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row, Select

    from tagger.keeping.store.waiting import State

_NEIGHBOURS = 2  # on each side: enough to read a paragraph in, little enough for one screen
_AT_ONCE = 100  # SQLite takes at most 1,000 alternatives in one question
_WINDOW = 8  # places looked through for them, as page furniture may stand in between


def numbers(connection: Connection, paragraphs: Iterable[str]) -> dict[str, int]:
    """The items of paragraphs or of what they are copies of, in the order given."""
    wanted = list(paragraphs)
    items: dict[str, int] = {}
    for part in slices(wanted):
        found = select(PARAGRAPHS.c.id, PARAGRAPHS.c.item).where(
            PARAGRAPHS.c.id.in_(part), PARAGRAPHS.c.item.is_not(None)
        )
        items |= {row.id: row.item for row in connection.execute(found)}
    return {paragraph: items[paragraph] for paragraph in wanted if paragraph in items}


def listed(
    connection: Connection, state: State, editor: str | None, lane: str | None, limit: int
) -> list[int]:
    """Numbers of the items in a state: the most urgent first, of decided ones the latest."""
    found = select(ITEMS.c.id).limit(limit)
    if state == "decided":
        found = found.where(ITEMS.c.closed_by.is_not(None)).order_by(ITEMS.c.closed_by.desc())
    else:
        found = found.where(ITEMS.c.closed_by.is_(None))
        found = found.order_by(ITEMS.c.priority.desc(), ITEMS.c.id)
    if state == "skipped":
        found = found.join(SKIPS, and_(SKIPS.c.item == ITEMS.c.id, SKIPS.c.editor == editor))
    if lane is not None:
        found = found.where(ITEMS.c.lane == lane)
    return list(connection.execute(found).scalars())


def load(connection: Connection, items: Sequence[int]) -> list[QueueItem]:
    """The items of these numbers, in this order."""
    return [item for part in slices(items, _AT_ONCE) for item in _load(connection, part)]


def _load(connection: Connection, items: Sequence[int]) -> list[QueueItem]:
    rows = {row.id: row for row in connection.execute(select(ITEMS).where(ITEMS.c.id.in_(items)))}
    copies = {row.item: row for row in connection.execute(_copies(items))}
    first = {(copies[item].document, row.paragraph): item for item, row in rows.items()}
    shown = _shown(connection, first)
    around = _around(connection, shown)
    return [_item(rows[i], shown[i], around[i], copies[i].places - 1) for i in items]


def places(connection: Connection, item: int, limit: int) -> list[Place]:
    """Where an item's paragraph and its near-copies stand, the oldest article first."""
    found = _standing().where(PARAGRAPHS.c.item == item).limit(limit)
    return [_place(row) for row in connection.execute(found)]


def _copies(items: Sequence[int]) -> Select[Any]:
    own = case((PARAGRAPHS.c.id == ITEMS.c.paragraph, OCCURRENCES.c.document))
    return (
        select(
            PARAGRAPHS.c.item, func.count().label("places"), func.min(own).label("document")
        )
        .join(ITEMS, ITEMS.c.id == PARAGRAPHS.c.item)
        .join(OCCURRENCES, OCCURRENCES.c.paragraph == PARAGRAPHS.c.id)
        .where(PARAGRAPHS.c.item.in_(items), OCCURRENCES.c.furniture.is_(None))
        .group_by(PARAGRAPHS.c.item)
    )  # fmt: skip


def _standing() -> Select[Any]:
    return (
        select(OCCURRENCES, PARAGRAPHS.c.text, DOCUMENTS)
        .join(PARAGRAPHS, PARAGRAPHS.c.id == OCCURRENCES.c.paragraph)
        .join(DOCUMENTS, DOCUMENTS.c.id == OCCURRENCES.c.document)
        .where(OCCURRENCES.c.furniture.is_(None))
        .order_by(OCCURRENCES.c.document, OCCURRENCES.c.position)
    )


def _shown(connection: Connection, first: dict[tuple[int, str], int]) -> dict[int, Place]:
    pairs = [
        and_(OCCURRENCES.c.document == document, OCCURRENCES.c.paragraph == paragraph)
        for document, paragraph in first
    ]
    found: dict[int, Place] = {}
    for row in connection.execute(_standing().where(or_(*pairs))):
        found.setdefault(first[row.document, row.paragraph], _place(row))
    return found


def _around(
    connection: Connection, shown: dict[int, Place]
) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    windows = [
        and_(
            OCCURRENCES.c.document == place.article,
            OCCURRENCES.c.position.between(place.index - _WINDOW, place.index + _WINDOW),
        )
        for place in shown.values()
    ]
    near = list(connection.execute(_standing().where(or_(*windows))))
    return {item: _sides(near, place) for item, place in shown.items()}


def _sides(near: Sequence[Row[Any]], place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    same = [row for row in near if row.document == place.article]
    before = [row.text for row in same if place.index - _WINDOW <= row.position < place.index]
    after = [row.text for row in same if place.index < row.position <= place.index + _WINDOW]
    return tuple(before[-_NEIGHBOURS:]), tuple(after[:_NEIGHBOURS])


def _place(row: Row[Any]) -> Place:
    return Place(
        article=row.document,
        name=row.name,
        title=row.title,
        date=row.date,
        source=row.source,
        index=row.position,
        paragraph=ParagraphId(row.paragraph),
        text=row.text,
    )


def _item(
    row: Row[Any], place: Place, around: tuple[tuple[str, ...], tuple[str, ...]], copies: int
) -> QueueItem:
    return QueueItem(
        paragraph=ParagraphId(row.paragraph),
        text=place.text,
        lane=row.lane,
        priority=row.priority,
        scores=json.loads(row.scores),
        topics=tuple(json.loads(row.topics)),
        model=Version(row.model) if row.model else None,
        place=place,
        before=around[0],
        after=around[1],
        copies=copies,
        leased_by=row.leased_by,
        leased_until=moment(row.leased_until) if row.leased_until else None,
        decision=row.closed_by,
    )
