"""Long work in steps, so that those who wait are told how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.learning.training import Progress

_AT_ONCE = 200  # texts between two reports: a model reads them within some 20 ms

Row = TypeVar("Row")


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def in_steps(
    rows: Sequence[Row], stage: str, progress: Progress | None = None
) -> Iterator[Sequence[Row]]:
    """The rows, some at a time; each time the next ones are asked for, those before are done."""
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        yield part
        if progress:
            progress(stage, start + len(part), len(rows))
