"""Struck words are kept as corrections are: for good, in order, each with its author."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from tagger.errors import InputError
from tagger.keeping.store import chain, open_store
from tagger.keeping.store.migrations import migrate
from tagger.keeping.store.steps import STEPS


@pytest.fixture
def struck(store, clock):
    """Two words struck by Anna, the first of them restored by Boris an hour later."""
    store.strikes.strike("odesa", "battlefield", "Anna", "only a place")
    store.strikes.strike("paris", "peace", "Anna")
    clock.pass_minutes(60)
    store.strikes.restore(1, "Boris", "the port is shelled daily")
    return store


def test_a_strike_says_who_what_when_and_why(store, clock):
    row, new = store.strikes.strike("odesa", "battlefield", " Anna ", "only a place")
    assert new
    assert (row.sequence, row.action, row.restores) == (1, "strike", None)
    assert (row.word, row.topic, row.editor) == ("odesa", "battlefield", "Anna")
    assert (row.why, row.time) == ("only a place", clock())


def test_a_word_that_is_struck_already_is_not_struck_again(store):
    first, _ = store.strikes.strike("odesa", "battlefield", "Anna")
    assert store.strikes.strike("odesa", "battlefield", "Boris") == (first, False)
    assert store.strikes.strike("odesa", "peace", "Boris")[1]
    assert len(store.strikes.log()) == 2


def test_what_the_caller_has_read_does_not_keep_a_word_from_being_struck(store):
    first, _ = store.strikes.strike("odesa", "battlefield", "Anna")
    again, new = store.strikes.strike("odesa", "battlefield", "Boris", seen=first.sequence)
    assert (again.sequence, new) == (2, True)
    assert store.strikes.strike("odesa", "battlefield", "Cora", seen=1) == (again, False)


def test_anybody_may_restore_and_both_rows_stay(struck, clock):
    assert [row.word for row in struck.strikes.standing()] == ["paris"]
    first, _, last = struck.strikes.log()
    assert (first.action, last.action, last.restores) == ("strike", "restore", 1)
    assert (last.word, last.topic, last.editor) == ("odesa", "battlefield", "Boris")
    assert last.time == clock() > first.time


def test_a_word_is_restored_once_and_can_be_struck_anew(struck):
    again, new = struck.strikes.restore(1, "Cora")
    assert (again.editor, new) == ("Boris", False)
    assert struck.strikes.strike("odesa", "battlefield", "Cora")[1]
    assert [row.sequence for row in struck.strikes.standing()] == [2, 4]


@pytest.mark.parametrize("number", [0, 3, 99])
def test_what_was_never_struck_cannot_be_restored(struck, number):
    with pytest.raises(InputError):
        struck.strikes.restore(number, "Anna")
    assert len(struck.strikes.log()) == 3


@pytest.mark.parametrize(("word", "editor"), [("", "Anna"), ("odesa", " "), ("x" * 201, "Anna")])
def test_a_blank_or_endless_name_is_refused(store, word, editor):
    with pytest.raises(InputError):
        store.strikes.strike(word, "peace", editor)
    assert store.strikes.log() == []


def test_strikes_are_no_decisions_and_leave_their_log_as_it_was(store, decision):
    store.decide(decision("A paragraph.", "peace"))
    before = list(store.export())
    store.strikes.strike("odesa", "battlefield", "Anna")
    assert list(store.export()) == before
    assert store.count() == 1


def test_strikes_survive_the_program(address, clock):
    with open_store(address, now=clock) as store:
        store.strikes.strike("odesa", "battlefield", "Anna")
    with open_store(address, now=clock) as store:
        assert [row.word for row in store.strikes.standing()] == ["odesa"]


def test_the_log_of_strikes_verifies_and_its_export_can_be_checked_elsewhere(struck):
    checked = struck.strikes.verify()
    rows = list(struck.strikes.export())
    assert (checked.rows, checked.hash, checked.problem) == (3, rows[-1]["hash"], None)
    assert all(chain.digest(row) == row["hash"] for row in rows)
    assert [row["previous"] for row in rows] == [chain.BEGINNING, *(r["hash"] for r in rows[:-1])]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE strikes SET topic = 'peace' WHERE sequence = 1", "Row 1 was edited"),
        ("DELETE FROM strikes WHERE sequence = 2", "Row 2 is missing"),
        ("DELETE FROM strikes WHERE sequence = 3", "the log ends too early"),
        ("DELETE FROM strike_head", "note of which row was written last is gone"),
    ],
)
def test_a_strike_altered_by_hand_is_found(struck, change, found):
    database = struck._database
    guards = (
        ["ALTER TABLE strikes DISABLE TRIGGER USER"]
        if database.postgres
        else ["DROP TRIGGER strikes_no_update", "DROP TRIGGER strikes_no_delete"]
    )
    with database.write() as connection:
        for statement in [*guards, change]:
            connection.exec_driver_sql(statement)
    assert found in struck.strikes.verify().problem.message
    assert struck.verify().problem is None


@pytest.mark.parametrize("change", ["UPDATE strikes SET why = ''", "DELETE FROM strikes"])
def test_the_database_itself_refuses_to_change_a_strike(struck, change):
    with pytest.raises(DBAPIError, match="only grow"), struck._database.engine.begin() as writing:
        writing.exec_driver_sql(change)
    assert len(struck.strikes.log()) == 3


def test_a_database_from_before_struck_words_gets_their_tables_and_keeps_its_decisions(
    address, clock, decision
):
    from tagger.keeping.store.connection import connect

    database = connect(address, patience=5)
    migrate(database, clock(), STEPS[:2])
    database.close()
    with open_store(address, now=clock) as store:
        store.decide(decision("A paragraph.", "peace"))
        assert store.strikes.standing() == []
        assert store.verify().rows == 1
