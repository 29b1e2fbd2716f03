"""What is asked again is lent to one editor at a time, whether or not it is in the queue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tagger.keeping.store import open_store

TEXTS = tuple(f"Paragraph {number}." for number in range(6))


@pytest.fixture
def ids(id_of):
    return [id_of(text) for text in TEXTS]


def test_a_paragraph_lent_to_one_editor_is_lent_to_nobody_else(store, ids):
    assert store.queue.lend("Anna", ids, 2) == ids[:2]
    assert store.queue.lend("Boris", ids, 2) == ids[2:4]
    assert store.queue.lend("Clara", ids[:4], 2) == []


def test_what_an_editor_holds_comes_first_and_stays_theirs_for_ten_minutes_more(store, ids, clock):
    store.queue.lend("Anna", ids[3:], 2)
    clock.pass_minutes(9)
    assert store.queue.lend("Anna", ids, 3) == [ids[3], ids[4], ids[0]]
    clock.pass_minutes(9)
    assert store.queue.lend("Boris", ids, 9) == [ids[1], ids[2], ids[5]]


def test_a_loan_ends_after_ten_minutes(store, ids, clock):
    store.queue.lend("Anna", ids, 9)
    assert store.queue.holds("Anna", ids[0])
    clock.pass_minutes(9.99)
    assert store.queue.lend("Boris", ids, 9) == []
    clock.pass_minutes(0.01)
    assert not store.queue.holds("Anna", ids[0])
    assert store.queue.lend("Boris", ids, 9) == ids


def test_what_is_given_back_is_free_at_once(store, ids):
    store.queue.lend("Anna", ids[:3], 3)
    assert store.queue.release("Boris") == 0
    assert store.queue.release("Anna", [ids[1]]) == 1
    assert store.queue.lend("Boris", ids[:3], 3) == [ids[1]]
    assert store.queue.release("Anna") == 2
    assert not store.queue.holds("Anna", ids[0])


def test_no_editor_is_lent_what_a_colleague_holds_as_an_item_of_the_queue(store, ids, article):
    store.queue.add([article("a.html", *TEXTS)])
    store.queue.lease("Anna", 2)
    assert store.queue.lend("Boris", ids, 2) == ids[2:4]
    assert store.queue.lend("Anna", ids, 2) == ids[:2]


def test_no_editor_gets_an_item_that_a_colleague_holds_by_itself(store, ids, article):
    store.queue.add([article("a.html", *TEXTS)])
    store.queue.lend("Anna", ids, 2)
    assert [item.paragraph for item in store.queue.lease("Boris", 9)] == ids[2:]
    counts = store.queue.counts("Clara")
    assert (counts.left, counts.held) == (6, 6)
    assert store.queue.counts("Anna").held == 4


def test_a_near_copy_of_what_a_colleague_holds_is_no_free_item(store, ids, article):
    store.queue.add([article("a.html", *TEXTS[:2])], {ids[0]: "one", ids[1]: "one"})
    store.queue.lend("Anna", [ids[1]], 1)
    assert store.queue.lease("Boris", 9) == []


def test_editors_who_ask_at_the_same_moment_never_get_the_same(address, id_of):
    ids = [id_of(f"Text {number}.") for number in range(60)]

    def take(name):
        with open_store(address) as store:
            return [store.queue.lend(name, ids, n)[-1] for n in range(1, 11)]

    with open_store(address), ThreadPoolExecutor(4) as pool:
        taken = [set(found) for found in pool.map(take, ("Anna", "Boris", "Clara", "Dora"))]
    assert [len(found) for found in taken] == [10] * 4
    assert len(set.union(*taken)) == 40


def test_nothing_is_lent_where_nothing_is_asked_again(store):
    assert store.queue.lend("Anna", [], 5) == []
