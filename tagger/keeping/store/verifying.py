"""Whether the log is still as it was written, and which rows are not."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from tagger.keeping.store import chain
from tagger.keeping.store.chain import BEGINNING, DECISIONS, Chain, fits
from tagger.keeping.store.records import Problem, Verification

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from tagger.keeping.store.connection import Database

_STRAYS = 1000  # named at most: whoever inserted more is not hiding


def whole(database: Database, of: Chain = DECISIONS) -> Verification:
    """Read a whole log and name the rows that are not as they were written."""
    with database.read() as connection:
        head = chain.head(connection, of=of)
        outside = strays(connection, head[0], of) if head else []
    rows = chain.pages(database, of=of)
    if head is None:
        checked = verify(rows)
        gone = Problem(checked.rows + 1, "The note of which row was written last is gone.")
        return replace(checked, problems=(*checked.problems, gone))
    return verify(itertools.takewhile(lambda row: row["sequence"] <= head[0], rows), head, outside)


def strays(connection: Connection, last: int, of: Chain = DECISIONS) -> list[int]:
    """Rows numbered outside the chain, seen at one moment with its head."""
    number = of.rows.c.sequence
    found = select(number).where(or_(number < 1, number > last)).order_by(number)
    return list(connection.execute(found.limit(_STRAYS)).scalars())


def verify(
    rows: Iterable[Mapping[str, Any]],
    head: tuple[int, str] | None = None,
    strays: Iterable[int] = (),
) -> Verification:
    """Follow the chain through exported rows, and name those that are not as they were written.

    Args:
        rows: in order; also those of an export.
        head: the number and hash of the row that was written last. Without it nobody can tell
            whether rows are missing at the end.
        strays: numbers of rows outside the chain.
    """
    chain = _Chain()
    for row in rows:
        chain.follow(row)
    if head is not None:
        chain.end(*head)
    inserted = [Problem(number, f"Row {number} was inserted by hand.") for number in strays]
    return Verification(*chain.sound, (*chain.problems, *inserted))


class _Chain:
    """What was found so far. ``sound`` are the rows before the first problem, and their hash."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.sound = (0, BEGINNING)
        self._number = 0
        self._hash: str | None = BEGINNING  # None after a row whose hash proves nothing

    def follow(self, row: Mapping[str, Any]) -> None:
        """Take in the next row."""
        number, sound = row["sequence"], fits(row)
        self._place(number)
        if not sound:
            self._tell(number, f"Row {number} was edited: its hash does not fit its content.")
        elif self._hash not in {None, row["previous"]}:
            before = f"row {number - 1}" if number > 1 else "the beginning"
            self._tell(
                number, f"Row {number} does not follow {before}: one of the two was replaced."
            )
        self._number, self._hash = number, row["hash"] if sound else None
        if not self.problems:
            self.sound = (number, row["hash"])

    def _place(self, number: int) -> None:
        if number <= self._number:
            self._tell(number, f"Row {number} stands in the wrong place, after {self._number}.")
            self._hash = None
        elif number > self._number + 1:
            self._tell(self._number + 1, f"{_range(self._number + 1, number - 1)} missing.")
            self._hash = None

    def end(self, number: int, hash_: str) -> None:
        """Compare with what was written last."""
        if self._number < number:
            missing = _range(self._number + 1, number)
            self._tell(self._number + 1, f"{missing} missing: the log ends too early.")
        elif self._hash not in {None, hash_}:
            self._tell(number, f"Row {number} was replaced: another one was written last.")

    def _tell(self, number: int, message: str) -> None:
        self.problems.append(Problem(number, message))


def _range(first: int, last: int) -> str:
    return f"Row {first} is" if first == last else f"Rows {first:,} to {last:,} are"
