"""Parquet, batch by batch."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import TYPE_CHECKING

import polars
import pytest

from tagger.errors import InputError, MissingColumn
from tagger.reading import ReadOptions, read, read_stream
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from pathlib import Path


def packed(columns: dict[str, object]) -> bytes:
    file = io.BytesIO()
    polars.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def rows(data: bytes, column: str | None = None) -> list[Document | Reject]:
    options = ReadOptions(format="parquet", text_column=column)
    return list(read_stream(data, "wire.parquet", options))


def test_all_rows_are_read_in_order_over_several_batches(tmp_path: Path) -> None:
    path = tmp_path / "wire.parquet"
    texts = [f"Ship {number} leaves." for number in range(25_000)]
    polars.DataFrame({"text": texts, "unread": texts}).write_parquet(path, row_group_size=7_000)
    items = list(read(path))
    assert [i.passages[0].text for i in items if isinstance(i, Document)] == texts
    last = items[-1]
    assert isinstance(last, Document)
    assert last.name == f"{path}:25000"


def test_a_null_or_empty_text_is_rejected_with_its_row() -> None:
    items = rows(packed({"id": ["a", "b", "c"], "text": ["Ships leave.", None, " "]}))
    assert isinstance(items[0], Document)
    rejects = [item for item in items if isinstance(item, Reject)]
    assert [(item.row, item.reason) for item in rejects] == [(2, "empty text"), (3, "empty text")]
    assert json.loads(rejects[0].raw) == {"text": None, "id": "b"}


def test_dates_and_numbers_beside_the_text_are_words() -> None:
    [item] = rows(packed({"text": ["Ships leave."], "id": [7], "date": [dt.date(2024, 3, 4)]}))
    assert isinstance(item, Document)
    assert item.name.endswith(":7")
    assert item.date == "2024-03-04"


def test_a_column_of_categories_is_text() -> None:
    column = polars.Series(["Ships leave.", "Ships leave."], dtype=polars.Categorical)
    assert all(isinstance(item, Document) for item in rows(packed({"text": column})))


def test_a_table_without_a_text_column_is_refused_with_its_columns() -> None:
    with pytest.raises(MissingColumn, match=r"its columns are: id, lead\."):
        rows(packed({"id": [1], "lead": ["Ships leave."]}))


def test_the_text_column_may_be_named() -> None:
    [item] = rows(packed({"id": [1], "Lead": ["Ships leave."]}), column="lead")
    assert isinstance(item, Document)


def test_a_table_without_rows_has_no_documents() -> None:
    assert rows(packed({"text": polars.Series([], dtype=polars.String)})) == []


@pytest.mark.parametrize("data", [b"PAR1", b"text\nShips leave.\n", b"PAR1" + b"x" * 50 + b"PAR1"])
def test_a_file_that_is_no_parquet_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InputError, match=r"wire\.parquet is no Parquet file") as caught:
        rows(data)
    assert caught.value.cure


def test_a_parquet_file_that_was_cut_off_is_refused() -> None:
    data = packed({"text": ["Ships leave."] * 100})
    with pytest.raises(InputError, match="is no Parquet file"):
        rows(data[: len(data) // 2])
