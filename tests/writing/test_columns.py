"""Columns of predictions, and what is written of those that are held for them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.records import Paragraph, ParagraphId, Prediction, TopicId, Version
from tagger.writing.columns import as_utf8, harmless, rounded
from tagger.writing.tables import open_stream

TOPICS = (TopicId("talks"), TopicId("floods"))
HALVES = st.integers(0, 999_999).map(lambda number: (number + 0.5) / 1e6)


@example([1e308, float("inf"), float("nan"), None, -0.0, 1e-300])
@given(st.lists(st.one_of(st.none(), st.floats(0, 1), HALVES, st.floats())))
def test_scores_are_rounded_as_one_by_one(scores: list[float | None]) -> None:
    found = rounded(scores)
    alone = [None if score is None else round(score, 6) for score in scores]
    assert list(map(repr, found)) == list(map(repr, alone))


def test_a_cell_that_begins_like_a_formula_is_marked_as_text() -> None:
    cells = ["=1+1", "@here", "-5", "＝x", "", "a=b", None, -5, -0.5]
    assert harmless(cells) == ["'=1+1", "'@here", "'-5", "'＝x", "", "a=b", None, -5, -0.5]


def test_what_is_no_utf8_becomes_a_question_mark() -> None:
    assert as_utf8(["plain", "Київ", "caf\udce9.txt"]) == ["plain", "Київ", "caf?.txt"]


def prediction(number: int) -> Prediction:
    paragraph = Paragraph(ParagraphId(f"{number:020}"), f"Text {number}.", "a.txt", number)
    return Prediction(paragraph, TOPICS, dict.fromkeys(TOPICS, 0.25), Version("v1"))


def write_some(file: io.StringIO, rows: int) -> None:
    with open_stream(file, "csv", TOPICS) as writer:
        for number in range(rows):
            writer.write(prediction(number))
        raise KeyboardInterrupt


def test_rows_that_are_held_are_written_where_a_person_stops_a_stream() -> None:
    file = io.StringIO(newline="")
    with pytest.raises(KeyboardInterrupt):
        write_some(file, 1_003)
    rows = list(csv.DictReader(io.StringIO(file.getvalue(), newline="")))
    assert [row["index"] for row in rows] == [str(number) for number in range(1_003)]
    assert {(row["topics"], row["score_floods"], row["why"]) for row in rows} == {
        ("talks;floods", "0.25", "")
    }
