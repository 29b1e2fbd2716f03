"""An exported log is written into a new database, row by row as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tagger.errors import InputError
from tagger.keeping.store.chain import BEGINNING, append, head
from tagger.keeping.store.schema import CORRECTIONS, ITEMS
from tagger.keeping.store.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

_LINKS = {"sequence", "previous", "hash"}  # follow from the rows before


def restore(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Write a whole export into an empty log; tell how many rows it has.

    Args:
        connection: one that writes alone.
        rows: exported rows, from the first on.

    Raises:
        InputError: something was decided or queued here already, or a row is not as it was
            exported.
    """
    _refuse_used(connection)
    _refuse_altered(rows)
    append(connection, [{k: row[k] for k in row if k not in _LINKS} for row in rows])
    return len(rows)


def _refuse_used(connection: Connection) -> None:
    queued = connection.execute(select(ITEMS.c.id).limit(1)).first()
    if queued or head(connection) != (0, BEGINNING):
        raise InputError(
            "Something was decided or queued here already.",
            "Restore a log into a new desk, before anything else is done there.",
        )


def _refuse_altered(rows: Sequence[Mapping[str, Any]]) -> None:
    columns = set(CORRECTIONS.c.keys())
    for number, row in enumerate(rows, 1):
        if set(row) != columns or not isinstance(row["sequence"], int):
            raise InputError(
                f"Line {number} is no row of an exported log.", "Give what 'log export' wrote."
            )
    if problem := verify(rows).problem:
        raise InputError(
            f"The export is not as it was written: {problem.message}",
            "Restore an earlier export or a copy of the database.",
        )
