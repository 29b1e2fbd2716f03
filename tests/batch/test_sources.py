from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tagger.batch.sources import batches, survey
from tagger.errors import InputError, MissingColumn
from tagger.reading import ReadOptions, read
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[dict[str, str | None]] = [
    {"id": "a1", "text": "Gas became dearer.\r\nAgain."},
    {"id": " ", "text": "The river fell."},
    {"id": None, "text": "   "},
    {"id": "a4", "text": None},
    {"id": "a5", "text": "{braces} and, commas\nand lines"},
    {"id": "a6", "text": "Envoys met."},
    {"id": "a7", "text": "A choir sang."},
]


def write(path: Path) -> Path:
    if path.suffix == ".parquet":
        pl.DataFrame(ROWS).write_parquet(path, row_group_size=2)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["id", "text"])
            writer.writeheader()
            writer.writerows(ROWS)
    return path


@pytest.mark.parametrize("name", ["{0}.parquet", "rows.csv", "rows.jsonl"])
@pytest.mark.parametrize("rows", [1, 3, 7, 100])
def test_batches_hold_what_the_reader_of_single_rows_reads(
    tmp_path: Path, name: str, rows: int
) -> None:
    path = write(tmp_path / name)
    found = list(batches(path, ReadOptions(), rows))
    expected = list(read(path))
    assert [row for batch in found for row in batch.frame.iter_rows()] == [
        (item.name, item.passages[0].text) for item in expected if isinstance(item, Document)
    ]
    assert [reject for batch in found for reject in batch.rejects] == [
        item for item in expected if isinstance(item, Reject)
    ]
    assert [batch.rows for batch in found[:-1]] == [rows] * (len(found) - 1)
    assert 0 < found[-1].rows <= rows


def test_a_parquet_column_that_holds_no_texts_is_rejected_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "numbers.parquet"
    pl.DataFrame({"text": [1, 2]}).write_parquet(path)
    [batch] = batches(path, ReadOptions(), 10)
    assert [reject.reason for reject in batch.rejects] == ["'text' is no text but a number"] * 2


def test_a_table_without_a_text_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"words": ["a"]}).write_parquet(path)
    with pytest.raises(MissingColumn, match="its columns are: words"):
        list(batches(path, ReadOptions(), 10))


def test_a_damaged_parquet_file_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(b"PAR1 but no more")
    with pytest.raises(InputError, match=r"rows\.parquet"):
        survey(path)
    with pytest.raises(InputError, match=r"rows\.parquet"):
        list(batches(path, ReadOptions(), 10))


def test_a_parquet_file_damaged_in_the_middle_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"text": [f"Gas became dearer {i}." for i in range(9_000)]}).write_parquet(path)
    data = bytearray(path.read_bytes())
    data[100 : len(data) - 2000] = bytes(len(data) - 2100)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"rows\.parquet is no Parquet file that can be read"):
        list(batches(path, ReadOptions(), 1_000))


def test_a_survey_tells_size_digest_and_about_how_many_rows(tmp_path: Path) -> None:
    table, lines = survey(write(tmp_path / "a.parquet")), survey(write(tmp_path / "b.jsonl"))
    assert (table.rows, lines.rows) == (7, 7)
    assert lines.bytes == (tmp_path / "b.jsonl").stat().st_size
    assert len(lines.sha256) == 64
    assert lines.sha256 != table.sha256


@pytest.mark.parametrize("name", ["story.txt", "page.html"])
def test_what_is_no_table_is_no_archive(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Gas became dearer.", encoding="utf-8")
    with pytest.raises(InputError, match="is no table"):
        survey(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.csv cannot be read"):
        survey(tmp_path / "gone.csv")
