"""What the queue holds: how much of it is left, and the articles it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tagger.keeping.store.moments import stamp
from tagger.keeping.store.records import Article, Counts
from tagger.keeping.store.schema import DOCUMENTS, ITEMS, OCCURRENCES, PARAGRAPHS, SKIPS, TALLY
from tagger.records import Paragraph, ParagraphId

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


def counts(connection: Connection, editor: str | None, now: datetime) -> Counts:
    """How many items there are, are decided and left; skipped by and held from this editor."""
    opened = select(func.count()).select_from(ITEMS).where(ITEMS.c.closed_by.is_(None))
    held = opened.where(ITEMS.c.leased_by.is_not(None), ITEMS.c.leased_until > stamp(now))
    if editor is not None:
        held = held.where(ITEMS.c.leased_by != editor)
    skipped = opened.join_from(ITEMS, SKIPS, SKIPS.c.item == ITEMS.c.id)
    skipped = skipped.where(SKIPS.c.editor == editor)
    row = connection.execute(
        select(
            TALLY.c.total,
            TALLY.c.decided,
            skipped.scalar_subquery().label("skipped"),
            held.scalar_subquery().label("held"),
        )
    ).one()
    return Counts(row.total, row.decided, row.total - row.decided, row.skipped, row.held)


def text_of(connection: Connection, paragraph: str) -> str | None:
    """The text of a paragraph that some article brought."""
    found = select(PARAGRAPHS.c.text).where(PARAGRAPHS.c.id == paragraph)
    return connection.execute(found).scalar_one_or_none()


def article(connection: Connection, number: int) -> Article | None:
    """An article as it was queued."""
    about = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.id == number)).one_or_none()
    if about is None:
        return None
    rows = connection.execute(
        select(OCCURRENCES, PARAGRAPHS.c.text)
        .join(PARAGRAPHS, PARAGRAPHS.c.id == OCCURRENCES.c.paragraph)
        .where(OCCURRENCES.c.document == number)
        .order_by(OCCURRENCES.c.position)
    )
    paragraphs = tuple(
        Paragraph(
            ParagraphId(row.paragraph), row.text, about.name, row.position, row.role, row.furniture
        )
        for row in rows
    )
    return Article(about.name, paragraphs, about.title, about.date, about.source)
