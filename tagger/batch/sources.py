"""Tables larger than memory, as batches of rows that each hold one paragraph."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.batch.arrow import parquet_batches, parquet_rows
from tagger.errors import InputError
from tagger.reading import read
from tagger.reading.formats import format_of
from tagger.reading.tables import choose_columns
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from tagger.reading import ReadOptions
    from tagger.reading.tables import Columns

TABLES = ("parquet", "csv", "tsv", "jsonl")
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of one file.

    Args:
        frame: the columns ``document`` (the row's id or url, else file and row) and ``text``.
        rejects: the rows without a text, and those that could not be read.
    """

    frame: pl.DataFrame
    rejects: tuple[Reject, ...]

    @property
    def rows(self) -> int:
        """How many rows of the file it stands for."""
        return self.frame.height + len(self.rejects)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over a file's bytes tells: ``rows`` is exact for Parquet, else the lines."""

    name: str
    bytes: int
    sha256: str
    rows: int


def survey(path: Path) -> Survey:
    """Read a table's bytes once.

    Raises:
        InputError: it is no table, or cannot be read.
    """
    if format_of(path) not in TABLES:
        raise InputError(
            f"{path} is no table.", "An archive is a table (Parquet, CSV, TSV or JSONL)."
        )
    digest, size, lines = hashlib.sha256(), 0, 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size, lines = size + len(chunk), lines + chunk.count(b"\n")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Check the name.") from error
    rows = parquet_rows(path) if format_of(path) == "parquet" and size else lines
    return Survey(str(path), size, digest.hexdigest(), rows)


def batches(path: Path, options: ReadOptions, rows: int) -> Iterator[Batch]:
    """A table's rows in batches of ``rows``, the last one shorter; always the same ones.

    Raises:
        InputError, EncodingError, MissingColumn: as :func:`tagger.reading.read`.
    """
    columns = _of_parquet(path, options) if format_of(path) == "parquet" else None
    if columns is None:
        yield from _read_row_by_row(path, options, rows)
        return
    done = 0
    for frame in parquet_batches(path, columns.all, rows):
        yield _batch_of_frame(frame, columns, path, done)
        done += frame.height


def _of_parquet(path: Path, options: ReadOptions) -> Columns | None:
    """The columns of a Parquet file whose text column holds nothing but texts."""
    import polars as pl  # noqa: PLC0415 - heavy

    try:
        schema = pl.read_parquet_schema(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None  # the row by row reader finds the words for it
    columns = choose_columns(tuple(schema), options.text_column)
    return columns if columns and schema[columns.text] == pl.String else None


def _batch_of_frame(frame: pl.DataFrame, columns: Columns, path: Path, done: int) -> Batch:
    """As ``tagger.reading.tables.to_document`` for many rows at once."""
    import polars as pl  # noqa: PLC0415 - heavy

    number = pl.int_range(done + 1, done + frame.height + 1).cast(pl.String)
    names = [_name(column) for column in columns.name if _is_name(frame.schema[column])]
    text = pl.col(columns.text)
    plain = frame.select(
        pl.coalesce(*names, pl.lit(f"{path}:") + number).alias("document"),
        text.str.replace_all("\r\n", "\n", literal=True)
        .str.replace_all("\r", "\n", literal=True)
        .alias("text"),
    )
    blank = frame[columns.text].fill_null("").str.strip_chars() == ""
    rejects = tuple(
        Reject(str(path), done + i + 1, "empty text", _as_json(frame.row(i, named=True)))
        for i in blank.arg_true()
    )
    return Batch(plain.filter(~blank), rejects)


def _is_name(kind: pl.DataType) -> bool:
    import polars as pl  # noqa: PLC0415 - heavy

    return kind == pl.String or kind.is_integer()


def _name(column: str) -> pl.Expr:
    import polars as pl  # noqa: PLC0415 - heavy

    name = pl.col(column).cast(pl.String).str.strip_chars()
    return pl.when(name != "").then(name)


def _as_json(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def _read_row_by_row(path: Path, options: ReadOptions, rows: int) -> Iterator[Batch]:
    documents: list[Document] = []
    rejects: list[Reject] = []
    for item in read(path, options):
        if isinstance(item, Document):
            documents.append(item)
        else:
            rejects.append(item)
        if len(documents) + len(rejects) == rows:
            yield _batch_of(documents, rejects)
            documents, rejects = [], []
    if documents or rejects:
        yield _batch_of(documents, rejects)


def no_rows() -> Batch:
    """A batch of nothing, which still has its columns."""
    return _batch_of([], [])


def _batch_of(documents: list[Document], rejects: list[Reject]) -> Batch:
    import polars as pl  # noqa: PLC0415 - heavy

    columns = {
        "document": [document.name for document in documents],
        "text": [document.passages[0].text for document in documents],
    }
    schema = {"document": pl.String, "text": pl.String}
    return Batch(pl.DataFrame(columns, schema=schema), tuple(rejects))
