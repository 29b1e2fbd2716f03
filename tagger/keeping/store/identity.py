"""Paragraphs by their ids: what they say, and which ids begin alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select, union

from tagger.keeping.store.schema import CORRECTIONS, PARAGRAPHS
from tagger.keeping.store.slices import slices
from tagger.records import ParagraphId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection


def texts(connection: Connection, paragraphs: Iterable[str]) -> dict[ParagraphId, str]:
    """The texts of those paragraphs that an article brought, else that somebody decided."""
    found: dict[ParagraphId, str] = {}
    for part in slices(dict.fromkeys(paragraphs)):
        brought = select(PARAGRAPHS.c.id, PARAGRAPHS.c.text).where(PARAGRAPHS.c.id.in_(part))
        known = {ParagraphId(row.id): row.text for row in connection.execute(brought)}
        others = [paragraph for paragraph in part if paragraph not in known]
        decided = select(CORRECTIONS.c.paragraph, CORRECTIONS.c.text)
        decided = decided.where(CORRECTIONS.c.paragraph.in_(others))
        rows = connection.execute(decided.order_by(CORRECTIONS.c.sequence)) if others else ()
        found |= known | {ParagraphId(row.paragraph): row.text for row in rows}
    return found


def beginning(connection: Connection, prefix: str, limit: int) -> list[ParagraphId]:
    """Ids, queued or decided, that begin so, in order."""
    # Not LIKE: in SQLite it takes capitals for small letters, and "%" and "_" mean more.
    alike = [
        select(column.label("id")).where(func.substr(column, 1, len(prefix)) == prefix)
        for column in (PARAGRAPHS.c.id, CORRECTIONS.c.paragraph)
    ]
    both = union(*alike).subquery()
    found = connection.execute(select(both.c.id).order_by(both.c.id).limit(limit))
    return [ParagraphId(id_) for id_ in found.scalars()]
