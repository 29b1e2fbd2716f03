"""Parquet, a row group at a time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import polars as pl
import pytest
from pyarrow.parquet import ParquetFile

from tagger.records import Paragraph, ParagraphId, Prediction, TopicId, Version
from tagger.writing import tables
from tagger.writing.tables import open_binary, open_file, parquet_bytes

if TYPE_CHECKING:
    from pathlib import Path

TOPICS = (TopicId("talks"), TopicId("floods"))


def prediction(number: int) -> Prediction:
    aside = "advertisement" if number % 3 == 0 else None
    paragraph = Paragraph(
        ParagraphId(f"{number:020}"), f"Text {number}.", "a.txt", number, furniture=aside
    )
    if aside:
        return Prediction(paragraph, (), {}, Version("v1"))
    return Prediction(paragraph, TOPICS[:1], dict.fromkeys(TOPICS, number / 7), Version("v1"))


def test_no_more_than_a_row_group_is_held_and_all_rows_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "_ROW_GROUP", 10)
    file, sizes = io.BytesIO(), []
    with open_binary(file, "parquet", TOPICS) as writer:
        for number in range(25):
            writer.write(prediction(number))
            sizes.append(file.tell())
    groups = ParquetFile(file).metadata
    assert [groups.row_group(i).num_rows for i in range(groups.num_row_groups)] == [10, 10, 5]
    assert sizes[8] < sizes[9] == sizes[18] < sizes[19] == sizes[24]
    file.seek(0)
    assert pl.read_parquet(file)["index"].to_list() == list(range(25))


def test_columns_have_their_types_even_where_there_is_no_row() -> None:
    kinds = pl.read_parquet(io.BytesIO(parquet_bytes([], TOPICS))).schema
    assert kinds == pl.read_parquet(io.BytesIO(parquet_bytes([prediction(1)], TOPICS))).schema
    assert kinds["topics"] == pl.List(pl.String)
    assert kinds["score_floods"] == pl.Float64
    assert kinds["index"] == pl.Int64


def test_what_is_not_judged_has_no_scores_and_a_name_of_odd_bytes_is_written() -> None:
    aside = prediction(0)
    odd = Paragraph(aside.paragraph.id, "Text.", "caf\udce9.txt", 1)
    data = parquet_bytes([aside, Prediction(odd, (), {}, Version("v1"))], TOPICS)
    found = pl.read_parquet(io.BytesIO(data))
    assert found["score_talks"].to_list() == [None, None]
    assert found["document"].to_list() == ["a.txt", "caf?.txt"]


def write_half(out: Path) -> None:
    with open_file(out, "parquet", TOPICS) as writer:
        writer.write(prediction(1))
        raise ValueError("midway")


def test_a_failure_midway_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="midway"):
        write_half(tmp_path / "out.parquet")
    assert not list(tmp_path.iterdir())
