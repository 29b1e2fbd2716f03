"""Standard input, which has no suffix."""

from __future__ import annotations

import pytest

from tagger.errors import InputError
from tagger.reading import FORMATS, ReadOptions, read_stream
from tagger.records import Document

SHIPS = "The harbour opened again on Monday after a week of storms, the port said."


def only(text: str, kind: str | None = None) -> Document:
    [document] = read_stream(text.encode(), "standard input", ReadOptions(format=kind))
    assert isinstance(document, Document)
    return document


def test_text_is_text_without_a_word() -> None:
    document = only(f"{SHIPS}\n\nGrain waits.")
    assert document.name == "standard input"
    assert [passage.role for passage in document.passages] == ["text"]
    assert document.notes == ()


@pytest.mark.parametrize(
    "text", ["[1] A footnote\nand text", "{braces} and text", "<3 ships", "a<b>"]
)
def test_text_that_begins_oddly_is_still_text(text: str) -> None:
    assert only(text).passages[0].role == "text"


def test_lines_of_json_objects_are_jsonl_and_noted() -> None:
    document = only(f'\n{{"text": "{SHIPS}", "id": "h-1"}}\n')
    assert document.name.endswith(":h-1")
    assert document.notes == (
        "taken for jsonl by its first line (name another with --input-format)",
    )


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>\n<html><body>", "\n<html><body>", "<!-- x -->\n<body>", "<div>", ""]
)
def test_what_begins_like_a_page_is_html_and_noted(start: str) -> None:
    document = only(f"{start}<p>{SHIPS}</p>")
    assert document.passages[0].text == SHIPS
    assert "taken for html" in document.notes[0]


@pytest.mark.parametrize("word", ["html", "HTML", ".htm", "htm"])
def test_a_named_format_is_used_and_not_noted(word: str) -> None:
    assert only(f"<html><body><p>{SHIPS}</p></body></html>", word).notes == ()


def test_a_named_format_wins_over_how_the_bytes_look() -> None:
    assert only(f"<p>{SHIPS}</p>", "text").passages[0].text == f"<p>{SHIPS}</p>"


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="There is no format 'docx'") as caught:
        only(SHIPS, "docx")
    assert all(name in caught.value.cure for name in FORMATS)


def test_nothing_on_standard_input_is_refused() -> None:
    with pytest.raises(InputError, match="standard input is empty"):
        only("")


def test_a_detected_encoding_is_noted_beside_the_format() -> None:
    text = "Гавань снова открыта после недели штормов, сообщил начальник порта."
    data = f'{{"text": "{text}"}}'.encode("cp1251")
    [document] = read_stream(data, "standard input")
    assert isinstance(document, Document)
    assert document.passages[0].text == text
    assert len(document.notes) == 2
