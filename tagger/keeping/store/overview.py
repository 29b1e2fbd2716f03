"""What the queue holds: how much of it is left, and the articles it was made of."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from tagger.keeping.store import loans
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.schema import (
    CORRECTIONS,
    DOCUMENTS,
    ITEMS,
    OCCURRENCES,
    PARAGRAPHS,
    SKIPS,
    TALLY,
)
from tagger.keeping.store.waiting import Article, Counts, Heading, Spot
from tagger.records import Paragraph, ParagraphId, TopicId

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Select


def counts(connection: Connection, editor: str | None, now: datetime) -> Counts:
    """How many items there are, are decided and left; skipped by and held from this editor."""
    opened = select(func.count()).select_from(ITEMS).where(ITEMS.c.closed_by.is_(None))
    leased = and_(ITEMS.c.leased_by.is_not(None), ITEMS.c.leased_until > stamp(now))
    if editor is not None:
        leased = and_(leased, ITEMS.c.leased_by != editor)
    held = opened.where(or_(leased, ITEMS.c.id.in_(loans.items_lent(editor, stamp(now)))))
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


def headings(connection: Connection, limit: int) -> list[Heading]:
    """The articles that were queued last, the newest first."""
    newest = select(DOCUMENTS).order_by(DOCUMENTS.c.id.desc()).limit(limit).subquery()
    judged = _judged().subquery()
    rows = connection.execute(
        select(
            newest,
            func.count(judged.c.document).label("paragraphs"),
            func.count(judged.c.closed_by).label("decided"),
        )
        .join(judged, judged.c.document == newest.c.id, isouter=True)
        .group_by(*newest.c)
        .order_by(newest.c.id.desc())
    )
    return [
        Heading(row.id, row.name, row.title, row.date, row.source, row.paragraphs, row.decided)
        for row in rows
    ]


def spots(connection: Connection) -> list[Spot]:
    """What holds for every paragraph where it stands, page furniture left out."""
    judged = _judged().subquery()
    decided = CORRECTIONS.c.topics
    rows = connection.execute(
        select(
            DOCUMENTS.c.date,
            DOCUMENTS.c.source,
            decided.label("decided"),
            case((judged.c.model.is_not(None), judged.c.topics)).label("suggested"),
        )
        .join(judged, judged.c.document == DOCUMENTS.c.id)
        .join(CORRECTIONS, CORRECTIONS.c.sequence == judged.c.closed_by, isouter=True)
    )
    return [
        Spot(row.date, row.source, _topics(row.decided or row.suggested), row.decided is not None)
        for row in rows
    ]


def _judged() -> Select[Any]:
    """Every place of a paragraph that is no furniture, with the item it belongs to."""
    return (
        select(OCCURRENCES.c.document, ITEMS.c.topics, ITEMS.c.model, ITEMS.c.closed_by)
        .join(PARAGRAPHS, PARAGRAPHS.c.id == OCCURRENCES.c.paragraph)
        .join(ITEMS, ITEMS.c.id == PARAGRAPHS.c.item)
        .where(OCCURRENCES.c.furniture.is_(None))
    )


def _topics(written: str | None) -> tuple[TopicId, ...] | None:
    with suppress(ValueError, RecursionError, TypeError):  # somebody altered it: nobody can tell
        return None if written is None else tuple(map(TopicId, json.loads(written)))
    return None
