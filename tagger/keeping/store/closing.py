"""A queued item closes with a decision on it and reopens when none stands any more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select, update

from tagger.keeping.store import log
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.records import Decided
from tagger.keeping.store.schema import CORRECTIONS, ITEMS, PARAGRAPHS, SKIPS, TALLY
from tagger.keeping.store.slices import slices
from tagger.keeping.store.waiting import SECOND

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from tagger.keeping.store.records import Correction
    from tagger.records import ParagraphId

LEASE_MINUTES = 10
"""How long an item is one editor's own: desk.md's figure, long enough for a hard paragraph."""


@dataclass(slots=True)
class _Item:
    """An item while decisions are taken in; the copies of a group share one."""

    id: int
    lane: str
    leased_by: str | None
    leased_until: str | None
    closed_by: int | None


class Closing:
    """What the decisions of one transaction do to the queue: taken in one by one, then written.

    Make it before the decisions are in the log, for what it reads of the log is what stood before.
    """

    def __init__(self, connection: Connection, paragraphs: Collection[str]) -> None:
        self._connection = connection
        self._items = _items_of(connection, paragraphs)
        loose = [paragraph for paragraph in paragraphs if paragraph not in self._items]
        self._standing = _standing_on(connection, loose)
        closed = {item.closed_by for item in self._items.values()} - {None}
        before = {*closed, *self._standing.values()}
        self._rows = {row.sequence: row for row in _numbered(connection, before)}
        self._changed: dict[int, _Item] = {}
        self._skips: set[tuple[int, str]] = set()
        self._closed = 0

    def take(self, made: Correction) -> Decided:
        """What a decision does, as if those taken before it were written."""
        item = self._items.get(made.paragraph)
        last = item.closed_by if item else self._standing.get(made.paragraph)
        before = None if last is None else self._rows.get(last)
        self._rows[made.sequence] = made
        if item is None:
            self._standing[made.paragraph] = made.sequence
            return Decided(made, before=before)
        newly = item.closed_by is None
        self._close(item, made, before)
        return Decided(made, before=before, closed=newly)

    def _close(self, item: _Item, made: Correction, before: Correction | None) -> None:
        if item.closed_by is None or item.leased_by == made.editor:
            item.leased_by = item.leased_until = None
        if item.lane == SECOND and before and before.editor != made.editor:
            item.lane = ""  # the second opinion is in: nobody is asked for a third
        self._closed += item.closed_by is None
        item.closed_by = made.sequence
        self._changed[item.id] = item
        self._skips.add((item.id, made.editor))

    def write(self) -> None:
        """Write what was taken in."""
        _write(self._connection, self._changed.values(), decided=self._closed)
        if self._skips:
            mine = delete(SKIPS).where(
                SKIPS.c.item == bindparam("this"), SKIPS.c.editor == bindparam("whose")
            )
            pairs = [{"this": item, "whose": editor} for item, editor in sorted(self._skips)]
            self._connection.execute(mine, pairs)


def reopen(
    connection: Connection, undone: Sequence[Correction], time: datetime
) -> tuple[ParagraphId, ...]:
    """Reopen the items of decisions just undone, unless another decision stands; tell which.

    The editor who undid them holds them, so that they are next on that editor's screen.
    """
    items = _items_of(connection, [decision.paragraph for decision in undone])
    last = {items[d.paragraph].id: d for d in undone if d.paragraph in items}
    standing = _standing_among(connection, last)
    until = stamp(time + timedelta(minutes=LEASE_MINUTES))
    changed = {item.id: item for item in items.values() if item.closed_by is not None}
    for item in changed.values():
        item.closed_by = standing.get(item.id)
        if item.closed_by is None:
            item.leased_by, item.leased_until = last[item.id].editor, until
    opened = [number for number in last if number in changed and number not in standing]
    _write(connection, changed.values(), decided=-len(opened))
    return tuple(last[number].paragraph for number in opened)


def _items_of(connection: Connection, paragraphs: Iterable[str]) -> dict[str, _Item]:
    """The items of paragraphs or of what they are copies of; those in no queue are left out."""
    columns = [ITEMS.c[name] for name in _Item.__slots__]
    items: dict[int, _Item] = {}
    found: dict[str, _Item] = {}
    for part in slices(dict.fromkeys(paragraphs)):
        wanted = select(PARAGRAPHS.c.id, *columns).join(ITEMS, ITEMS.c.id == PARAGRAPHS.c.item)
        for row in connection.execute(wanted.where(PARAGRAPHS.c.id.in_(part))):
            paragraph, *values = row
            found[paragraph] = items.setdefault(values[0], _Item(*values))
    return found


def _standing_on(connection: Connection, paragraphs: Iterable[str]) -> dict[str, int]:
    """The latest standing decision on each paragraph that has one."""
    found: dict[str, int] = {}
    for part in slices(dict.fromkeys(paragraphs)):
        newest = select(CORRECTIONS.c.paragraph, func.max(CORRECTIONS.c.sequence))
        newest = newest.where(CORRECTIONS.c.paragraph.in_(part), log.stands())
        rows = connection.execute(newest.group_by(CORRECTIONS.c.paragraph))
        found |= {row[0]: row[1] for row in rows}
    return found


def _standing_among(connection: Connection, items: Iterable[int]) -> dict[int, int]:
    """The latest standing decision on any paragraph of each item that has one."""
    found: dict[int, int] = {}
    for part in slices(items):
        newest = select(PARAGRAPHS.c.item, func.max(CORRECTIONS.c.sequence))
        newest = newest.join(CORRECTIONS, CORRECTIONS.c.paragraph == PARAGRAPHS.c.id)
        newest = newest.where(PARAGRAPHS.c.item.in_(part), log.stands())
        rows = connection.execute(newest.group_by(PARAGRAPHS.c.item))
        found |= {row[0]: row[1] for row in rows}
    return found


def _numbered(connection: Connection, sequences: Iterable[int | None]) -> list[Correction]:
    return log.rows_with(connection, CORRECTIONS.c.sequence, sequences)


def _write(connection: Connection, items: Collection[_Item], decided: int) -> None:
    if items:
        columns = [name for name in _Item.__slots__ if name != "id"]
        change = update(ITEMS).where(ITEMS.c.id == bindparam("this"))
        change = change.values({name: bindparam(name) for name in columns})
        rows = [{"this": row.pop("id"), **row} for row in map(asdict, items)]
        connection.execute(change, rows)
    if decided:
        connection.execute(update(TALLY).values(decided=TALLY.c.decided + decided))
