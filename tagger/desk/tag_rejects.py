"""The rows that a tagging job could not read, kept beside its result."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager, suppress
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

from tagger.errors import OutputError
from tagger.files import write_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.batch.tally import Tally
    from tagger.records import Reject

_IN_MEMORY = 1 << 20  # bytes; more wait in a file without a name, which goes with the process


@contextmanager
def rejects_file(path: Path, tally: Tally, *, force: bool) -> Iterator[Callable[[Reject], None]]:
    """Something to hand rejected rows to; the file is there only if there was one.

    It appears whole at the end, and not at all where the job is stopped before. Where it cannot be
    written the rows are lost, and the tally's notes say so: the rest of the job is worth more. By
    ``force`` one that an earlier job left goes.
    """
    first: Reject | None = None
    failure = ""
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", errors="replace") as kept:

        def add(reject: Reject) -> None:
            nonlocal first, failure
            first = first or reject
            try:
                kept.write(json.dumps(asdict(reject), ensure_ascii=False) + "\n")
            except OSError as error:
                failure = f"{path}: {error.strerror or error}."

        yield add
        if first is not None:
            failure = failure or _keep(kept, path, force=force)
        elif force:
            forget_rejects(path)
    if first is not None and failure:
        tally.notes.append(
            f"The rows that could not be read are not kept: {failure} "
            f"The first: {first.file}, row {first.row}: {first.reason}."
        )


def _keep(rows: IO[str], path: Path, *, force: bool) -> str:
    """Put the rows where they belong; give what was in the way, empty where nothing was."""
    rows.seek(0)
    try:
        with (
            write_beside(path, force=force) as beside,
            beside.open("w", encoding="utf-8", newline="\n") as file,
        ):
            shutil.copyfileobj(rows, file)
    except OutputError as error:
        return error.message
    return ""


def forget_rejects(path: Path) -> None:
    """Remove the rejected rows of an earlier job, which its replaced result had."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
