"""The desk's memory: a log of corrections that only grows, and the queue of what waits.

Importing this package is quick; SQLAlchemy is met only once a store is opened.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tagger.keeping.store.errors import StoreBusy, StoreError, StoreNewer
from tagger.keeping.store.moments import EPOCH
from tagger.keeping.store.records import (
    Correction,
    Decided,
    Decision,
    Problem,
    Shown,
    Strike,
    Undone,
    Verification,
)
from tagger.keeping.store.waiting import (
    Added,
    Article,
    Counts,
    Heading,
    Place,
    QueueItem,
    Score,
    Spot,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tagger.keeping.store.store import Store

__all__ = [
    "EPOCH",
    "Added",
    "Article",
    "Correction",
    "Counts",
    "Decided",
    "Decision",
    "Heading",
    "Place",
    "Problem",
    "QueueItem",
    "Score",
    "Shown",
    "Spot",
    "StoreBusy",
    "StoreError",
    "StoreNewer",
    "Strike",
    "Undone",
    "Verification",
    "open_store",
]


def utc_now() -> datetime:
    """The time of this moment, aware and in UTC."""
    return datetime.now(UTC)


def open_store(
    where: str | Path, *, now: Callable[[], datetime] = utc_now, patience: float = 30.0
) -> Store:
    """Open the store, making or upgrading its tables where needed. Use it in a ``with``.

    Args:
        where: a file for SQLite (made when missing) or a ``postgresql://`` address.
        now: the clock; gives aware datetimes.
        patience: seconds to wait for another writer before giving up.

    Raises:
        StoreNewer: a newer tagger wrote this database.
        StoreError: it cannot be reached, read or written; the message says which and why.
    """
    # SQLAlchemy takes half a second to import, which commands without a store need not wait.
    from tagger.keeping.store.connection import connect  # noqa: PLC0415  # see above
    from tagger.keeping.store.migrations import migrate  # noqa: PLC0415  # see above
    from tagger.keeping.store.store import Store  # noqa: PLC0415  # see above

    database = connect(where, patience)
    try:
        migrate(database, now())
    except BaseException:
        database.close()
        raise
    return Store(database, now)
