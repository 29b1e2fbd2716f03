"""Parquet files, in batches of rows."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from tagger.errors import InputError
from tagger.reading.decoding import empty
from tagger.reading.tables import choose_columns, missing_column, to_document
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from polars import DataFrame, LazyFrame

    from tagger.reading.formats import ReadOptions
    from tagger.reading.tables import Columns
    from tagger.records import Reject

# Slices, as collect_batches() runs ahead of a slow consumer: 350 MB against 120 MB of memory on
# 600,000 rows (polars 2.1), and no faster.
_BATCH = 10_000


def read_parquet(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document | Reject]:
    """Read a Parquet file, each row as one document; rows are counted from 1.

    Raises:
        MissingColumn: no column holds the text.
        InputError: the file is empty or is no Parquet file.
    """
    from polars.exceptions import PanicException, PolarsError  # noqa: PLC0415 - polars takes 0.4 s

    if not file.seek(0, 2):
        raise empty(name)
    try:
        yield from _documents(file, name, options)
    except (PolarsError, PanicException) as error:  # damage may make polars panic
        reason = str(error).splitlines()[0]
        raise InputError(
            f"{name} is no Parquet file that can be read: {reason}.", "Export it again."
        ) from error


def _documents(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document | Reject]:
    import polars  # noqa: PLC0415 - as above

    file.seek(0)
    frame = polars.scan_parquet(file)
    there = tuple(frame.collect_schema().names())
    columns = choose_columns(there, options.text_column)
    if columns is None:
        raise missing_column(name, there, options.text_column)
    done = 0
    for batch in _batches(frame.select(columns.all)):
        yield from documents_of(batch, columns, name, done)
        done += batch.height


def documents_of(
    frame: DataFrame, columns: Columns, name: str, done: int
) -> Iterator[Document | Reject]:
    """The rows of a table's next batch as documents; ``done`` rows of it came before."""
    for number, row in enumerate(frame.iter_rows(named=True), done + 1):
        item = to_document(row, columns, file=name, number=number, raw="")
        yield item if isinstance(item, Document) else replace(item, raw=_as_json(row))


def _batches(frame: LazyFrame) -> Iterator[DataFrame]:
    for start in count(0, _BATCH):
        batch = frame.slice(start, _BATCH).collect()
        if batch.is_empty():
            return
        yield batch


def _as_json(row: dict[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)
