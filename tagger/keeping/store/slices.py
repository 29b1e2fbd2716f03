"""Long lists in parts: a database takes a limited number of values in one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SLICE = 500  # SQLite before 3.32 takes 999 values in one statement, later ones 32,766

Value = TypeVar("Value")


def slices(values: Iterable[Value], size: int = _SLICE) -> Iterator[list[Value]]:
    """The values in lists of at most ``size``, in order; nothing where there are none."""
    listed = list(values)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]
