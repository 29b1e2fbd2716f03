"""Which columns of a table are read, and as what."""

from __future__ import annotations

import datetime as dt

import pytest

from tagger.errors import MissingColumn
from tagger.reading.tables import choose_columns, missing_column, to_document
from tagger.records import Document, Passage, Reject


def document_of(row: dict[str, object], wanted: str | None = None) -> Document | Reject:
    columns = choose_columns(tuple(row), wanted)
    assert columns is not None
    return to_document(row, columns, file="wire.csv", number=7, raw="the row")


@pytest.mark.parametrize("column", ["text", "Body", " CONTENT ", "paragraph", "article"])
def test_the_text_is_found_by_its_usual_names_in_any_capitals(column: str) -> None:
    document = document_of({"other": "x", column: "Ships leave."})
    assert isinstance(document, Document)
    assert document.passages == (Passage("Ships leave.", "text"),)


def test_the_likelier_of_two_usual_names_is_the_text() -> None:
    columns = choose_columns(("body", "text"), None)
    assert columns is not None
    assert columns.text == "text"


def test_a_named_column_wins_over_the_usual_ones() -> None:
    columns = choose_columns(("text", "Lead"), "lead")
    assert columns is not None
    assert columns.text == "Lead"


def test_a_named_column_that_is_missing_is_not_replaced_by_a_usual_one() -> None:
    assert choose_columns(("text",), "lead") is None


def test_id_title_date_and_source_are_taken_where_they_are() -> None:
    document = document_of(
        {
            "URL": "https://port.example/1",
            "Headline": "Harbour opens",
            "published": dt.date(2024, 3, 4),
            "outlet": "Harbour Post",
            "body": "Ships leave.",
        }
    )
    assert document == Document(
        "https://port.example/1",
        (Passage("Ships leave."),),
        title="Harbour opens",
        date="2024-03-04",
        source="Harbour Post",
    )


@pytest.mark.parametrize("row", [{}, {"id": None}, {"id": "  "}, {"id": {"a": 1}}])
def test_a_row_without_an_id_is_named_by_file_and_row(row: dict[str, object]) -> None:
    document = document_of({"text": "Ships leave.", **row})
    assert isinstance(document, Document)
    assert document.name == "wire.csv:7"


@pytest.mark.parametrize("own", [42, "42"])
def test_a_row_is_named_by_file_and_id_as_two_tables_may_both_have_an_id_42(own: object) -> None:
    document = document_of({"text": "Ships leave.", "id": own})
    assert isinstance(document, Document)
    assert document.name == "wire.csv:42"


def test_a_row_with_an_id_or_a_url_that_is_an_address_is_named_by_it_alone() -> None:
    for column in ("id", "url"):
        document = document_of({"text": "Ships leave.", column: "https://port.example/1"})
        assert isinstance(document, Document)
        assert document.name == "https://port.example/1"


@pytest.mark.parametrize("text", [None, "", " \n\t"])
def test_an_empty_text_is_rejected_with_its_row(text: str | None) -> None:
    assert document_of({"text": text}) == Reject("wire.csv", 7, "empty text", "the row")


@pytest.mark.parametrize(
    ("value", "kind"),
    [(5, "a number"), (True, "true or false"), (["a"], "a list"), ({}, "an object")],
)
def test_a_text_that_is_no_text_is_rejected_by_its_kind(value: object, kind: str) -> None:
    item = document_of({"text": value})
    assert isinstance(item, Reject)
    assert item.reason == f"'text' is no text but {kind}"


def test_a_missing_column_lists_the_columns_there_are() -> None:
    error = missing_column("wire.csv", ["lead", "rubric"], None)
    assert isinstance(error, MissingColumn)
    assert "its columns are: lead, rubric." in error.message
    assert "--text-column" in error.cure


def test_a_table_of_a_hundred_columns_still_gets_a_short_message() -> None:
    error = missing_column("wire.csv", ["a long name " * 50] * 100, "lead")
    assert "no column 'lead'" in error.message
    assert len(error.message) < 1000
