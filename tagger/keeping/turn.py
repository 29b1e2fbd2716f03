"""One retrain at a time: a turn that ends with its process, however that ends.

The operating system frees the lock of a killed process, so nothing has to guess whether a lock
file is stale.
"""

from __future__ import annotations

import re
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from tagger.errors import ModelError
from tagger.keeping.holder import said_who_holds, who_holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from filelock import FileLock

PATIENCE = 1800.0
"""Seconds to wait for another retrain; one on the shipped corpus takes some ten seconds."""

_LOCK = ".retrain.lock"
_HOLDER = ".retrain.holder"
_HALF_SAVED = re.compile(r"\.\d{8}-\d{6}-[0-9a-f]{8}\.part")  # as Registry.save names its folders
_LEFT = 3600.0  # seconds after which half a file is nobody's work in progress


@contextmanager
def retrain_turn(
    models: Path,
    *,
    by: str,
    now: datetime,
    patience: float = PATIENCE,
    on_wait: Callable[[str], None] = lambda _: None,
) -> Iterator[None]:
    """Be the only retrain of a desk, and clear away what killed ones left.

    Args:
        models: the desk's folder of models.
        by: who retrains, for those who wait.
        now: since when.
        patience: seconds to wait for another retrain.
        on_wait: is told once, in words, whose retrain is waited for.

    Raises:
        ModelError: another retrain did not end in time, or the folder cannot be written.
    """
    from filelock import FileLock  # noqa: PLC0415 - a command that only tags does without

    lock = FileLock(models / _LOCK)
    try:  # from here on: Ctrl-C may come the moment the lock is taken
        _begin(lock, models, patience, on_wait)
        with said_who_holds(models / _HOLDER, by, now):
            _sweep(models, now)
            yield
    finally:
        lock.release()


def _begin(lock: FileLock, models: Path, patience: float, on_wait: Callable[[str], None]) -> None:
    try:
        models.mkdir(parents=True, exist_ok=True)
        _take(lock, models, patience, on_wait)
    except OSError as error:
        raise ModelError(
            f"{models} cannot be written: {error.strerror or error}.",
            "Free some space or mend the permissions, and retrain; the old model still serves.",
        ) from error


def _take(lock: FileLock, models: Path, patience: float, on_wait: Callable[[str], None]) -> None:
    from filelock import Timeout  # noqa: PLC0415 - as above

    try:
        lock.acquire(blocking=False)
    except Timeout:  # itself an OSError
        on_wait(f"Waiting for the retrain of {who_holds(models / _HOLDER)} ...")
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise ModelError(
                f"The retrain of {who_holds(models / _HOLDER)} has not ended yet.",
                "Retrain again when it has; the current model serves on.",
            ) from None


def _sweep(models: Path, now: datetime) -> None:
    """Remove half-saved models: whoever was saving them is dead, as the turn is ours."""
    for path in models.glob(".*.part"):
        if _HALF_SAVED.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
            continue
        with suppress(OSError):  # a promotion by hand needs no turn and may be at work
            if now.timestamp() - path.stat().st_mtime > _LEFT:
                path.unlink()
