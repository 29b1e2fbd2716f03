"""The queue of paragraphs for the editors: what goes in, what comes next, what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.desk.cards import AGAIN, PLANTED, Card, card_of
from tagger.desk.copies import QueuedCopies
from tagger.desk.intake import QueueReport, queue_documents, queue_inputs
from tagger.desk.page import next_up
from tagger.desk.scoring import score_queue
from tagger.keeping.store import Counts, open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.keeping.store.store import Store
    from tagger.records import ParagraphId
    from tagger.settings import Settings

__all__ = [
    "UNQUEUED",
    "Card",
    "Counts",
    "QueueReport",
    "QueuedCopies",
    "card_of",
    "counts",
    "next_up",
    "queue_documents",
    "queue_inputs",
    "release",
    "score_queue",
    "skip",
    "store_of",
    "waiting",
]


UNQUEUED = frozenset({PLANTED, AGAIN})
"""Lanes whose cards are no items of the queue."""


def store_of(settings: Settings) -> Store:
    """Open the desk's store of corrections; use it in a ``with``.

    Raises:
        StoreError: it cannot be reached, read or written, or a newer tagger wrote it.
    """
    return open_store(settings.database)


def counts(store: Store, editor: str | None = None) -> Counts:
    """How many items are left, decided, skipped by the editor and held by others."""
    return store.queue.counts(editor)


def waiting(store: Store, *, lane: str | None = None, limit: int = 50) -> list[Card]:
    """What is left, the most urgent first; nothing is lent."""
    return [card_of(item) for item in store.queue.items("left", lane=lane, limit=limit)]


def skip(store: Store, card: Card | ParagraphId, editor: str) -> None:
    """Pass a card by: it comes to this editor again after all others.

    A planted check, or what is asked again, is in no queue: name it to :func:`next_up` as
    ``passed``.

    Raises:
        InputError: the paragraph is not in the queue.
    """
    if not isinstance(card, Card):
        store.queue.skip(editor, card)
    elif card.lane not in UNQUEUED:
        store.queue.skip(editor, card.item.paragraph)


def release(store: Store, editor: str, paragraphs: Iterable[ParagraphId] | None = None) -> int:
    """Give items back before their ten minutes are over, all where None; tell how many."""
    return store.queue.release(editor, paragraphs)
