from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.desk.correct import decide
from tagger.desk.coverage import (
    NONE,
    coverage_of,
    day_of,
    spots_of_store,
)
from tagger.desk.queue import queue_documents
from tagger.keeping.store import Article, Spot
from tagger.paragraphs import paragraph_id
from tagger.records import Paragraph

WIRE = (
    "The river burst its banks on Monday night and flooded some forty houses in the lower "
    "village, the district office said, while rescuers brought families out in boats."
)


def figures(rows):
    return {(row.group, row.topic): (row.decided, row.suggested) for row in rows}


def test_topics_are_counted_by_date_and_source_and_by_who_said_so():
    spots = [
        Spot("2026-03-01", "wire", ("talks", "energy"), decided=True),
        Spot("2026-03-01", "wire", ("talks",)),
        Spot("2026-03-02T08:00:00Z", "daily", ()),
        Spot("2026-03-02", None, ("talks",)),
        Spot("last week", "wire", ()),
        Spot("2026-03-02", "wire", None),
    ]
    found = coverage_of(spots)
    assert found.step == "day"
    assert figures(found.by_date) == {
        ("2026-03-01", "energy"): (1, 0),
        ("2026-03-01", "talks"): (1, 1),
        ("2026-03-01", NONE): (0, 0),
        ("2026-03-02", "energy"): (0, 0),
        ("2026-03-02", "talks"): (0, 1),
        ("2026-03-02", NONE): (0, 1),
    }
    assert [row.group for row in found.by_source] == ["wire"] * 3 + ["daily"] * 3
    assert {row.group: row.paragraphs for row in found.by_source} == {"wire": 3, "daily": 1}
    assert (found.decided, found.suggested, found.unjudged) == (1, 4, 1)
    assert (found.undated, found.unsourced) == (1, 1)


@pytest.mark.parametrize(
    ("last", "step", "groups"),
    [
        ("2026-01-31", "day", ["2026-01-01", "2026-01-31"]),
        ("2026-02-01", "week", ["2025-12-29", "2026-01-26"]),
        ("2026-07-02", "month", ["2026-01-01", "2026-07-01"]),
    ],
)
def test_a_longer_span_is_told_in_longer_periods(last, step, groups):
    found = coverage_of([Spot("2026-01-01", None, ()), Spot(last, None, ())])
    assert found.step == step
    assert [row.group for row in found.by_date] == groups


def test_topics_asked_for_have_rows_even_where_there_is_nothing():
    found = coverage_of([Spot("2026-01-01", None, ())], ["talks", "energy"])
    assert [row.topic for row in found.by_date] == ["talks", "energy", NONE]
    assert coverage_of([]).by_date == ()


@given(st.text(max_size=12))
def test_anything_but_an_iso_date_is_no_day(text):
    day = day_of(text)
    assert day is None or isinstance(day, date)


def test_the_queue_counts_decisions_before_suggestions_in_every_place(
    store, model, document, taxonomy, many
):
    edited = WIRE.replace("Monday", "Tuesday")
    queue_documents(
        [
            document("a", WIRE, many[0], date="2026-03-01", source="wire"),
            document("b", edited, "Share this article", WIRE, date="2026-03-02", source="daily"),
        ],
        store,
        model,
    )
    decide(store, paragraph_id(WIRE), ["energy"], "ann", key="1", taxonomy=taxonomy)
    suggested = model.chosen(model.probabilities([many[0]]))[0]
    assert list(spots_of_store(store)) == [
        Spot("2026-03-01", "wire", ("energy",), decided=True),
        Spot("2026-03-01", "wire", suggested, decided=False),
        Spot("2026-03-02", "daily", ("energy",), decided=True),
        Spot("2026-03-02", "daily", ("energy",), decided=True),
    ]
    found = coverage_of(store, taxonomy.ids)
    assert (found.decided, found.suggested, found.unjudged) == (3, 1, 0)


def test_what_no_model_has_judged_yet_is_told_apart_from_none(store):
    paragraph = Paragraph(paragraph_id(WIRE), WIRE, "a", 0)
    store.queue.add([Article("a", (paragraph,), date="2026-03-01")])
    found = coverage_of(store)
    assert (found.unjudged, found.by_date) == (1, ())
