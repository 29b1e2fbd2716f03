"""Articles come into the queue: each paragraph once, near-copies behind the first of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from tagger.errors import InputError
from tagger.keeping.store import log
from tagger.keeping.store.chain import canonical
from tagger.keeping.store.checks import checked_name, checked_text
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.schema import (
    CORRECTIONS,
    DOCUMENTS,
    ITEMS,
    OCCURRENCES,
    PARAGRAPHS,
    TALLY,
)
from tagger.keeping.store.slices import slices
from tagger.keeping.store.waiting import Added

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Column, Connection, Table

    from tagger.keeping.store.waiting import Article
    from tagger.records import Paragraph, ParagraphId


@dataclass(frozen=True, slots=True)
class _Homes:
    """The items that paragraphs without one have found, and how many had to be made."""

    items: Mapping[ParagraphId, int]
    made: int = 0


def check_article(article: Article) -> Article:
    """The article, if the store can keep it.

    Raises:
        InputError: a name is blank or too long, a text holds what no database keeps, or two
            paragraphs claim the same place.
    """
    checked_text(article.name, "article's name")
    for text in (article.title, article.date, article.source):
        checked_text(text or "", f"title, date or source of {article.name}")
    for paragraph in article.paragraphs:
        checked_name(paragraph.id, f"id of paragraph {paragraph.index} of {article.name}")
        checked_text(paragraph.text, f"paragraph {paragraph.index} of {article.name}")
    if len({paragraph.index for paragraph in article.paragraphs}) < len(article.paragraphs):
        raise InputError(
            f"Two paragraphs of {article.name} have the same index.",
            "Number an article's paragraphs in their order.",
        )
    return article


def add(
    connection: Connection,
    articles: Collection[Article],
    groups: Mapping[ParagraphId, str],
    time: datetime,
) -> Added:
    """Queue checked articles inside a writing transaction; those known already stay as is."""
    given = {_digest(article): article for article in articles}
    known = _lookup(connection, DOCUMENTS.c.digest, DOCUMENTS.c.id, given)
    new = {digest: article for digest, article in given.items() if digest not in known}
    paragraphs = [paragraph for article in new.values() for paragraph in article.paragraphs]
    kept = _lookup(connection, PARAGRAPHS.c.id, PARAGRAPHS.c.item, {p.id for p in paragraphs})
    homes = _find_homes(connection, paragraphs, kept, groups)
    _keep_paragraphs(connection, paragraphs, kept, homes.items)
    _keep_articles(connection, new, time)
    decided = _close_decided(connection, homes.items)
    counted = {"total": TALLY.c.total + homes.made, "decided": TALLY.c.decided + decided}
    connection.execute(update(TALLY).values(counted))
    furniture = sum(paragraph.furniture is not None for paragraph in paragraphs)
    return Added(
        articles=len(new),
        known=len(articles) - len(new),
        queued=homes.made,
        decided=decided,
        copies=len(paragraphs) - furniture - homes.made,
        furniture=furniture,
    )


def _digest(article: Article) -> str:
    # An article whose text was changed is another one; a new title or date alone makes none.
    identity = [article.name, [paragraph.id for paragraph in article.paragraphs]]
    return hashlib.sha256(canonical(identity).encode()).hexdigest()


def _find_homes(
    connection: Connection,
    paragraphs: Collection[Paragraph],
    kept: Mapping[str, int | None],
    groups: Mapping[ParagraphId, str],
) -> _Homes:
    lost = [p for p in paragraphs if p.furniture is None and kept.get(p.id) is None]
    names = {p.id: checked_name(groups.get(p.id, p.id), f"group of {p.id}") for p in lost}
    items = _lookup(connection, ITEMS.c.copies_of, ITEMS.c.id, set(names.values()))
    number = _next(connection, ITEMS)
    fresh: dict[str, dict[str, Any]] = {}
    for paragraph, name in names.items():
        if name not in items:
            items[name] = number + len(fresh)
            fresh[name] = _new_item(items[name], name, paragraph)
    _insert(connection, ITEMS, list(fresh.values()))
    return _Homes({paragraph: items[name] for paragraph, name in names.items()}, len(fresh))


def _new_item(number: int, name: str, paragraph: str) -> dict[str, Any]:
    item = {"id": number, "copies_of": name, "paragraph": paragraph, "lane": "", "priority": 0.0}
    return item | {"scores": "{}", "topics": "[]"}


def _keep_paragraphs(
    connection: Connection,
    paragraphs: Collection[Paragraph],
    kept: Mapping[str, int | None],
    homes: Mapping[ParagraphId, int],
) -> None:
    # Backwards, so that of texts that differ in spaces only the first one is kept.
    texts = {p.id: p.text for p in reversed(list(paragraphs)) if p.id not in kept}
    rows = [{"id": id_, "text": text, "item": homes.get(id_)} for id_, text in texts.items()]
    _insert(connection, PARAGRAPHS, rows)
    risen = [{"this": id_, "home": home} for id_, home in homes.items() if id_ in kept]
    if risen:  # once only furniture, now a paragraph somewhere
        found = update(PARAGRAPHS).where(PARAGRAPHS.c.id == bindparam("this"))
        connection.execute(found.values(item=bindparam("home")), risen)


def _keep_articles(connection: Connection, new: Mapping[str, Article], time: datetime) -> None:
    first = _next(connection, DOCUMENTS)
    numbered = [(first + n, digest, article) for n, (digest, article) in enumerate(new.items())]
    _insert(connection, DOCUMENTS, [_document(*row, stamp(time)) for row in numbered])
    rows = [_occurrence(number, p) for number, _, article in numbered for p in article.paragraphs]
    _insert(connection, OCCURRENCES, rows)


def _document(number: int, digest: str, article: Article, time: str) -> dict[str, Any]:
    told = {"title": article.title, "date": article.date, "source": article.source}
    return {"id": number, "digest": digest, "name": article.name, "added": time} | told


def _occurrence(document: int, paragraph: Paragraph) -> dict[str, Any]:
    return {
        "document": document,
        "position": paragraph.index,
        "paragraph": paragraph.id,
        "role": paragraph.role,
        "furniture": paragraph.furniture,
    }


def _close_decided(connection: Connection, homes: Mapping[ParagraphId, int]) -> int:
    closed = 0
    for part in slices(homes):
        for decision in log.latest(connection, CORRECTIONS.c.paragraph.in_(part), by_editor=False):
            item = ITEMS.c.id == homes[decision.paragraph]
            newly = update(ITEMS).where(item, ITEMS.c.closed_by.is_(None))
            closed += connection.execute(newly.values(closed_by=decision.sequence)).rowcount
            later = update(ITEMS).where(item, ITEMS.c.closed_by < decision.sequence)
            connection.execute(later.values(closed_by=decision.sequence))
    return closed


def _lookup(
    connection: Connection, key: Column[Any], value: Column[Any], keys: Collection[str]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in slices(keys):
        rows = connection.execute(select(key, value).where(key.in_(part)))
        found.update({row[0]: row[1] for row in rows})
    return found


def _next(connection: Connection, table: Table) -> int:
    # Numbering by hand is safe because writers take turns.
    last: int = connection.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return last + 1


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
