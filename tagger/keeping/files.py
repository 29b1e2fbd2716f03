"""Files that are there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
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
    only after the bytes are on the disk.

    Args:
        target: where the file shall be.
        force: whether an existing ``target`` may be replaced.

    Raises:
        OutputError: ``target`` exists and may not be replaced, or cannot be written.
    """
    refuse_existing(target, force=force)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=".part", dir=target.parent
        )
        os.close(handle)
        beside = Path(name)
        beside.chmod(0o666 & ~_umask())  # mkstemp's 0600 would hide a result from colleagues
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        yield beside
        _flush(beside)
        refuse_existing(target, force=force)
        beside.replace(target)
        _flush(target.parent)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def refuse_existing(target: Path, *, force: bool) -> None:
    """Raise :class:`OutputError` where ``target`` exists and may not be replaced."""
    if target.exists() and not force:
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


def _flush(path: Path) -> None:
    # A folder can be flushed on POSIX only; elsewhere the rename itself has to do.
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0)
    with suppress(PermissionError):
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
