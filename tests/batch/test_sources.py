from __future__ import annotations

import csv
import json
import pickle
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tagger.batch import sources
from tagger.batch.pieces import ARTICLE, File
from tagger.batch.sources import Batch, batches, survey
from tagger.errors import EncodingError, InputError, MissingColumn
from tagger.reading import ReadOptions, read
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = ReadOptions()
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


def cut(*paths: Path, rows: int, options: ReadOptions = PLAIN) -> list[Batch]:
    return list(batches(map(survey, paths), options, rows))


def content(found: list[Batch], options: ReadOptions = PLAIN) -> list[Document | Reject]:
    pieces = [piece for batch in found for piece in batch.pieces]
    return [item for piece in pieces for item in piece.documents(options)]


@pytest.mark.parametrize("name", ["{0}.parquet", "rows.csv", "rows.jsonl"])
@pytest.mark.parametrize("rows", [1, 3, 7, 100])
def test_batches_hold_what_the_reader_of_single_rows_reads(
    tmp_path: Path, name: str, rows: int
) -> None:
    path = write(tmp_path / name)
    found = cut(path, rows=rows)
    assert content(found) == list(read(path))
    assert all(0 < batch.rows <= rows for batch in found)
    if path.suffix != ".parquet":  # whose row groups end within
        assert [batch.rows for batch in found[:-1]] == [rows] * (len(found) - 1)


def test_small_files_share_a_batch_and_articles_weigh_more_than_rows(tmp_path: Path) -> None:
    tables = [write(tmp_path / f"{number}.csv") for number in range(4)]
    assert [batch.rows for batch in cut(*tables, rows=14)] == [14, 14]
    articles = []
    for number in range(5):
        articles.append(tmp_path / f"{number}.txt")
        articles[-1].write_text("The river fell.", encoding="utf-8")
    assert [batch.rows for batch in cut(*articles, rows=2 * ARTICLE)] == [2, 2, 1]


@pytest.mark.parametrize("name", ["rows.parquet", "rows.jsonl"])
def test_long_texts_make_small_batches(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_HEAVIEST", 100_000)
    frame = pl.DataFrame({"text": [f"{number} {'x' * 20_000}" for number in range(30)]})
    path = tmp_path / name
    if path.suffix == ".parquet":
        frame.write_parquet(path, compression="uncompressed")
    else:
        frame.write_ndjson(path)
    found = cut(path, rows=1000)
    assert content(found) == list(read(path))
    assert max(batch.rows for batch in found) <= 6


def test_a_piece_is_the_same_after_a_journey(tmp_path: Path) -> None:
    paths = [write(tmp_path / name) for name in ("a.parquet", "b.csv")]
    found = cut(*paths, rows=3)
    assert content(pickle.loads(pickle.dumps(found))) == content(found)


def test_an_article_s_bytes_read_elsewhere_are_the_article(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<article><h1>Floods</h1><p>The river fell by a metre.</p></article>")
    there = File(page, 1)
    away = File(page, 1, page.read_bytes())
    page.rename(tmp_path / "moved.html")
    assert list(away.documents(PLAIN)) == [
        Document(str(page), next(iter(read(tmp_path / "moved.html"))).passages, title="Floods")
    ]
    with pytest.raises(InputError, match="does not exist"):
        list(there.documents(PLAIN))


def test_a_parquet_column_that_holds_no_texts_is_rejected_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "numbers.parquet"
    pl.DataFrame({"text": [1, 2]}).write_parquet(path)
    found = content(cut(path, rows=10))
    assert [r.reason for r in found if isinstance(r, Reject)] == [
        "'text' is no text but a number"
    ] * 2


@pytest.mark.parametrize("name", ["rows.parquet", "rows.csv", "rows.jsonl"])
def test_a_table_without_a_text_column_fails_as_in_the_reader(tmp_path: Path, name: str) -> None:
    found = cut(write(tmp_path / name), rows=10, options=ReadOptions("words"))
    with pytest.raises(MissingColumn, match="its columns are: "):
        content(found, ReadOptions("words"))


def test_what_was_read_before_a_failure_is_in_the_batches(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"text\nThe river fell.\n" * 3 + "río".encode("utf-16"))
    [batch] = cut(path, rows=10)
    with pytest.raises((InputError, EncodingError)):
        content([batch])


def test_a_damaged_parquet_file_fails_with_its_name_and_stops_no_other(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    path.write_bytes(b"PAR1 but no more")
    whole = write(tmp_path / "whole.csv")
    [batch] = cut(path, whole, rows=100)
    damaged, other = batch.pieces
    with pytest.raises(InputError, match=r"rows\.parquet"):
        list(damaged.documents(PLAIN))
    assert list(other.documents(PLAIN)) == list(read(whole))


def test_a_parquet_file_damaged_in_the_middle_fails_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame({"text": [f"Gas became dearer {i}." for i in range(9_000)]}).write_parquet(path)
    data = bytearray(path.read_bytes())
    data[100 : len(data) - 2000] = bytes(len(data) - 2100)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"rows\.parquet is no Parquet file that can be read"):
        content(cut(path, rows=1_000))


def test_a_survey_tells_size_digest_and_about_how_many_rows(tmp_path: Path) -> None:
    table, lines = survey(write(tmp_path / "a.parquet")), survey(write(tmp_path / "b.jsonl"))
    assert (table.rows, lines.rows) == (7, 7)
    assert lines.bytes == (tmp_path / "b.jsonl").stat().st_size
    assert len(lines.sha256) == 64
    assert lines.sha256 != table.sha256


def test_a_missing_file_fails_when_it_is_to_be_tagged(tmp_path: Path) -> None:
    for name in ("gone.csv", "gone.parquet", "gone.txt"):
        found = cut(tmp_path / name, rows=10)
        with pytest.raises(InputError, match=rf"{name} does not exist"):
            content(found)
