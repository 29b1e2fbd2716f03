"""The chain of hashes that shows whether the log is still as it was written."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, or_, select, update

from tagger.keeping.store.records import Problem, Verification
from tagger.keeping.store.schema import CHAIN_HEAD, CORRECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Row

BEGINNING = "0" * 64
"""What stands as the previous hash in the log's first row."""

_JSON = ("topics", "shown")
_PAGE = 1000  # rows read at a time, so that a log of any length fits into memory


def canonical(value: object) -> str:
    """JSON with one spelling for one value: sorted names, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest(row: Mapping[str, object]) -> str:
    """SHA-256, in hexadecimal, of a row as exported, without its own hash."""
    named = {name: value for name, value in row.items() if name != "hash"}
    return hashlib.sha256(canonical(named).encode()).hexdigest()


def append(connection: Connection, row: Mapping[str, object]) -> dict[str, Any]:
    """Write a row at the end of the log, inside a writing transaction; give it complete.

    Args:
        connection: one that writes alone.
        row: an exported row without sequence, previous and hash.
    """
    last, hash_ = head(connection)
    full: dict[str, Any] = {**row, "sequence": last + 1, "previous": hash_}
    full["hash"] = digest(full)
    stored = {**full, **{name: canonical(full[name]) for name in _JSON}}
    connection.execute(insert(CORRECTIONS).values(stored))
    connection.execute(update(CHAIN_HEAD).values(sequence=full["sequence"], hash=full["hash"]))
    return full


def exported(row: Row[Any]) -> dict[str, Any]:
    """A row of the log as it is exported and hashed."""
    values = dict(row._mapping)  # noqa: SLF001  # SQLAlchemy's public name, despite its underscore
    return {**values, **{name: _value(values[name]) for name in _JSON}}


def _value(written: str) -> object:
    # Text that this module did not write stays text, so that its row cannot pass as sound.
    try:
        value: object = json.loads(written)
        return value if canonical(value) == written else written
    except ValueError:
        return written


def page(connection: Connection, after: int, size: int = _PAGE) -> list[dict[str, Any]]:
    """The log's next rows after a sequence, in order; empty at the end."""
    rows = select(CORRECTIONS).where(CORRECTIONS.c.sequence > after)
    rows = rows.order_by(CORRECTIONS.c.sequence).limit(size)
    return [exported(row) for row in connection.execute(rows)]


def head(connection: Connection) -> tuple[int, str]:
    """The sequence and hash of the row that was written last."""
    row = connection.execute(select(CHAIN_HEAD)).one()
    return row.sequence, row.hash


def stray(connection: Connection, last: int) -> int | None:
    """A row numbered outside the chain, seen at one moment with its :func:`head`."""
    outside = or_(CORRECTIONS.c.sequence < 1, CORRECTIONS.c.sequence > last)
    first = select(func.min(CORRECTIONS.c.sequence)).where(outside)
    found: int | None = connection.execute(first).scalar_one()
    return found


def verify(rows: Iterable[Mapping[str, Any]]) -> Verification:
    """Follow the chain through exported rows, and say where it breaks first.

    Whether the last rows were cut off shows only in comparison with the :func:`head`.
    """
    sequence, last = 0, BEGINNING
    for row in rows:
        if problem := _broken(row, sequence, last):
            return Verification(sequence, last, problem)
        sequence, last = row["sequence"], row["hash"]
    return Verification(sequence, last)


def _broken(row: Mapping[str, Any], before: int, last: str) -> Problem | None:
    number, expected = row["sequence"], before + 1
    if number != expected:
        return Problem(expected, f"Row {expected} is missing.")
    if digest(row) != row["hash"]:
        return Problem(number, f"Row {number} was edited: its hash does not fit its content.")
    if row["previous"] != last:
        return Problem(
            number,
            f"Row {number} does not follow row {before}: one of the two was replaced.",
        )
    return None


def against_head(checked: Verification, head: tuple[int, str]) -> Verification:
    """The same, compared with what was written last."""
    sequence, _ = head
    if checked.problem or (checked.rows, checked.hash) == head:
        return checked
    if checked.rows < sequence:
        missing = checked.rows + 1
        problem = Problem(missing, f"Row {missing} is missing: the log ends too early.")
    else:
        problem = Problem(sequence, f"Row {sequence} was replaced: another one was written last.")
    return Verification(checked.rows, checked.hash, problem)
