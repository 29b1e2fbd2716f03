"""The chain of hashes: every row of the log carries its own and that of the row before it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from tagger.keeping.store.errors import StoreError
from tagger.keeping.store.schema import CHAIN_HEAD, CORRECTIONS, STRIKE_HEAD, STRIKES
from tagger.keeping.store.slices import slices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Row, Table

    from tagger.keeping.store.connection import Database

BEGINNING = "0" * 64
"""What stands as the previous hash in the log's first row."""

_PAGE = 1000  # rows read or written at a time, so that a log of any length fits into memory
_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)


@dataclass(frozen=True, slots=True)
class Chain:
    """A table whose rows are chained, the note of its last row, and its columns of JSON."""

    rows: Table
    head: Table
    json: tuple[str, ...] = ()


DECISIONS = Chain(CORRECTIONS, CHAIN_HEAD, ("topics", "shown"))
STRUCK = Chain(STRIKES, STRIKE_HEAD)


def canonical(value: object) -> str:
    """JSON with one spelling for one value: sorted names, no spaces, no NaN."""
    return _ENCODER.encode(value)


def digest(row: Mapping[str, object]) -> str:
    """SHA-256, in hexadecimal, of a row as exported, without its own hash."""
    named = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(canonical(named).encode()).hexdigest()


def fits(row: Mapping[str, object]) -> bool:
    """Whether an exported row has the hash of its content, which may be anything by now."""
    try:
        return digest(row) == row["hash"]
    except (ValueError, TypeError, RecursionError):  # no number, no text, no end: not our writing
        return False


def append(
    connection: Connection,
    rows: Iterable[Mapping[str, object]],
    told: Callable[[int], None] = lambda _: None,
    *,
    of: Chain = DECISIONS,
) -> list[dict[str, Any]]:
    """Write rows at the end of the log, inside a writing transaction; give them complete.

    Args:
        connection: one that writes alone.
        rows: exported rows without sequence, previous and hash.
        told: is told how many more were written.
        of: which log.

    Raises:
        StoreError: nobody knows any more where the log ends.
    """
    full = _linked(rows, *_end(connection, of))
    for part in slices(full, _PAGE):
        connection.execute(insert(of.rows), [_stored(row, of) for row in part])
        told(len(part))
    if full:
        last = {"sequence": full[-1]["sequence"], "hash": full[-1]["hash"]}
        connection.execute(update(of.head).values(last))
    return full


def _end(connection: Connection, of: Chain) -> tuple[int, str]:
    if end := head(connection, of=of):
        return end
    raise StoreError(
        "The note of which decision was written last is gone: the tables were changed by hand.",
        "Restore the database from a backup; 'tagger log verify' checks it.",
    )


def _linked(
    rows: Iterable[Mapping[str, object]], sequence: int, hash_: str
) -> list[dict[str, Any]]:
    full: list[dict[str, Any]] = []
    for number, row in enumerate(rows, sequence + 1):
        linked: dict[str, Any] = {**row, "sequence": number, "previous": hash_}
        hash_ = linked["hash"] = digest(linked)
        full.append(linked)
    return full


def _stored(row: Mapping[str, Any], of: Chain) -> dict[str, Any]:
    return {**row, **{name: canonical(row[name]) for name in of.json}}


def exported(row: Row[Any], *, of: Chain = DECISIONS) -> dict[str, Any]:
    """A row of the log as it is exported and hashed."""
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name, despite its underscore
    return {**values, **{name: _value(values[name]) for name in of.json}}


def _value(written: str) -> object:
    # Text that this module did not write stays text, so that its row cannot pass as sound.
    try:
        value: object = json.loads(written)
        return value if canonical(value) == written else written
    except (ValueError, RecursionError):
        return written


def page(
    connection: Connection, after: int, size: int = _PAGE, *, of: Chain = DECISIONS
) -> list[dict[str, Any]]:
    """The log's next rows after a sequence, in order; empty at the end."""
    rows = select(of.rows).where(of.rows.c.sequence > after)
    rows = rows.order_by(of.rows.c.sequence).limit(size)
    return [exported(row, of=of) for row in connection.execute(rows)]


def pages(database: Database, after: int = 0, *, of: Chain = DECISIONS) -> Iterator[dict[str, Any]]:
    """The log's rows after a sequence, in order, read a page at a time."""
    while True:
        with database.read() as connection:
            found = page(connection, after, of=of)
        if not found:
            return
        yield from found
        after = found[-1]["sequence"]


def head(connection: Connection, *, of: Chain = DECISIONS) -> tuple[int, str] | None:
    """The sequence and hash of the row that was written last; None where the note is gone."""
    row = connection.execute(select(of.head)).one_or_none()
    return row and (row.sequence, row.hash)
