"""Reading the log: which rows there are, which decisions stand, which one is the latest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, func, select

from tagger.keeping.store.chain import exported, fits
from tagger.keeping.store.moments import moment, stamp
from tagger.keeping.store.records import Correction, Shown
from tagger.keeping.store.schema import CORRECTIONS
from tagger.keeping.store.slices import slices
from tagger.records import ParagraphId, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Connection, Select


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


def rows_with(
    connection: Connection, column: Column[Any], values: Iterable[object]
) -> list[Correction]:
    """The log's rows with one of these values, however many, in order."""
    found = [row for part in slices(values) for row in rows(connection, column.in_(part))]
    return sorted(found, key=lambda row: row.sequence)


def undone(connection: Connection, sequences: Iterable[int]) -> frozenset[int]:
    """Which of these decisions have been taken back."""
    found: set[int] = set()
    for part in slices(sequences):
        taken_back = select(CORRECTIONS.c.undoes).where(CORRECTIONS.c.undoes.in_(part))
        found.update(connection.execute(taken_back).scalars())
    return frozenset(found)


def numbers(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of the rows that were written under these keys."""
    found: dict[str, int] = {}
    for part in slices(keys):
        known = select(CORRECTIONS.c.key, CORRECTIONS.c.sequence)
        known = known.where(CORRECTIONS.c.key.in_(part))
        found |= {row.key: row.sequence for row in connection.execute(known)}
    return found


def altered(connection: Connection, sequences: Iterable[int]) -> frozenset[int]:
    """Which of these rows do not fit their own hash any more."""
    found = [
        exported(row)
        for part in slices(sequences)
        for row in connection.execute(select(CORRECTIONS).where(CORRECTIONS.c.sequence.in_(part)))
    ]
    return frozenset(row["sequence"] for row in found if not fits(row))


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
    return given


def count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """How many of the log's rows fit."""
    return connection.execute(
        select(func.count()).select_from(CORRECTIONS).where(*conditions)
    ).scalar_one()


def first(connection: Connection, *conditions: ColumnElement[bool]) -> Correction | None:
    """The first row that fits."""
    found = select(CORRECTIONS).where(*conditions).order_by(CORRECTIONS.c.sequence)
    return next(iter(_records(connection, found.limit(1))), None)


def _records(connection: Connection, found: Select[Any]) -> list[Correction]:
    return [correction(exported(row)) for row in connection.execute(found)]


def correction(row: Mapping[str, Any]) -> Correction:
    """An exported row as a record.

    Of a row that somebody altered, what cannot be read any more is left empty: it shall be shown
    with the others, and named by :func:`altered` and :mod:`.verifying`.
    """
    values: dict[str, Any] = {name: _legible(value) for name, value in row.items()}
    values |= {"shown": _shown(row["shown"]), "time": moment(row["time"])}
    topics, seconds = row["topics"], row["seconds"]
    values["topics"] = tuple(topics) if _are_names(topics) else ()
    values["seconds"] = seconds if seconds is None or math.isfinite(seconds) else None
    return Correction(**{**values, "paragraph": ParagraphId(values["paragraph"])})


def _legible(value: object) -> object:
    # Bytes that are no UTF-8 come from SQLite as halves of characters (see connection.py).
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _shown(value: object) -> Shown:
    match value:
        case {
            "scores": dict() as scores,
            "topics": list() as topics,
            "model": str() | None as model,
            "hidden": bool() as hidden,
        } if _are_names(topics):
            return Shown(scores, tuple(topics), None if model is None else Version(model), hidden)
    return Shown()


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
