"""JSONL, with the lines that machines break."""

from __future__ import annotations

import json

import pytest

from tagger.errors import MissingColumn
from tagger.reading import ReadOptions, read_stream
from tagger.records import Document, Reject


def rows(*lines: str, column: str | None = None) -> list[Document | Reject]:
    options = ReadOptions(format="jsonl", text_column=column)
    return list(read_stream("\n".join(lines).encode(), "wire.jsonl", options))


def good(text: str = "Ships leave.", **fields: object) -> str:
    return json.dumps({"text": text, **fields})


def test_broken_json_on_line_17_is_rejected_and_the_rest_is_read() -> None:
    items = rows(*[good()] * 16, '{"text": "Ships', *[good()] * 3)
    assert len(items) == 20
    [reject] = [item for item in items if isinstance(item, Reject)]
    assert (reject.file, reject.row, reject.raw) == ("wire.jsonl", 17, '{"text": "Ships')
    assert reject.reason.startswith("broken JSON: ")
    assert items[16] is reject


def test_rows_are_named_by_their_line_and_blank_lines_count() -> None:
    items = rows(good(), "", good(), "   ", good(id="h-3"))
    names = [item.name for item in items if isinstance(item, Document)]
    assert names == ["wire.jsonl:1", "wire.jsonl:3", "wire.jsonl:h-3"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1, 2]", "no JSON object but a list"),
        ('"Ships"', "no JSON object but a text"),
        ("null", "no JSON object but null"),
        ("12", "no JSON object but a number"),
        ('{"id": 1}', "no field text or body or content or paragraph or article"),
        ('{"text": null}', "empty text"),
        ('{"text": "  "}', "empty text"),
        ('{"text": ["Ships"]}', "'text' is no text but a list"),
        ("[" * 100_000, "broken JSON: nested too deeply"),
    ],
    ids=range(9),
)
def test_a_line_without_a_text_is_rejected_with_the_reason(line: str, reason: str) -> None:
    first, second = rows(line, good())
    assert first == Reject("wire.jsonl", 1, reason, line)
    assert isinstance(second, Document)


def test_a_number_too_long_to_read_breaks_its_own_line_only() -> None:
    first, second = rows('{"text": "a", "n": ' + "9" * 5000 + "}", good())
    assert isinstance(first, Reject)
    assert isinstance(second, Document)


def test_a_text_may_hold_several_paragraphs() -> None:
    [item] = rows(good("Ships leave.\r\n\r\nGrain waits."))
    assert isinstance(item, Document)
    assert [passage.text for passage in item.passages] == ["Ships leave.\n\nGrain waits."]


def test_a_line_separator_inside_a_text_is_no_line_end() -> None:
    [item] = rows('{"text": "Ships\u2028leave.\x85Now."}')
    assert isinstance(item, Document)


def test_half_an_emoji_can_be_written_again() -> None:
    [item] = rows(r'{"text": "Ships \ud83d leave \ud83d\ude00", "id": "\ud83d"}')
    assert isinstance(item, Document)
    assert item.passages[0].text == "Ships � leave 😀"
    item.name.encode()


def test_a_file_without_a_text_field_is_refused_with_its_fields() -> None:
    with pytest.raises(MissingColumn, match=r"its columns are: id, lead, rubric\."):
        rows('{"id": 1, "lead": "Ships"}', "broken", '{"id": 2, "rubric": "Port"}')


def test_a_named_field_that_is_nowhere_is_refused() -> None:
    with pytest.raises(MissingColumn, match="no column 'lead'"):
        rows(good(), column="lead")


def test_the_fields_of_each_line_are_its_own() -> None:
    items = rows('{"text": "Ships leave."}', '{"Body": "Grain waits.", "headline": "Port"}')
    assert [item.passages[0].text for item in items if isinstance(item, Document)] == [
        "Ships leave.",
        "Grain waits.",
    ]


def test_lines_far_into_a_file_are_checked_like_the_first() -> None:
    items = rows(*[good()] * 1500, "broken", good())
    assert [item.row for item in items if isinstance(item, Reject)] == [1501]
    assert len(items) == 1502
