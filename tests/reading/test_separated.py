"""CSV and TSV, with the rows that people break."""

from __future__ import annotations

import csv
import io
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import InputError, MissingColumn
from tagger.reading import ReadOptions, read, read_stream
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from pathlib import Path


def rows(text: str, kind: str = "csv", column: str | None = None) -> list[Document | Reject]:
    options = ReadOptions(format=kind, text_column=column)
    return list(read_stream(text.encode(), "wire.csv", options))


def texts(items: list[Document | Reject]) -> list[str]:
    return [item.passages[0].text for item in items if isinstance(item, Document)]


def rejects(items: list[Document | Reject]) -> list[tuple[int, str, str]]:
    return [(item.row, item.reason, item.raw) for item in items if isinstance(item, Reject)]


def test_each_row_is_a_document_named_by_file_and_row() -> None:
    items = rows("text\nShips leave.\nGrain waits.\n")
    assert [item.name for item in items if isinstance(item, Document)] == [
        "wire.csv:1",
        "wire.csv:2",
    ]


def test_a_cell_may_hold_quotes_commas_and_blank_lines() -> None:
    items = rows('id,text\n1,"Ships, he said, ""leave"".\r\n\r\nGrain waits."\n')
    assert texts(items) == ['Ships, he said, "leave".\n\nGrain waits.']


def test_blank_lines_are_no_rows() -> None:
    items = rows("\n\nid,text\n\n,Ships leave.\n\n\n,Grain waits.\n")
    assert [item.name for item in items if isinstance(item, Document)] == [
        "wire.csv:1",
        "wire.csv:2",
    ]


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_found_in_the_header_and_noted(mark: str, word: str) -> None:
    [item] = rows(f"id{mark}text\n1{mark}Ships, and grain, leave.\n")
    assert isinstance(item, Document)
    assert item.passages[0].text == "Ships, and grain, leave."
    assert item.notes == (f"columns are separated by {word}",)


def test_a_ragged_row_is_rejected_and_the_rest_is_read() -> None:
    items = rows("id,text\n1,Ships leave.\n2,Ships, grain.\n3\n4,Grain waits.\n")
    assert texts(items) == ["Ships leave.", "Grain waits."]
    assert rejects(items) == [
        (2, "3 columns where the header has 2", "2,Ships, grain."),
        (3, "1 columns where the header has 2", "3"),
    ]


@pytest.mark.parametrize(
    "broken", ['2,"Ships leave.', '2,"Ships" leave.', '2,"Ships ""leave"" "now"."'], ids=str
)
@pytest.mark.parametrize("after", ["3,Grain waits.", '3,"Grain waits."'], ids=["bare", "quoted"])
def test_a_stray_quote_costs_one_row_only(broken: str, after: str) -> None:
    items = rows(f"id,text\n1,Ships come.\n{broken}\n{after}\n4,Coal waits.\n")
    assert texts(items) == ["Ships come.", "Grain waits.", "Coal waits."]
    [(number, reason, raw)] = rejects(items)
    assert (number, raw) == (2, broken)
    assert reason.startswith("broken row")


def test_a_cell_longer_than_any_article_is_rejected() -> None:
    items = rows(f"text\n{'x' * 1_000_001}\nShips leave.\n")
    assert texts(items) == ["Ships leave."]
    assert [number for number, _, _ in rejects(items)] == [1]


def test_an_empty_text_is_rejected_and_counted_as_a_row() -> None:
    items = rows("id,text\n1,Ships leave.\n2,\n3,Grain waits.\n")
    assert rejects(items) == [(2, "empty text", "2,")]
    assert len(texts(items)) == 2


def test_a_quotation_in_a_file_with_tabs_is_no_broken_quoting() -> None:
    items = rows('id\ttext\n1\t"Ships leave," the pilot said.\n2\tGrain waits.\n', "tsv")
    assert texts(items) == ['"Ships leave," the pilot said.', "Grain waits."]


def test_a_table_without_a_text_column_is_refused_with_its_columns() -> None:
    with pytest.raises(MissingColumn, match=r"its columns are: id, lead\."):
        rows("id,lead\n1,Ships leave.\n")


def test_the_text_column_may_be_named() -> None:
    assert texts(rows("id,Lead\n1,Ships leave.\n", column="lead")) == ["Ships leave."]


def test_the_first_of_two_columns_with_one_name_is_read() -> None:
    assert texts(rows("text,text\nfirst,second\n")) == ["first"]


def test_a_table_of_a_header_alone_has_no_documents() -> None:
    assert rows("id,text\n") == []


def test_a_broken_header_is_refused() -> None:
    with pytest.raises(InputError, match="broken header"):
        rows('id,"text\n1,Ships leave.\n')


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=30)


@given(st.lists(st.tuples(cells, cells), max_size=8))
def test_what_a_spreadsheet_writes_is_read_back(table: list[tuple[str, str]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([("note", "text"), *table])
    items = rows(file.getvalue())
    assert len(items) == len(table)
    assert texts(items) == [text for _, text in table if text.strip()]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_a_large_table_is_read_in_little_memory(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"wire{suffix}"
    line = "Ships leave before noon. " * 40
    with path.open("w") as file:
        if suffix == ".csv":
            file.write("text\n")
        for _ in range(30_000):
            file.write(f"{line}\n" if suffix == ".csv" else f'{{"text": "{line}"}}\n')
    tracemalloc.start()
    try:
        assert sum(1 for _ in read(path)) == 30_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 30_000_000
    assert peak < 10_000_000
