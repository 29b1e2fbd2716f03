"""Reading the log: which rows there are, which decisions stand, which one is the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from tagger.keeping.store.chain import exported
from tagger.keeping.store.moments import moment, stamp
from tagger.keeping.store.records import Correction, Shown
from tagger.keeping.store.schema import CORRECTIONS
from tagger.records import ParagraphId

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select


def stands() -> ColumnElement[bool]:
    """A condition on the log: the row is a decision that nobody took back."""
    undoing = CORRECTIONS.alias("undoing")
    undone = exists().where(undoing.c.undoes == CORRECTIONS.c.sequence)
    return (CORRECTIONS.c.action == "decide") & ~undone


def latest(
    connection: Connection, *conditions: ColumnElement[bool], by_editor: bool
) -> list[Correction]:
    """The latest standing decision on each paragraph, or on each paragraph by each editor."""
    one = [CORRECTIONS.c.paragraph, *([CORRECTIONS.c.editor] if by_editor else [])]
    newest = select(func.max(CORRECTIONS.c.sequence)).where(stands(), *conditions).group_by(*one)
    return rows(connection, CORRECTIONS.c.sequence.in_(newest))


def rows(connection: Connection, *conditions: ColumnElement[bool]) -> list[Correction]:
    """The log's rows that fit, in order."""
    found = select(CORRECTIONS).where(*conditions).order_by(CORRECTIONS.c.sequence)
    return _records(connection, found)


def newest_rows(
    connection: Connection, *conditions: ColumnElement[bool], limit: int
) -> list[Correction]:
    """The last of the log's rows that fit, newest first."""
    found = select(CORRECTIONS).where(*conditions).order_by(CORRECTIONS.c.sequence.desc())
    return _records(connection, found.limit(limit))


def fitting(
    *,
    editor: str | None = None,
    paragraph: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
) -> list[ColumnElement[bool]]:
    """Conditions on the log, those that are given."""
    log, given = CORRECTIONS.c, []
    if editor is not None:
        given.append(log.editor == editor)
    if paragraph is not None:
        given.append(log.paragraph == paragraph)
    if since is not None:
        given.append(log.time >= stamp(since))
    if until is not None:
        given.append(log.time < stamp(until))
    if before is not None:
        given.append(log.sequence < before)
    return given


def count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """How many of the log's rows fit."""
    return connection.execute(
        select(func.count()).select_from(CORRECTIONS).where(*conditions)
    ).scalar_one()


def by_key(connection: Connection, key: str) -> Correction | None:
    """The row that was written under a key."""
    return next(iter(rows(connection, CORRECTIONS.c.key == key)), None)


def by_sequence(connection: Connection, sequence: int | None) -> Correction | None:
    """The row of that number."""
    if sequence is None:
        return None
    return next(iter(rows(connection, CORRECTIONS.c.sequence == sequence)), None)


def _records(connection: Connection, found: Select[Any]) -> list[Correction]:
    return [correction(exported(row)) for row in connection.execute(found)]


def correction(row: Mapping[str, Any]) -> Correction:
    """An exported row as a record."""
    shown = row["shown"]
    seen = Shown(**{**shown, "topics": tuple(shown["topics"])}) if shown else Shown()
    values = {**row, "shown": seen, "topics": tuple(row["topics"]), "time": moment(row["time"])}
    return Correction(**{**values, "paragraph": ParagraphId(row["paragraph"])})
