"""Parts of a batch, each from one file: rows of a table, or a whole article."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from tagger.errors import TaggerError
from tagger.reading import read, read_stream
from tagger.reading.formats import format_of
from tagger.reading.parquet import documents_of
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from tagger.reading import ReadOptions
    from tagger.reading.tables import Columns

    Found = Iterator[Document | Reject]

ARTICLE = 50  # rows: an article has some twenty paragraphs, and a page costs more to read


class Piece(Protocol):
    """Part of a batch, from one file; other processes can be sent it."""

    @property
    def file(self) -> str:
        """The file's name."""

    @property
    def rows(self) -> int:
        """How many rows of a table it stands for; 1 for another file."""

    @property
    def weight(self) -> int:
        """How many rows' work it is."""

    @property
    def size(self) -> int:
        """How many bytes it has, in memory or on disk."""

    def documents(self, options: ReadOptions) -> Found:
        """What is in it.

        Raises:
            TaggerError: the file cannot be read, or no further.
        """


@dataclass(frozen=True, slots=True)
class File:
    """A whole file, which whoever tags it reads; with its bytes where that is elsewhere."""

    path: Path
    size: int
    data: bytes | None = None
    rows: int = 1
    weight: int = ARTICLE

    @property
    def file(self) -> str:
        """The file's name."""
        return str(self.path)

    def documents(self, options: ReadOptions) -> Found:
        """As :func:`tagger.reading.read`."""
        if self.data is None:
            return read(self.path, options)
        return read_stream(self.data, self.file, replace(options, format=format_of(self.path)))

    def read_here(self) -> Items:
        """The same, read at once: for a file that cannot be read."""
        items: list[Document | Reject] = []
        try:
            items += read(self.path)
        except TaggerError as error:
            return Items(tuple(items), self.file, error)
        return Items(tuple(items), self.file)


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows of a Parquet file, of which ``done`` rows came before."""

    frame: pl.DataFrame
    columns: Columns
    file: str
    done: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.frame.height

    weight = rows

    @property
    def size(self) -> int:
        """The size of the columns in memory."""
        return int(self.frame.estimated_size())

    def documents(self, options: ReadOptions) -> Found:  # noqa: ARG002 - the columns are chosen
        """The rows as documents."""
        return documents_of(self.frame, self.columns, self.file, self.done)


@dataclass(frozen=True, slots=True)
class Items:
    """Rows of a table that had to be read in turn, and what ended it."""

    items: tuple[Document | Reject, ...]
    file: str
    failure: TaggerError | None = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.items)

    weight = rows

    @property
    def size(self) -> int:
        """The length of the texts."""
        return sum(map(size_of, self.items))

    def documents(self, options: ReadOptions) -> Found:  # noqa: ARG002 - they are read already
        """The rows that were read; then the failure, if there was one."""
        yield from self.items
        if self.failure:
            raise self.failure


def size_of(item: Document | Reject) -> int:
    """How many letters of text, or of a rejected row, there are."""
    return len(item.raw) if isinstance(item, Reject) else sum([len(p.text) for p in item.passages])
