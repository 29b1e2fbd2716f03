"""CSV and TSV files, one row at a time."""

from __future__ import annotations

import csv
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from tagger.errors import InputError
from tagger.reading.decoding import decide, empty, lines_of
from tagger.reading.tables import choose_columns, missing_column, to_document
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.reading.formats import ReadOptions

# No article is as long; a quote that is never closed would swallow the rest of the file.
_LONGEST_CELL = 1_000_000
_SEPARATORS = {
    ",": "columns are separated by commas",
    ";": "columns are separated by semicolons",
    "\t": "columns are separated by tabs",
}


def read_csv(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document | Reject]:
    """Read a CSV file, each row as one document.

    The separator is a comma, or a semicolon or tab where the header has more of those. A row
    with too many or too few columns, or with a stray quote, becomes a reject, and the rest is
    read. Rows are counted from 1, without the header and blank lines.

    Raises:
        MissingColumn: no column holds the text.
        InputError: the file is empty or is no text.
    """
    return _read(file, name, options)


def read_tsv(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document | Reject]:
    """Read a file of columns separated by tabs; as :func:`read_csv`."""
    return _read(file, name, options, "\t")


def _read(
    file: BinaryIO, name: str, options: ReadOptions, separator: str | None = None
) -> Iterator[Document | Reject]:
    decoding = decide(file, name, options.encoding)
    lines = _Lines(lines_of(file, decoding, newline=""))
    first = lines.first()
    if not first:
        raise empty(name)
    used = separator or max(_SEPARATORS, key=first.count)  # the comma where none is in it
    notes = decoding.notes + (() if used in {separator, ","} else (_SEPARATORS[used],))
    rows = _rows(lines, used)
    header = _header(rows, name)
    columns = choose_columns(header, options.text_column)
    if columns is None:
        raise missing_column(name, header, options.text_column)
    backwards = header[::-1]  # so that the first of two columns with one name wins
    for number, cells in enumerate(rows, 1):
        if isinstance(cells, csv.Error):
            yield Reject(name, number, f"broken row: {cells}", lines.row)
        elif len(cells) != len(header):
            reason = f"{len(cells)} columns where the header has {len(header)}"
            yield Reject(name, number, reason, lines.row)
        else:
            row = dict(zip(backwards, reversed(cells), strict=True))
            item = to_document(row, columns, file=name, number=number, raw="", notes=notes)
            yield item if isinstance(item, Document) else replace(item, raw=lines.row)


def _header(rows: Iterator[list[str] | csv.Error], name: str) -> tuple[str, ...]:
    header = next(rows)
    if isinstance(header, csv.Error):
        raise InputError(f"{name} has a broken header: {header}.", "Mend its first line.")
    return tuple(header)


def _rows(lines: _Lines, separator: str) -> Iterator[list[str] | csv.Error]:
    csv.field_size_limit(_LONGEST_CELL)  # the module has no limit of its own per reader
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            lines.give_back()
            # Many files with tabs know no quoting: there a quote opens a quotation.
            yield lines.row.split("\t") if separator == "\t" else error
        else:
            if cells:  # none on a blank line
                yield cells


class _Lines:
    """Lines that remember those of the current row, so that a broken row costs one line only."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self._row: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self._row.append(line)
        return line

    @property
    def row(self) -> str:
        """The lines of the current row as they stand in the file."""
        return "".join(self._row).rstrip("\r\n")

    def first(self) -> str:
        """The first line that is not blank, which stays to be read; empty if there is none."""
        for line in self._lines:
            if line.strip():
                self._again.append(line)
                return line
        return ""

    def begin_row(self) -> None:
        """Forget the lines of the row before."""
        self._row.clear()

    def give_back(self) -> None:
        """Have all lines of the current row but its first read once more."""
        self._again.extendleft(reversed(self._row[1:]))
        del self._row[1:]
