"""An exported log in a new database is the log that it was."""

from __future__ import annotations

import json

import pytest

from tagger.errors import InputError
from tagger.keeping.store import open_store


@pytest.fixture
def rows(store, decision, clock):
    """Three decisions, of which one was taken back, as an export has them."""
    store.decide(decision("The ferry left.", "floods", reason="audit", seconds=2.5))
    clock.pass_minutes(3)
    store.decide_many([decision("Nobody came — “again”."), decision("A dam broke.")], "one press")
    store.undo("Anna", 1, key="undone")
    return json.loads(json.dumps(list(store.export())))


@pytest.fixture
def empty(fresh):
    with fresh() as where, open_store(where) as store:
        yield store


def test_a_restored_log_is_the_same_to_the_last_hash_and_goes_on(store, empty, rows, decision):
    assert empty.restore(rows) == 4
    assert list(empty.export()) == rows
    assert empty.log() == store.log()
    assert empty.count() == store.count() == 2
    empty.decide(decision("The ferry came back."))
    assert empty.verify().problem is None
    assert empty.verify().rows == 5


def test_a_log_is_restored_only_where_nothing_was_decided_or_queued(
    store, empty, rows, decision, article
):
    with pytest.raises(InputError, match="decided or queued here already"):
        store.restore(rows)
    empty.queue.add([article("story", "The ferry left.")])
    with pytest.raises(InputError, match="decided or queued here already"):
        empty.restore(rows)
    assert empty.log() == []


@pytest.mark.parametrize(
    ("row", "change", "message"),
    [
        (1, {"topics": ["talks"]}, "Row 2 was edited"),
        (0, {"sequence": 5}, "Row"),
        (0, {"sequence": "1"}, "Line 1 is no row"),
        (2, {"extra": 1}, "Line 3 is no row"),
    ],
)
def test_an_export_that_was_edited_is_refused_and_nothing_is_written(
    empty, rows, row, change, message
):
    rows[row] |= change
    with pytest.raises(InputError, match=message):
        empty.restore(rows)
    with pytest.raises(InputError, match="missing"):
        empty.restore(rows[1:3] if row == 0 else rows[row + 1 :])
    assert empty.log() == []


def test_the_export_of_an_empty_log_restores_to_one(empty):
    assert empty.restore([]) == 0
    assert empty.verify().problem is None
