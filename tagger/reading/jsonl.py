"""JSONL files: one JSON object a line, each one document."""

from __future__ import annotations

import json
import re
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO

from tagger.reading.decoding import decide, empty, lines_of
from tagger.reading.tables import TEXT, choose_columns, kind_of, missing_column, to_document
from tagger.records import Reject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tagger.reading.formats import ReadOptions
    from tagger.records import Document

# A file's first lines may be headers or broken; a wrong column is missing in a thousand of them.
_LOOK_AHEAD = 1000
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_jsonl(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document | Reject]:
    """Read a JSONL file, each line as one document.

    A line that is broken, no object or without a text becomes a reject, and the rest is read.
    Lines are counted from 1, blank ones too.

    Raises:
        MissingColumn: none of the first objects has a field that holds the text.
        InputError: the file is empty or is no text.
    """
    decoding = decide(file, name, options.encoding)
    lines = enumerate(lines_of(file, decoding, newline=None), 1)
    parsed = ((number, raw, _parse(line)) for number, line in lines if (raw := line.strip()))
    head = list(islice(parsed, _LOOK_AHEAD))
    if not head:
        raise empty(name)
    _require_text(name, (value for _, _, value in head), options.text_column)
    for number, raw, value in chain(head, parsed):
        yield _document(name, number, raw, value, options.text_column, decoding.notes)


def parse_object(line: str) -> dict[str, object] | None:
    """The JSON object that a line holds; None where it holds something else."""
    value = _parse(line)
    return value if isinstance(value, dict) else None


def _parse(line: str) -> object:
    """What a line holds; a ValueError or RecursionError, not raised, where it is no JSON."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        return error


def _require_text(file: str, values: Iterable[object], wanted: str | None) -> None:
    objects = [value for value in values if isinstance(value, dict)]
    if objects and not any(choose_columns(tuple(value), wanted) for value in objects):
        raise missing_column(file, dict.fromkeys(chain.from_iterable(objects)), wanted)


def _document(
    file: str, number: int, raw: str, value: object, wanted: str | None, notes: tuple[str, ...]
) -> Document | Reject:
    if isinstance(value, Exception):
        return Reject(file, number, f"broken JSON: {_fault(value)}", raw)
    if not isinstance(value, dict):
        return Reject(file, number, f"no JSON object but {kind_of(value)}", raw)
    columns = choose_columns(tuple(value), wanted)
    if columns is None:
        return Reject(file, number, f"no field {wanted or ' or '.join(TEXT)}", raw)
    # JSON may escape half of an emoji, which no file or database would take from us.
    row = {name: _mended(own) for name, own in value.items()} if "\\u" in raw else value
    return to_document(row, columns, file=file, number=number, raw=raw, notes=notes)


def _fault(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def _mended(value: object) -> object:
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value
