"""The queue of paragraphs for the editors: what goes in, what comes next, what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.desk.again import open_paragraphs, still_open
from tagger.desk.cards import AGAIN, PLANTED, Card, card_of
from tagger.desk.copies import QueuedCopies
from tagger.desk.intake import QueueReport, queue_documents, queue_inputs
from tagger.desk.models import taxonomy_of
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
    "asked_again",
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


def waiting(
    store: Store, settings: Settings, *, lane: str | None = None, limit: int = 50
) -> list[Card]:
    """What is left, the most urgent first, then what is asked again; nothing is lent.

    At most a third is asked again, or more where less is left; of that only what was decided
    here, since nobody can decide by its id what only a labelled file holds.
    """
    left = [] if lane == AGAIN else store.queue.items("left", lane=lane, limit=limit)
    if lane not in {None, AGAIN}:
        return [card_of(item) for item in left]
    taxonomy = taxonomy_of(settings)
    room = max(limit // 3, limit - len(left))
    again = still_open(store, settings, room, taxonomy=taxonomy, only_stored=True)
    return [*(card_of(item) for item in left[: limit - len(again)]), *again]


def asked_again(store: Store, settings: Settings) -> int:
    """How many paragraphs are asked again, since their topics changed; no counts hold them."""
    return len(open_paragraphs(settings, store))


def skip(store: Store, card: Card | ParagraphId, editor: str) -> None:
    """Pass a card by: it comes to this editor again after all others.

    A planted check, or what is asked again, is in no queue: it is only given back. Name it to
    :func:`next_up` as ``passed``.

    Raises:
        InputError: the paragraph is not in the queue.
    """
    if not isinstance(card, Card):
        store.queue.skip(editor, card)
    elif card.lane in UNQUEUED:
        store.queue.release(editor, [card.item.paragraph])
    else:
        store.queue.skip(editor, card.item.paragraph)


def release(store: Store, editor: str, paragraphs: Iterable[ParagraphId] | None = None) -> int:
    """Give items back before their ten minutes are over, all where None; tell how many."""
    return store.queue.release(editor, paragraphs)
