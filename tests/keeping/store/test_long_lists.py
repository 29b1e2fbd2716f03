"""Lists of any length can be asked for: more values than a database takes in one statement."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import event

from tagger.keeping.store import Article
from tagger.keeping.store.slices import slices
from tagger.records import Paragraph, ParagraphId

MANY = 33_000
"""SQLite takes 32,766 values in one statement, PostgreSQL 65,535."""

FEW = 999
"""As many took SQLite before 3.32."""

TEXTS = ("The ferry left.", "The mill was sold.")


@pytest.fixture
def unknown() -> list[ParagraphId]:
    return [ParagraphId(f"unknown {number}") for number in range(MANY)]


def test_slices_hold_everything_once_and_in_order():
    assert list(slices(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(slices([])) == []


def test_the_log_answers_about_more_paragraphs_than_fit_into_a_statement(
    store, decision, id_of, unknown
):
    for text in (*TEXTS, TEXTS[0]):
        store.decide(decision(text, "peace"))
    wanted = [id_of(TEXTS[0]), *unknown, id_of(TEXTS[1])]
    assert [row.sequence for row in store.latest(wanted)] == [2, 3]
    assert [row.sequence for row in store.latest(wanted, by_editor=True)] == [2, 3]
    assert store.texts(wanted) == {id_of(text): text for text in TEXTS}


def test_the_log_answers_about_more_rows_than_fit_into_a_statement(store, decision):
    for text in TEXTS:
        store.decide(decision(text, key=text))
    store.undo("Anna", key="z1")
    assert store.undone(range(MANY)) == {2}
    assert store.altered(range(MANY)) == set()
    assert store.recorded([*map(str, range(MANY)), TEXTS[1]]) == {TEXTS[1]: 2}


@pytest.fixture
def narrow(store):
    """A store whose SQLite takes no more values than before 3.32; PostgreSQL as it is."""
    database = store._database
    if not database.postgres:

        @event.listens_for(database.engine, "connect")
        def limit(connection, _record):
            connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, FEW)

        database.close()  # so that every connection is a new one
    return store


def test_a_queue_of_any_length_is_lent_decided_as_one_press_and_taken_back(narrow, decision):
    count = 2 * FEW
    ids = [ParagraphId(f"{number:05}") for number in range(count)]
    narrow.queue.add([Article("a", tuple(Paragraph(i, "Rain.", "a", int(i)) for i in ids))])
    assert len(narrow.queue.lease("Anna", count)) == count
    assert narrow.queue.release("Anna", ids) == count
    told = []
    done = narrow.decide_many([decision("Rain.", paragraph=i) for i in ids], "all", told.append)
    assert sum(told) == sum(one.closed for one in done) == count
    assert (narrow.last("Anna")[1], narrow.queue.counts().left) == (count, 0)
    assert len(narrow.undo("Anna", key="z1").reopened) == narrow.queue.counts().left == count
