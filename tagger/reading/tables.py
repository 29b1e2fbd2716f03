"""Rows of a table to documents: which column is the text, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from tagger.errors import MissingColumn
from tagger.reading.decoding import plain_newlines
from tagger.records import Document, Passage, Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TEXT = ("text", "body", "content", "paragraph", "article")
"""Columns that hold the text where no other is named, the likeliest first."""
NAME = ("id", "url")
TITLE = ("title", "headline")
DATE = ("date", "published")
SOURCE = ("source", "outlet", "publisher")

_KINDS = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}
_NAMES = (str, int)
_SHOWN = 20  # a message that lists more columns is not read


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table that are read, as they are spelled there."""

    text: str
    name: tuple[str, ...]
    title: tuple[str, ...]
    date: tuple[str, ...]
    source: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every column that is read, once, the text first."""
        named = (self.text, *self.name, *self.title, *self.date, *self.source)
        return tuple(dict.fromkeys(named))


@lru_cache(maxsize=256)  # the lines of a JSONL file mostly have the same fields
def choose_columns(columns: tuple[str, ...], wanted: str | None) -> Columns | None:
    """Choose a table's columns, whatever their capitals; None where the text has no column."""
    spelled: dict[str, str] = {}
    for column in columns:
        spelled.setdefault(column.strip().casefold(), column)
    named = (wanted.strip().casefold(),) if wanted is not None else TEXT
    text = wanted if wanted in columns else _first_of(named, spelled)
    if text is None:
        return None
    groups = (NAME, TITLE, DATE, SOURCE)
    return Columns(text, *(tuple(spelled[n] for n in group if n in spelled) for group in groups))


def missing_column(file: str, columns: Iterable[str], wanted: str | None) -> MissingColumn:
    """The error for a table without a text column; it lists the columns there are."""
    there = [column.strip()[:40] for column in columns]
    listed = ", ".join(there[:_SHOWN]) + (", …" if len(there) > _SHOWN else "")
    lacking = f"no column '{wanted}'" if wanted is not None else f"no column {' or '.join(TEXT)}"
    return MissingColumn(
        f"{file} has {lacking}; its columns are: {listed}.",
        "Name the column that holds the text with --text-column.",
    )


def to_document(
    row: Mapping[str, object],
    columns: Columns,
    *,
    file: str,
    number: int,
    raw: str,
    notes: tuple[str, ...] = (),
) -> Document | Reject:
    """Make a document of a row, or a reject where its text is empty or no text.

    Args:
        row: the row's values by column.
        columns: which of them to read.
        file: the table's name; with the row's id, else with ``number``, it names the row. A url
            is a name by itself.
        number: the row or line of the table, from 1.
        raw: the row as it stands in the file, for a reject.
        notes: what had to be assumed for the whole table.
    """
    text = row.get(columns.text)
    if not isinstance(text, str) and text is not None:
        return Reject(file, number, f"'{columns.text}' is no text but {kind_of(text)}", raw)
    if text is None or not text.strip():
        return Reject(file, number, "empty text", raw)
    return Document(
        _name(row, columns, file, number),
        (Passage(plain_newlines(text) if "\r" in text else text),),
        title=_value(row, columns.title),
        date=_value(row, columns.date),
        source=_value(row, columns.source),
        notes=notes,
    )


def _name(row: Mapping[str, object], columns: Columns, file: str, number: int) -> str:
    """What the row is called; two tables may both have an id 1, so the file is part of it."""
    own = _value(row, columns.name)
    return own if own and "://" in own else f"{file}:{own or number}"


def kind_of(value: object) -> str:
    """What a value is, in words for a reject."""
    return _KINDS.get(type(value), f"a {type(value).__name__}")


def _first_of(names: Iterable[str], spelled: Mapping[str, str]) -> str | None:
    return next((spelled[name] for name in names if name in spelled), None)


def _value(row: Mapping[str, object], columns: Iterable[str]) -> str | None:
    for column in columns:
        value = row.get(column)
        if isinstance(value, date):  # a datetime is one too
            return value.isoformat()
        if isinstance(value, _NAMES) and (text := str(value).strip()):
            return text
    return None
