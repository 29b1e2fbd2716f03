"""Decisions, undoing them, and which one holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from tagger.errors import InputError
from tagger.keeping.store import Shown, chain, open_store, verifying

QUAY = "The ferry left the quay at noon."
MILL = "The old mill was sold to its workers."


def topics_held(store, **options):
    return {c.text: c.topics for c in store.latest(**options)}


def test_a_correction_keeps_all_that_was_decided_and_shown(store, decision, clock, id_of):
    shown = Shown({"energy": 0.25, "peace": 0.75}, ("peace",), "v1", hidden=True)
    given = decision(QUAY, "peace", "energy", key="k1", reason="doubt", shown=shown, seconds=2.5)
    made = store.decide(given).correction
    (kept,) = store.log()
    assert kept == made
    assert (kept.sequence, kept.action, kept.undoes, kept.batch) == (1, "decide", None, "")
    assert (kept.paragraph, kept.text, kept.editor) == (id_of(QUAY), QUAY, "Anna")
    assert kept.topics == ("energy", "peace")
    assert (kept.reason, kept.shown, kept.seconds, kept.key) == ("doubt", shown, 2.5, "k1")
    assert kept.time == clock.time


def test_times_come_back_in_utc_wherever_the_clock_stands(address, decision):
    local = datetime(2026, 11, 22, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    with open_store(address, now=lambda: local) as store:
        store.decide(decision(QUAY))
        (kept,) = store.log()
    assert kept.time == local
    assert kept.time.tzinfo is UTC
    assert kept.time.day == 21


def test_a_clock_without_a_time_zone_is_refused(address, clock, decision):
    with open_store(address, now=clock) as store:
        clock.time = datetime(2026, 11, 22, 9, 0)  # noqa: DTZ001  # the mistake to be refused
        with pytest.raises(ValueError, match="no time zone"):
            store.decide(decision(QUAY))
        assert store.log() == []


def test_none_of_them_is_an_answer(store, decision):
    store.decide(decision(QUAY))
    assert topics_held(store) == {QUAY: ()}


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert('$_*')</script>",
        "\u202eright to left\u200f",
        "Zürich, Київ, 北京, 😀",
        "a\tb\r\n" * 5000,
        "100 % of %s and :name and {brace} and ' \" \\",
    ],
)
def test_any_text_is_kept_as_it_is(store, decision, text):
    store.decide(decision(text, "peace"))
    assert store.log()[0].text == text
    assert store.verify().problem is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"editor": "  "}, "editor"),
        ({"editor": "two\nlines"}, "editor"),
        ({"key": ""}, "key"),
        ({"seconds": -1.0}, "time taken"),
        ({"seconds": float("nan")}, "time taken"),
        ({"shown": Shown({"peace": float("inf")})}, "score of peace"),
        ({"reason": "\ud800"}, "reason"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_name(store, decision, change, named):
    with pytest.raises(InputError, match=named) as refused:
        store.decide(decision(QUAY, **change))
    assert refused.value.cure
    assert store.log() == []


def test_a_text_with_a_nul_character_is_refused_on_every_database(store, decision):
    with pytest.raises(InputError, match="no database keeps"):
        store.decide(decision("half\x00binary"))


def test_scores_of_numpy_are_kept_as_plain_numbers(store, decision):
    shown = Shown({"peace": np.float32(0.5), "energy": np.float64(-0.0)})
    store.decide(decision(QUAY, shown=shown, seconds=np.float64(3)))
    (kept,) = store.log()
    assert kept.shown.scores == {"peace": 0.5, "energy": 0.0}
    assert store.verify().problem is None


def test_the_same_key_a_second_time_records_nothing(store, decision):
    first = store.decide(decision(QUAY, "peace", key="press 1 of Anna"))
    again = store.decide(decision(QUAY, "energy", key="press 1 of Anna"))
    assert not first.repeated
    assert again.repeated
    assert again.correction == first.correction
    assert len(store.log()) == 1


def test_a_key_of_another_paragraph_or_editor_is_refused_not_swallowed(store, decision):
    store.decide(decision(QUAY, key="k1"))
    for other in (decision(MILL, key="k1"), decision(QUAY, key="k1", editor="Boris")):
        with pytest.raises(InputError, match="used before, by Anna"):
            store.decide(other)
    with pytest.raises(InputError, match="used before"):
        store.undo("Anna", key="k1")


def test_a_decision_tells_which_one_stood_before(store, decision):
    first = store.decide(decision(QUAY, "peace"))
    second = store.decide(decision(QUAY, "energy", editor="Boris"))
    assert first.before is None
    assert second.before == first.correction


def test_the_latest_decision_holds_for_a_paragraph(store, decision):
    store.decide(decision(QUAY, "peace"))
    store.decide(decision(MILL, "energy"))
    store.decide(decision(QUAY, "energy", editor="Boris"))
    assert topics_held(store) == {MILL: ("energy",), QUAY: ("energy",)}


def test_the_latest_decision_holds_for_each_editor(store, decision):
    store.decide(decision(QUAY, "peace"))
    store.decide(decision(QUAY, "energy", editor="Boris"))
    store.decide(decision(QUAY))
    held = {c.editor: c.topics for c in store.latest(by_editor=True)}
    assert held == {"Anna": (), "Boris": ("energy",)}


def test_the_latest_can_be_asked_for_some_paragraphs(store, decision, id_of):
    store.decide(decision(QUAY, "peace"))
    store.decide(decision(MILL, "energy"))
    assert topics_held(store, paragraphs=[id_of(MILL), id_of("unknown")]) == {MILL: ("energy",)}
    assert topics_held(store, paragraphs=[]) == {}


def test_undo_takes_back_the_editors_last_decision(store, decision):
    store.decide(decision(QUAY, "peace"))
    last = store.decide(decision(MILL, "energy", reason="doubt")).correction
    store.decide(decision(QUAY, editor="Boris"))
    assert store.last("Anna") == (last, 1)
    undone = store.undo("Anna", key="z1")
    assert (undone.status, undone.decisions) == ("undone", (last,))
    (row,) = undone.corrections
    assert (row.action, row.undoes, row.sequence) == ("undo", last.sequence, 4)
    assert (row.paragraph, row.text, row.topics) == (last.paragraph, MILL, ("energy",))
    assert topics_held(store) == {QUAY: ()}


def test_after_an_undo_the_decision_before_holds_again(store, decision):
    store.decide(decision(QUAY, "peace"))
    store.decide(decision(QUAY, "energy"))
    store.undo("Anna", key="z1")
    assert topics_held(store) == {QUAY: ("peace",)}


def test_undo_goes_back_step_by_step_until_nothing_is_left(store, decision):
    store.decide(decision(QUAY))
    store.decide(decision(MILL))
    texts = [store.undo("Anna", key=f"z{n}").decisions[0].text for n in range(2)]
    assert texts == [MILL, QUAY]
    assert store.undo("Anna", key="z9").status == "nothing"
    assert store.last("Anna") == (None, 0)
    assert len(store.log()) == 4


def test_the_same_undo_key_a_second_time_undoes_nothing_more(store, decision):
    store.decide(decision(QUAY))
    store.decide(decision(MILL))
    first = store.undo("Anna", key="z1")
    again = store.undo("Anna", key="z1")
    assert again.status == "repeated"
    assert (again.decisions, again.corrections) == (first.decisions, first.corrections)
    assert topics_held(store) == {QUAY: ()}


def test_an_undo_of_one_decision_says_why_it_cannot_be(store, decision):
    made = store.decide(decision(QUAY)).correction
    assert store.undo("Boris", made.sequence, key="z1").status == "not_yours"
    assert store.undo("Anna", 99, key="z2").status == "unknown"
    row = store.undo("Anna", made.sequence, key="z3").corrections[0]
    again = store.undo("Anna", made.sequence, key="z4")
    assert (again.status, again.decisions) == ("already", (made,))
    assert store.undo("Anna", row.sequence, key="z5").status == "unknown"
    assert len(store.log()) == 2


def test_an_undo_by_an_unnamed_editor_is_refused(store):
    with pytest.raises(InputError, match="editor"):
        store.undo(" ", key="z1")


def test_one_undo_reverses_a_batch(store, decision):
    store.decide_many([decision("Before.", "peace")], batch="page 0")
    store.decide_many([decision(QUAY, "peace"), decision(MILL, "peace")], batch="page 1")
    first, size = store.last("Anna")
    assert (first.text, size) == (QUAY, 2)
    undone = store.undo("Anna", key="z1")
    assert [c.text for c in undone.decisions] == [QUAY, MILL]
    assert {c.batch for c in undone.corrections} == {"z1"}
    assert topics_held(store) == {"Before.": ("peace",)}
    assert store.undo("Anna", key="z1").corrections == undone.corrections


def test_an_undo_leaves_a_colleagues_part_of_a_batch(store, decision):
    both = [decision(QUAY, "peace"), decision(MILL, "energy", editor="Boris")]
    store.decide_many(both, batch="import.jsonl")
    store.undo("Anna", key="z1")
    assert topics_held(store) == {MILL: ("energy",)}


def test_many_decisions_are_recorded_all_or_none(store, decision):
    with pytest.raises(InputError, match=r"Decision 2: The editor"):
        store.decide_many([decision(QUAY), decision(MILL, editor="")], batch="b")
    with pytest.raises(InputError, match="used before"):
        store.decide_many([decision(QUAY, key="k"), decision(MILL, key="k")], batch="b")
    assert store.log() == []


def test_a_file_imported_twice_is_recorded_once(store, decision):
    lines = [decision(QUAY, key="f:1"), decision(MILL, key="f:2")]
    store.decide_many(lines, batch="f")
    assert [d.repeated for d in store.decide_many(lines, batch="f")] == [True, True]
    assert len(store.log()) == 2


def test_the_log_can_be_filtered_and_paged(store, decision, clock, id_of):
    start = clock.time
    for text, editor in [(QUAY, "Anna"), (MILL, "Boris"), (QUAY, "Boris")]:
        store.decide(decision(text, editor=editor))
        clock.pass_minutes(1)
    later = start + timedelta(minutes=1)

    def found(**by):
        return [c.sequence for c in store.log(**by)]

    assert found() == [3, 2, 1]
    assert found(limit=1) == [3]
    assert found(editor="Boris") == [3, 2]
    assert found(paragraph=id_of(QUAY)) == [3, 1]
    assert found(since=later) == [3, 2]
    assert found(until=later) == [1]


def test_the_log_tells_which_decisions_were_undone(store, decision):
    store.decide(decision(QUAY))
    store.decide(decision(MILL))
    store.undo("Anna", key="z1")
    assert store.undone([1, 2, 3]) == {2}


def test_decisions_that_stand_are_counted(store, decision, clock):
    store.decide(decision(QUAY))
    clock.pass_minutes(1)
    store.decide(decision(MILL))
    store.decide(decision(MILL, editor="Boris"))
    store.undo("Boris", key="z1")
    assert store.count() == 2
    assert store.count(editor="Boris") == 0
    assert store.count(since=clock.time) == 1
    assert store.count(after=1) == 1


def test_the_export_holds_every_row_as_json_in_order(store, decision, monkeypatch):
    monkeypatch.setattr(chain.page, "__defaults__", (2,))  # several pages from few rows
    shown = Shown({"peace": 1 / 3}, ("peace",), "v1")
    for number in range(4):
        store.decide(decision(f"Paragraph {number}.", "peace", shown=shown, seconds=1 / 3))
    store.undo("Anna", key="z1")
    rows = [json.loads(json.dumps(row)) for row in store.export()]
    assert [row["sequence"] for row in rows] == [1, 2, 3, 4, 5]
    assert rows[0]["topics"] == ["peace"]
    assert rows[0]["shown"]["scores"] == {"peace": 1 / 3}
    assert rows[4]["undoes"] == 4
    assert [row["sequence"] for row in store.export(after=3)] == [4, 5]


def test_an_export_can_be_checked_without_the_database(store, decision):
    for number in range(3):
        store.decide(decision(f"Paragraph {number}.", seconds=0.1))
    lines = [json.dumps(row) for row in store.export()]
    assert verifying.verify(json.loads(line) for line in lines) == store.verify()
    lines[1] = lines[1].replace("Anna", "Boris")
    assert verifying.verify(json.loads(line) for line in lines).problem.sequence == 2


def test_what_was_recorded_is_there_after_the_store_is_opened_again(address, decision):
    with open_store(address) as store:
        store.decide(decision(QUAY, "peace"))
    with open_store(address) as store:
        assert topics_held(store) == {QUAY: ("peace",)}
        assert store.verify().rows == 1
