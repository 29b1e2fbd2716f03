"""Moments as the database keeps them: UTC text that sorts, the same on every database."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a moment that cannot be read any more: no decision is that old."""


def stamp(moment: datetime) -> str:
    """An aware time as ``2026-11-22T16:07:00.000000Z``: always UTC, always this long.

    Raises:
        ValueError: the time is naive.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(stamped: str) -> datetime:
    """The aware UTC time of a :func:`stamp`; :data:`EPOCH` where it is none any more."""
    try:
        found = datetime.fromisoformat(stamped)
        readable = stamp(found) == stamped and EPOCH.year <= found.year < MAXYEAR
    except (ValueError, OverflowError):
        return EPOCH
    return found if readable else EPOCH
