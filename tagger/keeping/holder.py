"""Who holds a lock, written down for those who wait for it."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


@contextmanager
def said_who_holds(path: Path, by: str, now: datetime) -> Iterator[None]:
    """Have it written down that this process holds it; a full disk does not stop the work itself.

    To be left while the lock is still held: the next one must not be taken for this one.
    """
    try:
        with suppress(OSError):
            line = json.dumps({"by": by, "process": os.getpid(), "since": now.isoformat()})
            path.write_text(line, encoding="utf-8", errors="backslashreplace")
        yield
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def who_holds(path: Path, otherwise: str = "somebody else") -> str:
    """Who wrote that down, in words; ``otherwise`` where it cannot be read."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"{held['by']} (process {held['process']}, since {held['since'][:16]})"
    except (OSError, ValueError, KeyError, TypeError):
        return otherwise
