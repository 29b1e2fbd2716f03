"""Paragraphs that are asked again, lent to one editor at a time: they wait in no queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select

from tagger.keeping.store.moments import stamp
from tagger.keeping.store.schema import ITEMS, LOANS, PARAGRAPHS
from tagger.keeping.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from tagger.records import ParagraphId


def lend(
    connection: Connection,
    editor: str,
    paragraphs: Sequence[ParagraphId],
    n: int,
    *,
    now: datetime,
    until: datetime,
) -> list[ParagraphId]:
    """Lend an editor up to ``n`` of the paragraphs that no colleague holds, in this order.

    Those that the editor holds already come first and stay theirs. Call it in a writing
    transaction.
    """
    connection.execute(delete(LOANS).where(LOANS.c.until <= stamp(now)))
    holders = _holders(connection, paragraphs, stamp(now))
    free = [id_ for id_ in paragraphs if holders.get(id_, {editor}) == {editor}]
    chosen = sorted(free, key=lambda id_: id_ not in holders)[:n]
    give_back(connection, editor, chosen)
    if chosen:
        rows = [{"paragraph": id_, "editor": editor, "until": stamp(until)} for id_ in chosen]
        connection.execute(insert(LOANS), rows)
    return chosen


def give_back(connection: Connection, editor: str, paragraphs: Iterable[str] | None) -> int:
    """End an editor's loans, all where None; tell how many."""
    mine = delete(LOANS).where(LOANS.c.editor == editor)
    parts = [mine] if paragraphs is None else [
        mine.where(LOANS.c.paragraph.in_(part)) for part in slices(paragraphs)
    ]  # fmt: skip
    return sum(connection.execute(part).rowcount for part in parts)


def holds(connection: Connection, editor: str, paragraph: str, now: datetime) -> bool:
    """Whether a paragraph is lent to an editor."""
    found = select(LOANS.c.paragraph).where(
        LOANS.c.paragraph == paragraph, LOANS.c.editor == editor, LOANS.c.until > stamp(now)
    )
    return connection.execute(found).first() is not None


def items_lent(editor: str | None, now: str) -> Select[Any]:
    """The items that a paragraph lent to somebody else belongs to; to anybody where None."""
    lent = select(LOANS.c.paragraph).where(LOANS.c.until > now)
    if editor is not None:
        lent = lent.where(LOANS.c.editor != editor)
    # Not a join: SQLite would read all paragraphs and look each up among the few loans.
    return select(PARAGRAPHS.c.item).where(
        PARAGRAPHS.c.id.in_(lent), PARAGRAPHS.c.item.is_not(None)
    )


def _holders(connection: Connection, paragraphs: Sequence[str], now: str) -> dict[str, set[str]]:
    """Who holds each paragraph that is lent, by itself or as an item of the queue."""
    found: dict[str, set[str]] = {}
    for part in slices(paragraphs):
        loans = select(LOANS.c.paragraph, LOANS.c.editor).where(LOANS.c.paragraph.in_(part))
        leases = select(PARAGRAPHS.c.id, ITEMS.c.leased_by).join(
            ITEMS, ITEMS.c.id == PARAGRAPHS.c.item
        )
        leases = leases.where(PARAGRAPHS.c.id.in_(part), ITEMS.c.leased_until > now)
        for paragraph, editor in [*connection.execute(loans), *connection.execute(leases)]:
            found.setdefault(paragraph, set()).add(editor)
    return found
