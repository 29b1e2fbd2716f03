"""Files that are there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def write_beside(target: Path, *, force: bool = True) -> Iterator[Path]:
    """Give a path beside ``target`` to write to; rename it to ``target`` when all went well.

    A reader never sees half a file, a failure leaves ``target`` as it was, and the name appears
    only after the bytes are on the disk. A file that is replaced keeps its permissions; where
    ``target`` is a link, the file it leads to is replaced.

    Args:
        target: where the file shall be.
        force: whether an existing ``target`` may be replaced.

    Raises:
        OutputError: ``target`` exists and may not be replaced, or cannot be written.
    """
    refuse_existing(target, force=force)
    target = Path(os.path.realpath(target))
    beside = target.parent / f".{target.name}.{secrets.token_hex(4)}.part"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Not mkstemp: its 0600 would hide a result from colleagues, and reading the umask to mend
        # that would clear it for a moment, for all threads.
        beside.touch(0o600 if target.exists() else 0o666, exist_ok=False)
        yield beside
        flush(beside)
        refuse_existing(target, force=force)
        _permit_as_before(beside, target)
        beside.replace(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:  # also where Ctrl-C comes the moment the file is there
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    with suppress(OSError):  # the file is there; not every network drive can flush a folder
        flush(target.parent)


def _permit_as_before(beside: Path, target: Path) -> None:
    with suppress(FileNotFoundError):  # a new file: the umask has decided
        beside.chmod(stat.S_IMODE(target.stat().st_mode))


def refuse_existing(target: Path, *, force: bool) -> None:
    """Raise :class:`OutputError` where ``target`` exists and may not be replaced."""
    try:
        exists = target.exists()
        special = exists and not target.is_file() and not target.is_dir()
    except OSError as error:  # a name too long, a folder nobody may enter
        raise _cannot_write(target, error) from error
    if special:
        raise OutputError(f"{target} is no regular file.", "Name a file, or leave -o out.")
    if exists and not force:
        raise OutputError(
            f"{target} exists already.", "Name another output, or add --force to replace it."
        )


def digest_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cannot_write(target: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(
        f"{target} could not be written: {reason}.",
        "Free some space or choose a folder you may write to; what was there before is unchanged.",
    )


def flush(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    # A folder can be flushed on POSIX only; elsewhere the rename itself has to do.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    with suppress(PermissionError):
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
