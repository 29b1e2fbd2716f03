"""What was done to the models of a desk: one line an event, only ever appended."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.errors import ModelError
from tagger.records import Version

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: what was done to which version, by whom, when and why."""

    action: str
    version: Version
    by: str
    time: str
    reason: str = ""


def read_history(path: Path) -> list[Event]:
    """All events, oldest first; a line cut off by a crash is passed over."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [event for event in map(_event, lines) if event]


def append_event(
    path: Path, action: str, version: Version, by: str, now: datetime, reason: str = ""
) -> None:
    """Write an event down, on the disk before this returns.

    Raises:
        ModelError: it cannot be written.
    """
    event = {"time": now.isoformat(), "action": action, "version": version, "by": by}
    line = json.dumps({**event, "reason": reason}, ensure_ascii=False)
    try:
        cut_off = path.exists() and not path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(("\n" if cut_off else "") + line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise ModelError(
            f"{path} could not be written: {error.strerror or error}.",
            "Free some space or mend the permissions, and try again; the old model serves on.",
        ) from error


def served_up_to(current: Version | None, events: Iterable[Event]) -> list[Version]:
    """The versions that served up to the current one, without those that were rolled back."""
    stack: list[Version] = []
    states = []
    for event in events:
        if event.action == "promote" and event.version not in stack[-1:]:
            stack = [*stack, event.version]
        elif event.action == "rollback":
            stack = _back_to(event.version, stack)
        states.append(stack)
    # Not simply the last state: a crash may have come between its line and what it announced.
    return next((state for state in reversed(states) if state[-1:] == [current]), [])


def rolled_back(events: Iterable[Event]) -> set[Version]:
    """The versions after whose last promotion there was a rollback."""
    found: set[Version] = set()
    promoted: set[Version] = set()
    for event in events:
        if event.action == "promote":
            promoted.add(event.version)
            found.discard(event.version)
        elif event.action == "rollback":
            found |= promoted
    return found


def _back_to(version: Version, stack: list[Version]) -> list[Version]:
    while stack and stack[-1] != version:
        stack = stack[:-1]
    return stack or [version]


def _event(line: bytes) -> Event | None:
    try:
        row = json.loads(line)
        return Event(
            row["action"], Version(row["version"]), row["by"], row["time"], row.get("reason", "")
        )
    except (ValueError, KeyError, TypeError):
        return None
