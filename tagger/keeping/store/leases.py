"""Who works on what: an item is lent to one editor at a time, for some minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, insert, or_, select, true, update

from tagger.keeping.store import loans, log
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.schema import CORRECTIONS, ITEMS, PARAGRAPHS, SKIPS
from tagger.keeping.store.slices import slices
from tagger.keeping.store.waiting import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select


_OPEN = ITEMS.c.closed_by.is_(None)
_URGENT = (ITEMS.c.priority.desc(), ITEMS.c.id)


class Picker:
    """Chooses up to ``n`` items for one editor, none of which anybody else holds.

    Args:
        editor: for whom.
        n: how many at most.
        lanes: how many of each lane are wanted.
        fill: whether items of other lanes may make up for what is missing.
        now: leases that ended by then are over.
    """

    def __init__(
        self,
        editor: str,
        n: int,
        lanes: Mapping[str, int] | None,
        *,
        fill: bool,
        now: datetime,
    ) -> None:
        self._editor, self._n, self._now = editor, n, stamp(now)
        self._lanes, self._any = lanes or {}, fill or lanes is None
        self._scope = true() if self._any else ITEMS.c.lane.in_(list(self._lanes))
        self._chosen: dict[int, str] = {}  # items and their lanes, in the order to show them

    def choose(self, connection: Connection) -> list[int]:
        """The items' numbers, in the order to show them; call it in a writing transaction."""
        self._take(connection, self._held(), self._n)
        for lane, wanted in self._lanes.items():
            for found in self._of_lane(lane):
                self._take(connection, found, wanted - self._count(lane))
        if self._any:
            self._take(connection, self._fresh(_OPEN), self._n)
        self._take(connection, self._skipped(), self._n)
        return list(self._chosen)

    def _take(self, connection: Connection, found: Select[Any], wanted: int) -> None:
        room = min(wanted, self._n - len(self._chosen))
        if room > 0:
            rows = connection.execute(found.limit(room + len(self._chosen)))
            others = [row for row in rows if row.id not in self._chosen]
            self._chosen |= {row.id: row.lane for row in others[:room]}

    def _count(self, lane: str) -> int:
        return list(self._chosen.values()).count(lane)

    def _held(self) -> Select[Any]:
        # A page that is loaded again shows the same; what was just reopened comes first.
        mine = and_(ITEMS.c.leased_by == self._editor, ITEMS.c.leased_until > self._now)
        ready = or_(_OPEN, _for_second_opinion(self._editor))
        found = select(ITEMS.c.id, ITEMS.c.lane).where(mine, ready, self._unskipped(), self._scope)
        return found.order_by(ITEMS.c.leased_until.desc(), *_URGENT)

    def _of_lane(self, lane: str) -> Iterator[Select[Any]]:
        yield self._fresh(_OPEN, ITEMS.c.lane == lane)
        if lane == SECOND:
            yield self._fresh(_for_second_opinion(self._editor))

    def _fresh(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        found = select(ITEMS.c.id, ITEMS.c.lane).where(*conditions, self._free())
        return found.where(self._unskipped()).order_by(*_URGENT)

    def _skipped(self) -> Select[Any]:
        found = select(ITEMS.c.id, ITEMS.c.lane).join(SKIPS, SKIPS.c.item == ITEMS.c.id)
        found = found.where(SKIPS.c.editor == self._editor, _OPEN, self._free(), self._scope)
        return found.order_by(SKIPS.c.time, ITEMS.c.id)

    def _free(self) -> ColumnElement[bool]:
        nobodys = or_(ITEMS.c.leased_by.is_(None), ITEMS.c.leased_until <= self._now)
        asked_again = ITEMS.c.id.in_(loans.items_lent(self._editor, self._now))
        return and_(or_(nobodys, ITEMS.c.leased_by == self._editor), ~asked_again)

    def _unskipped(self) -> ColumnElement[bool]:
        return ~exists().where(SKIPS.c.item == ITEMS.c.id, SKIPS.c.editor == self._editor)


def _for_second_opinion(editor: str) -> ColumnElement[bool]:
    """Items that a colleague decided and this editor is to judge as well."""
    own = exists().where(
        PARAGRAPHS.c.item == ITEMS.c.id,
        CORRECTIONS.c.paragraph == PARAGRAPHS.c.id,
        CORRECTIONS.c.editor == editor,
        log.stands(),
    )
    return and_(ITEMS.c.lane == SECOND, ITEMS.c.closed_by.is_not(None), ~own)


def lend(connection: Connection, editor: str, items: Sequence[int], until: datetime) -> None:
    """Lend items to an editor."""
    for part in slices(items):
        lent = update(ITEMS).where(ITEMS.c.id.in_(part))
        connection.execute(lent.values(leased_by=editor, leased_until=stamp(until)))


def release(connection: Connection, editor: str, items: Sequence[int] | None) -> int:
    """Give items back, all of the editor's where None; tell how many."""
    mine = update(ITEMS).where(ITEMS.c.leased_by == editor)
    given = [mine] if items is None else [mine.where(ITEMS.c.id.in_(p)) for p in slices(items)]
    back = [one.values(leased_by=None, leased_until=None) for one in given]
    return sum(connection.execute(one).rowcount for one in back)


def skip(connection: Connection, editor: str, item: int, now: datetime) -> None:
    """Note that an editor passed an item by, and give it back."""
    pair = {"item": item, "editor": editor}
    connection.execute(delete(SKIPS).where(SKIPS.c.item == item, SKIPS.c.editor == editor))
    connection.execute(insert(SKIPS).values(**pair, time=stamp(now)))
    release(connection, editor, [item])
