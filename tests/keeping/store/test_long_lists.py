"""Lists of any length can be asked for: more values than a database takes in one statement."""

from __future__ import annotations

import pytest

from tagger.keeping.store import Article, leases
from tagger.keeping.store.slices import slices
from tagger.records import Paragraph, ParagraphId

MANY = 33_000
"""SQLite takes 32,766 values in one statement, PostgreSQL 65,535."""

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


def test_a_queue_of_any_length_is_lent_decided_as_one_press_and_taken_back(store, decision):
    ids = [ParagraphId(f"{number:05}") for number in range(MANY)]
    store.queue.add([Article("a", tuple(Paragraph(i, "Rain.", "a", int(i)) for i in ids))])
    with store._database.write() as connection:  # Queue.lease would load every one as well
        leases.lend(connection, "Anna", range(1, MANY + 1), store._now())
    assert store.queue.release("Anna", ids) == MANY
    told = []
    done = store.decide_many([decision("Rain.", paragraph=i) for i in ids], "all", told.append)
    assert sum(told) == sum(one.closed for one in done) == MANY
    assert (store.last("Anna")[1], store.queue.counts().left) == (MANY, 0)
    assert len(store.undo("Anna", key="z1").reopened) == store.queue.counts().left == MANY
