"""Who holds a lock, written down for those who wait for it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


def say_who_holds(path: Path, by: str, now: datetime) -> None:
    """Write down that this process holds it; a full disk does not stop the work itself."""
    with suppress(OSError):
        line = json.dumps({"by": by, "process": os.getpid(), "since": now.isoformat()})
        path.write_text(line, encoding="utf-8", errors="backslashreplace")


def who_holds(path: Path, otherwise: str = "somebody else") -> str:
    """Who wrote that down, in words; ``otherwise`` where it cannot be read."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"{held['by']} (process {held['process']}, since {held['since'][:16]})"
    except (OSError, ValueError, KeyError, TypeError):
        return otherwise
