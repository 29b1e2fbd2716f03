"""Markdown without its markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import InputError
from tagger.reading import ReadOptions, read_stream
from tagger.records import Document, Passage


def read_text(text: str) -> Document:
    [document] = read_stream(text.encode(), "story.md", ReadOptions(format="markdown"))
    assert isinstance(document, Document)
    return document


def texts(text: str) -> list[str]:
    return [passage.text for passage in read_text(text).passages]


def test_the_first_heading_is_the_title_and_others_are_headings() -> None:
    document = read_text("# Harbour *opens*\n\nShips leave.\n\n## Next ##\n\n# Later\n\nMore.")
    assert document.title == "Harbour opens"
    assert document.passages == (
        Passage("Harbour opens", "title"),
        Passage("Ships leave.", "paragraph"),
        Passage("Next", "heading"),
        Passage("Later", "heading"),
        Passage("More.", "paragraph"),
    )


def test_underlined_headings_are_headings() -> None:
    document = read_text("Harbour opens\n====\n\nShips leave.\n\nNext\n---\nMore.")
    assert [passage.role for passage in document.passages] == [
        "title",
        "paragraph",
        "heading",
        "paragraph",
    ]


def test_front_matter_gives_title_date_and_source() -> None:
    document = read_text(
        '---\ntitle: "Harbour: open again"\ndate: 2024-03-04\nsource: Harbour Post\n'
        "author: A. Writer\ntags:\n  - port\n---\nShips leave.\n"
    )
    assert document.title == "Harbour: open again"
    assert document.date == "2024-03-04"
    assert document.source == "Harbour Post"
    assert document.passages == (
        Passage("Harbour: open again", "title"),
        Passage("Ships leave.", "paragraph"),
    )


def test_the_author_stands_in_for_a_source_that_is_not_named() -> None:
    assert read_text("---\nauthor: A. Writer\n---\nShips leave.").source == "A. Writer"


def test_a_title_in_both_front_matter_and_heading_stands_once() -> None:
    assert texts("---\ntitle: Harbour opens\n---\n# Harbour Opens\n\nShips leave.") == [
        "Harbour opens",
        "Ships leave.",
    ]


def test_a_paragraph_between_two_rules_is_no_front_matter() -> None:
    assert texts("---\nShips leave at noon.\n---\nMore.") == ["Ships leave at noon.", "More."]


def test_an_unclosed_front_matter_is_text() -> None:
    assert texts("---\ntitle: Harbour\n\nShips leave.") == ["title: Harbour", "Ships leave."]


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("**Ships** leave *at* noon, __he__ _said_.", "Ships leave at noon, he said."),
        ("Ships [leave](https://port.example/a_(b)) [now][1].", "Ships leave now."),
        ("![A quay](quay.jpg) Ships leave.", "Ships leave."),
        ("Ships leave.[^1]", "Ships leave."),
        ("Ships `leave` <b>now</b>.<!-- check -->", "Ships leave now."),
        ("Grain &amp; coal: 5 < 6, 7 > 3", "Grain & coal: 5 < 6, 7 > 3"),
        (r"A star \* and a snake_case_word", "A star * and a snake_case_word"),
        ("Ships leave\nbefore  \nnoon.", "Ships leave before noon."),
        ("> Ships leave\n> before noon.", "Ships leave before noon."),
        ("1945. That year the port was rebuilt.", "1945. That year the port was rebuilt."),
        ("```quick``` ships leave.", "quick ships leave."),
        ("[1]: https://port.example\nShips leave.", "Ships leave."),
    ],
)
def test_markup_is_taken_off_and_the_words_are_kept(marked: str, plain: str) -> None:
    assert texts(marked) == [plain]


def test_list_items_are_items_with_their_following_lines() -> None:
    document = read_text("Three points:\n\n- Grain\n  first\n* Coal\n1. Oil\n2) Steel\n\nMore.")
    assert [(passage.role, passage.text) for passage in document.passages] == [
        ("paragraph", "Three points:"),
        ("item", "Grain first"),
        ("item", "Coal"),
        ("item", "Oil"),
        ("item", "Steel"),
        ("paragraph", "More."),
    ]


def test_rules_and_fences_part_paragraphs() -> None:
    assert texts("Ships leave.\n\n***\n\nMore.\n```\nlast\n```") == [
        "Ships leave.",
        "More.",
        "last",
    ]


def test_a_file_of_markup_alone_is_refused() -> None:
    with pytest.raises(InputError, match=r"story\.md holds no text"):
        read_text("---\ntitle: Harbour\n---\n\n***\n")


@given(st.lists(st.from_regex(r"[A-Za-z]{1,8}( [A-Za-z]{1,8}){0,5}", fullmatch=True), min_size=1))
def test_plain_paragraphs_come_out_as_they_went_in(paragraphs: list[str]) -> None:
    assert texts("\n\n".join(paragraphs)) == paragraphs


@pytest.mark.parametrize(
    "piece", ["[", "![", "*", "_x", "`", "<!--", "[](", "# #", "- ", "> ", "\\"]
)
def test_endless_markup_is_read_like_any_text(piece: str) -> None:
    # With a pattern that looks ahead to the end each time this would take hours.
    assert "word" in texts(piece * 100_000 + " word\n\nword")[-1]
