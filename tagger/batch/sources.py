"""Files of any size, as batches of documents to be tagged together: always the same ones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.batch.arrow import parquet_batches, parquet_rows
from tagger.batch.pieces import File, Frame, Items, size_of
from tagger.errors import InputError, TaggerError
from tagger.reading import read
from tagger.reading.formats import format_of
from tagger.reading.tables import choose_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tagger.batch.pieces import Piece
    from tagger.reading import ReadOptions
    from tagger.reading.tables import Columns
    from tagger.records import Document, Reject

TABLES = ("parquet", "csv", "tsv", "jsonl")
_CHUNK = 1 << 22
_HEAVIEST = 16 << 20  # bytes of text in a batch; a thread's memory is about ten times that


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents of one or more files."""

    pieces: tuple[Piece, ...]

    @property
    def rows(self) -> int:
        """How many rows of tables and other files it stands for."""
        return sum(piece.rows for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a file's bytes tells: ``rows`` is exact for Parquet, else the lines.

    A file that is no table counts as one row; so does a file that cannot be read.
    """

    path: Path
    bytes: int
    sha256: str
    rows: int


def survey(path: Path) -> Survey:
    """Read a file's bytes once; what cannot be read will be told when it is to be tagged."""
    digest, size, lines = hashlib.sha256(), 0, 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size, lines = size + len(chunk), lines + chunk.count(b"\n")
        return Survey(path, size, digest.hexdigest(), _rows(path, lines) if size else 1)
    except (OSError, InputError):
        return Survey(path, size, "", 1)


def _rows(path: Path, lines: int) -> int:
    kind = format_of(path)
    if kind == "parquet":
        return parquet_rows(path)
    return lines if kind in TABLES else 1


def batches(files: Iterable[Survey], options: ReadOptions, rows: int) -> Iterator[Batch]:
    """All files' documents in batches of about ``rows`` rows or :data:`_HEAVIEST` bytes."""
    pieces: list[Piece] = []
    weight = size = 0
    for file in files:
        for piece in _pieces(file, options, rows):
            weight, size = weight + piece.weight, size + piece.size
            if pieces and (weight > rows or size > _HEAVIEST):
                yield Batch(tuple(pieces))
                pieces, weight, size = [], piece.weight, piece.size
            pieces.append(piece)
    if pieces:
        yield Batch(tuple(pieces))


def _pieces(file: Survey, options: ReadOptions, rows: int) -> Iterator[Piece]:
    kind = format_of(file.path)
    if kind not in TABLES:
        yield File(file.path, file.bytes)
        return
    columns = _columns(file.path, options) if kind == "parquet" else None
    if columns:
        yield from _frames(file, columns, rows)
    else:
        yield from _items(file, options, rows)


def _columns(path: Path, options: ReadOptions) -> Columns | None:
    """The columns to read of a Parquet file; None where the reader is to find words for it."""
    import polars as pl  # noqa: PLC0415 - heavy

    try:
        schema = pl.read_parquet_schema(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None
    return choose_columns(tuple(schema), options.text_column)


def _frames(file: Survey, columns: Columns, rows: int) -> Iterator[Piece]:
    done = 0
    try:
        for frame in parquet_batches(file.path, columns.all, rows, _HEAVIEST):
            yield Frame(frame, columns, str(file.path), done)
            done += frame.height
    except TaggerError as error:
        yield Items((), str(file.path), error)


def _items(file: Survey, options: ReadOptions, rows: int) -> Iterator[Piece]:
    items: list[Document | Reject] = []
    size = 0
    failure: TaggerError | None = None
    try:
        for item in read(file.path, options):
            items.append(item)
            size += size_of(item)
            if len(items) == rows or size > _HEAVIEST:
                yield Items(tuple(items), str(file.path))
                items, size = [], 0
    except TaggerError as error:
        failure = error
    if items or failure:
        yield Items(tuple(items), str(file.path), failure)
