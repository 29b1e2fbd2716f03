"""The log of who decided what and when: read, export, check."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagger.errors import InputError
from tagger.files import write_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from tagger.keeping.store import Correction, Verification
    from tagger.keeping.store.store import Store
    from tagger.records import ParagraphId


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows of the log to read; what is None does not matter.

    Args:
        editor: whose.
        paragraph: about which one.
        since: from this aware time on.
        until: before this aware time.
        limit: how many at most.
    """

    editor: str | None = None
    paragraph: ParagraphId | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log.

    Args:
        row: as far as it can be read.
        undone: whether it is a decision that was taken back later.
        damaged: whether it is not as it was written: somebody changed the database by hand.
    """

    row: Correction
    undone: bool
    damaged: bool = False


def rows(store: Store, filters: Filters | None = None) -> list[Entry]:
    """The rows that fit, newest first."""
    wanted = filters or Filters()
    found = store.log(
        editor=wanted.editor,
        paragraph=wanted.paragraph,
        since=wanted.since,
        until=wanted.until,
        limit=wanted.limit,
    )
    numbers = [row.sequence for row in found]
    undone, damaged = store.undone(numbers), store.altered(numbers)
    return [Entry(row, row.sequence in undone, row.sequence in damaged) for row in found]


def export_lines(store: Store) -> Iterator[str]:
    """The whole log as JSON lines, oldest first, each with its line end.

    A line's ``hash`` is the SHA-256 of the line without it, written as canonical JSON, and the
    next line's ``previous``: whoever keeps an export can check the log against it. A damaged row
    is exported as it is; bytes that are no text become JSON escapes of half characters.
    """
    return map(_line, store.export())


def _line(row: dict[str, Any]) -> str:
    seconds = row["seconds"]
    if seconds is not None and not math.isfinite(seconds):
        row = {**row, "seconds": str(seconds)}  # JSON knows no infinity
    line = json.dumps(row, ensure_ascii=False) + "\n"
    return line.encode("utf-8", "backslashreplace").decode()


def export_jsonl(store: Store, path: Path, *, force: bool = False) -> int:
    """Write the whole log to a file, there whole or not at all; tell how many rows it has.

    Raises:
        OutputError: the file exists and may not be replaced, or cannot be written.
    """
    count = 0
    with (
        write_beside(path, force=force) as beside,
        beside.open("w", encoding="utf-8", newline="\n") as file,
    ):
        for line in export_lines(store):
            file.write(line)
            count += 1
    return count


def restore_jsonl(store: Store, path: Path) -> int:
    """Write an exported log into a desk where nothing was decided; tell how many rows it has.

    Times, reasons, keys and hashes are those of the export: audits still measure, what was taken
    back stays so, and the chain goes on. The queue and struck words are not in an export.

    Raises:
        InputError: the file cannot be read, is not as it was exported, or something was decided
            or queued here already.
    """
    try:
        lines = path.read_bytes().split(b"\n")
        rows = [json.loads(line) for line in lines if line.strip()]
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name an export.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no export of a log: {error}.", "Name an export.") from error
    if not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{path} is no export of a log.", "Name what 'tagger log export' wrote.")
    return store.restore(rows)


def verify(store: Store) -> Verification:
    """Read the whole log and name the rows that are not as they were written."""
    return store.verify()


def verify_strikes(store: Store) -> Verification:
    """The same for the log of struck words."""
    return store.strikes.verify()
