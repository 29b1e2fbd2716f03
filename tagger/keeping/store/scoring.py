"""What models say of queued items: scores, why to ask, and how urgently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from tagger.keeping.store.chain import canonical
from tagger.keeping.store.checks import checked_name, checked_scores, checked_text, finite
from tagger.keeping.store.schema import ITEMS, PARAGRAPHS
from tagger.records import ParagraphId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from tagger.keeping.store.waiting import Score
    from tagger.records import Version


def scored_row(score: Score) -> dict[str, Any]:
    """A score as it is written.

    Raises:
        InputError: a figure is not finite or a name is blank.
    """
    return {
        "this": checked_name(score.paragraph, "paragraph's id"),
        "scores": canonical(checked_scores(score.scores)),
        "topics": canonical(list(score.topics)),
        "model": checked_name(score.model, "model's version"),
        "priority": finite(score.priority, f"priority of {score.paragraph}"),
        "lane": checked_text(score.lane, "lane"),
    }


def score(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Replace what models said of items; tell how many of the paragraphs stand for an item."""
    columns = ("scores", "topics", "model", "priority", "lane")
    found = update(ITEMS).where(ITEMS.c.paragraph == bindparam("this"))
    changed = found.values({column: bindparam(column) for column in columns})
    return connection.execute(changed, rows).rowcount if rows else 0


def unscored(
    connection: Connection, model: Version | None, after: int, size: int
) -> list[tuple[int, ParagraphId, str]]:
    """Numbers, paragraphs and texts of items left that this model has not scored; None for all."""
    found = select(ITEMS.c.id, ITEMS.c.paragraph, PARAGRAPHS.c.text).join(
        PARAGRAPHS, PARAGRAPHS.c.id == ITEMS.c.paragraph
    )
    found = found.where(ITEMS.c.id > after, ITEMS.c.closed_by.is_(None))
    if model is not None:
        found = found.where(ITEMS.c.model.is_distinct_from(model))
    rows = connection.execute(found.order_by(ITEMS.c.id).limit(size))
    return [(row.id, ParagraphId(row.paragraph), row.text) for row in rows]
