"""One job at a time in a folder of parts: a hold that ends with its process, however that ends."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tagger.errors import OutputError
from tagger.keeping.holder import said_who_holds, who_holds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from filelock import FileLock

_LOCK = ".job.lock"
_HOLDER = ".job.holder"


@contextmanager
def hold(folder: Path, *, by: str, now: datetime) -> Iterator[None]:
    """Be the only job that writes into a folder, which is made where it is not there.

    The operating system frees the lock of a killed process.

    Raises:
        OutputError: another job is at work there, or the folder cannot be written.
    """
    from filelock import FileLock  # noqa: PLC0415 - a small job does without

    lock = FileLock(folder / _LOCK)
    try:  # from here on: Ctrl-C may come the moment the lock is taken
        _take(lock, folder)
        with said_who_holds(folder / _HOLDER, by, now):
            yield
    finally:
        if lock.is_locked:
            with suppress(OSError):  # gone with the folder
                (folder / _LOCK).unlink(missing_ok=True)
        lock.release()


def _take(lock: FileLock, folder: Path) -> None:
    from filelock import Timeout  # noqa: PLC0415 - as above

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout as error:  # itself an OSError
        raise OutputError(
            f"{folder} is being written by {who_holds(folder / _HOLDER, 'another job')}.",
            "Wait until that job is done, or name another folder.",
        ) from error
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written: {error.strerror or error}.",
            "Choose a folder that you may write to.",
        ) from error
