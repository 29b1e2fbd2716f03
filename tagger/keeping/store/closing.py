"""A queued item closes with a decision on it and reopens when none stands any more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from tagger.keeping.store import log
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.records import SECOND
from tagger.keeping.store.schema import CORRECTIONS, ITEMS, PARAGRAPHS, SKIPS, TALLY

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from tagger.keeping.store.records import Correction

LEASE_MINUTES = 10
"""How long an item is one editor's own: desk.md's figure, long enough for a hard paragraph."""


def item_of(connection: Connection, paragraph: str) -> Row[Any] | None:
    """The item that a paragraph or its near-copy belongs to."""
    found = select(ITEMS).join(PARAGRAPHS, PARAGRAPHS.c.item == ITEMS.c.id)
    return connection.execute(found.where(PARAGRAPHS.c.id == paragraph)).one_or_none()


def decision_on(connection: Connection, paragraph: str) -> int | None:
    """The sequence of the decision that stands for a paragraph, queued or not."""
    if item := item_of(connection, paragraph):
        closed_by: int | None = item.closed_by
        return closed_by
    return _latest(connection, CORRECTIONS.c.paragraph == paragraph)


def close_item(connection: Connection, made: Correction, before: Correction | None) -> bool:
    """Close the item of a decision just recorded; tell whether it was open until now."""
    item = item_of(connection, made.paragraph)
    if item is None:
        return False
    values: dict[str, Any] = {"closed_by": made.sequence}
    if item.closed_by is None or item.leased_by == made.editor:
        values |= {"leased_by": None, "leased_until": None}
    if item.lane == SECOND and before and before.editor != made.editor:
        values["lane"] = ""  # the second opinion is in: nobody is asked for a third
    _change(connection, item.id, values, decided=int(item.closed_by is None))
    mine = (SKIPS.c.item == item.id, SKIPS.c.editor == made.editor)
    connection.execute(delete(SKIPS).where(*mine))
    return item.closed_by is None


def reopen_item(connection: Connection, undone: Correction, time: datetime) -> bool:
    """Reopen the item of a decision just undone, unless another decision stands.

    The editor who undid it holds it, so that it is next on that editor's screen.
    """
    item = item_of(connection, undone.paragraph)
    if item is None or item.closed_by is None:
        return False
    its_own = select(PARAGRAPHS.c.id).where(PARAGRAPHS.c.item == item.id)
    standing = _latest(connection, CORRECTIONS.c.paragraph.in_(its_own))
    values: dict[str, Any] = {"closed_by": standing}
    if standing is None:
        until = stamp(time + timedelta(minutes=LEASE_MINUTES))
        values |= {"leased_by": undone.editor, "leased_until": until}
    _change(connection, item.id, values, decided=0 if standing else -1)
    return standing is None


def _change(connection: Connection, item: int, values: dict[str, Any], decided: int) -> None:
    connection.execute(update(ITEMS).where(ITEMS.c.id == item).values(values))
    if decided:
        connection.execute(update(TALLY).values(decided=TALLY.c.decided + decided))


def _latest(connection: Connection, condition: ColumnElement[bool]) -> int | None:
    newest = select(func.max(CORRECTIONS.c.sequence)).where(condition, log.stands())
    found: int | None = connection.execute(newest).scalar_one()
    return found
