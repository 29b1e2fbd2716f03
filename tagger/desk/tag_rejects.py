"""The rows that a tagging job could not read, kept beside its result."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.batch.tally import Tally
    from tagger.records import Reject


@contextmanager
def rejects_file(path: Path, tally: Tally, *, force: bool) -> Iterator[Callable[[Reject], None]]:
    """Something to hand rejected rows to; the file is there only if there was one.

    Where it cannot be written the rows are lost, and the tally's notes say so: the rest of the job
    is worth more. By ``force`` one that an earlier job left goes.
    """
    file: IO[str] | None = None
    failed = False

    def add(reject: Reject) -> None:
        nonlocal file, failed
        try:
            if file is None and not failed:
                file = path.open("w" if force else "x", encoding="utf-8", errors="replace")
            if file is not None:
                file.write(json.dumps(asdict(reject), ensure_ascii=False) + "\n")
        except OSError as error:
            failed, file = True, None
            tally.notes.append(
                f"The rows that could not be read are not kept: {path}: {error.strerror}. "
                f"The first: {reject.file}, row {reject.row}: {reject.reason}."
            )

    try:
        yield add
    finally:
        if file is not None:
            file.close()
    if force and file is None and not failed:
        forget_rejects(path)


def forget_rejects(path: Path) -> None:
    """Remove the rejected rows of an earlier job, which its replaced result had."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
