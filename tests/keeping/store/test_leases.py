"""Two editors never get the same item, and what one skipped comes back last."""

from __future__ import annotations

import pytest

from tagger.errors import InputError
from tagger.keeping.store import Score

TEXTS = tuple(f"Paragraph {number}." for number in range(8))


@pytest.fixture
def queue(store, article):
    store.queue.add([article("a.html", *TEXTS)])
    return store.queue


@pytest.fixture
def rank(queue, id_of):
    """Puts texts into a lane, the first one most urgent."""

    def into(lane: str, *wanted: str) -> None:
        queue.score(
            Score(id_of(text), {}, (), "v1", priority=100 - n, lane=lane)
            for n, text in enumerate(wanted)
        )

    return into


def texts(items):
    return [item.text for item in items]


def test_an_item_held_by_one_editor_is_given_to_nobody_else(queue):
    assert texts(queue.lease("Anna", 3)) == list(TEXTS[:3])
    assert texts(queue.lease("Boris", 3)) == list(TEXTS[3:6])
    assert texts(queue.lease("Clara", 9)) == list(TEXTS[6:])
    assert queue.lease("Dora", 1) == []


def test_a_page_loaded_again_shows_the_same_items(queue):
    first = queue.lease("Anna", 3)
    assert texts(queue.lease("Anna", 3)) == texts(first)
    assert texts(queue.lease("Anna", 4)) == list(TEXTS[:4])
    assert texts(queue.lease("Anna", 2)) == list(TEXTS[:2])


def test_a_lease_says_whose_it_is_and_until_when(queue, clock):
    (item,) = queue.lease("Anna", 1)
    assert item.leased_by == "Anna"
    assert (item.leased_until - clock.time).total_seconds() == 600


def test_a_lease_ends_after_ten_minutes(queue, clock):
    queue.lease("Anna", 8)
    clock.pass_minutes(9.99)
    assert queue.lease("Boris", 8) == []
    clock.pass_minutes(0.01)
    assert texts(queue.lease("Boris", 8)) == list(TEXTS)
    assert queue.lease("Anna", 8) == []


def test_loading_the_page_again_renews_the_lease(queue, clock):
    queue.lease("Anna", 8)
    clock.pass_minutes(9)
    queue.lease("Anna", 8)
    clock.pass_minutes(9)
    assert queue.lease("Boris", 8) == []


def test_what_is_released_is_there_for_others(queue):
    held = queue.lease("Anna", 8)
    assert queue.release("Boris") == 0
    assert queue.release("Anna", [held[5].paragraph]) == 1
    assert texts(queue.lease("Boris", 8)) == [TEXTS[5]]
    assert queue.release("Anna") == 7
    assert len(queue.lease("Clara", 8)) == 7


def test_a_decided_item_is_leased_no_more(store, queue, decision):
    queue.lease("Anna", 3)
    store.decide(decision(TEXTS[0]))
    assert texts(queue.lease("Anna", 3)) == [TEXTS[1], TEXTS[2], TEXTS[3]]
    assert queue.counts("Boris").held == 3


def test_a_decision_by_one_who_does_not_hold_the_item_counts(store, queue, decision):
    queue.lease("Anna", 3)
    assert store.decide(decision(TEXTS[0], editor="Boris")).closed
    assert TEXTS[0] not in texts(queue.lease("Anna", 3))


def test_a_reopened_item_is_next_for_the_editor_who_undid_it(store, queue, decision, clock):
    queue.lease("Anna", 4)
    store.decide(decision(TEXTS[2]))
    clock.pass_minutes(1)
    store.undo("Anna", key="z1")
    assert texts(queue.lease("Anna", 3)) == [TEXTS[2], TEXTS[0], TEXTS[1]]
    assert TEXTS[2] not in texts(queue.lease("Boris", 8))


def test_a_mix_of_lanes_is_filled_in_the_order_asked(queue, rank):
    rank("doubt", *TEXTS[:3])
    rank("audit", *TEXTS[3:5])
    rank("confident", *TEXTS[5:])
    mix = {"audit": 1, "doubt": 2, "planted": 1}
    wanted = [TEXTS[3], TEXTS[0], TEXTS[1]]
    assert texts(queue.lease("Anna", 5, lanes=mix, fill=False)) == wanted
    assert texts(queue.lease("Boris", 2, lanes={"doubt": 2, "audit": 2})) == [TEXTS[2], TEXTS[4]]
    filled = queue.lease("Anna", 5, lanes=mix)
    assert sorted(texts(filled)) == sorted([*wanted, TEXTS[5], TEXTS[6]])


def test_held_items_count_towards_the_mix(store, queue, rank, decision):
    rank("doubt", *TEXTS[:4])
    rank("audit", *TEXTS[4:])
    mix = {"doubt": 2, "audit": 1}
    queue.lease("Anna", 3, lanes=mix, fill=False)
    store.decide(decision(TEXTS[0]))
    again = texts(queue.lease("Anna", 3, lanes=mix, fill=False))
    assert sorted(again) == sorted([TEXTS[1], TEXTS[2], TEXTS[4]])


def test_only_the_lanes_asked_for_are_given(queue, rank):
    rank("audit", *TEXTS[4:6])
    queue.lease("Anna", 2)
    assert texts(queue.lease("Anna", 9, lanes={"audit": 9}, fill=False)) == list(TEXTS[4:6])


def test_a_second_opinion_is_asked_of_a_colleague_once(store, queue, rank, decision):
    store.decide(decision(TEXTS[7], "peace"))
    rank("second", TEXTS[7])
    ask = {"lanes": {"second": 1}, "fill": False}
    assert queue.lease("Anna", 1, **ask) == []
    assert texts(queue.lease("Boris", 1, **ask)) == [TEXTS[7]]
    assert texts(queue.lease("Boris", 1, **ask)) == [TEXTS[7]]
    assert queue.lease("Clara", 1, **ask) == []
    decided = store.decide(decision(TEXTS[7], "energy", editor="Boris"))
    assert (decided.closed, decided.before.topics) == (False, ("peace",))
    assert queue.lease("Clara", 1, **ask) == []
    assert queue.counts().decided == 1


def test_deciding_again_oneself_is_no_second_opinion(store, queue, rank, decision):
    store.decide(decision(TEXTS[7], "peace"))
    rank("second", TEXTS[7])
    store.decide(decision(TEXTS[7], "energy"))
    assert texts(queue.lease("Boris", 1, lanes={"second": 1}, fill=False)) == [TEXTS[7]]


def test_a_second_opinion_under_way_is_not_disturbed(store, queue, rank, decision):
    for text in (TEXTS[6], TEXTS[7]):
        store.decide(decision(text))
    rank("second", TEXTS[7])
    ask = {"lanes": {"second": 1}, "fill": False}
    queue.lease("Boris", 1, **ask)
    store.decide(decision(TEXTS[7], "peace"))
    assert queue.lease("Clara", 1, **ask) == []
    rank("second", TEXTS[6], TEXTS[7])
    assert texts(queue.lease("Boris", 1, **ask)) == [TEXTS[7]]


def test_an_item_reopened_before_its_second_opinion_is_asked_as_a_first(
    store, queue, rank, decision
):
    store.decide(decision(TEXTS[7], "peace"))
    rank("second", TEXTS[7])
    store.undo("Anna", key="z1")
    queue.release("Anna")
    assert texts(queue.lease("Boris", 1, lanes={"second": 1}, fill=False)) == [TEXTS[7]]
    assert store.decide(decision(TEXTS[7], editor="Boris")).closed


def test_a_skipped_item_comes_back_last(queue, clock, id_of):
    for text in (TEXTS[1], TEXTS[0]):
        queue.skip("Anna", id_of(text))
        clock.pass_minutes(1)
    assert texts(queue.lease("Anna", 2)) == [TEXTS[2], TEXTS[3]]
    assert texts(queue.lease("Anna", 8)) == [*TEXTS[2:], TEXTS[1], TEXTS[0]]


def test_a_skipped_item_is_free_for_colleagues_at_once(queue, id_of):
    queue.lease("Anna", 8)
    queue.skip("Anna", id_of(TEXTS[0]))
    assert texts(queue.lease("Boris", 8)) == [TEXTS[0]]
    assert TEXTS[0] not in texts(queue.lease("Anna", 8))


def test_a_skip_does_not_end_a_colleagues_lease(queue, id_of):
    queue.lease("Boris", 1)
    queue.skip("Anna", id_of(TEXTS[0]))
    assert texts(queue.lease("Boris", 1)) == [TEXTS[0]]


def test_skipping_twice_counts_once_and_goes_to_the_end(queue, clock, id_of):
    for text in (TEXTS[0], TEXTS[1], TEXTS[0]):
        queue.skip("Anna", id_of(text))
        clock.pass_minutes(1)
    assert queue.counts("Anna").skipped == 2
    assert texts(queue.lease("Anna", 8))[-2:] == [TEXTS[1], TEXTS[0]]


def test_skips_are_counted_for_each_editor_while_the_item_is_left(store, queue, decision, id_of):
    queue.skip("Anna", id_of(TEXTS[0]))
    queue.skip("Boris", id_of(TEXTS[0]))
    assert [queue.counts(name).skipped for name in ("Anna", "Boris", "Clara")] == [1, 1, 0]
    store.decide(decision(TEXTS[0]))
    assert queue.counts("Boris").skipped == 0
    store.undo("Anna", key="z1")
    assert [queue.counts(name).skipped for name in ("Anna", "Boris")] == [0, 1]


def test_a_near_copy_can_be_skipped_for_the_whole_group(store, article, id_of):
    pair = ("The ferry left at 9.", "The ferry left at 10.")
    groups = {id_of(text): "ferry" for text in pair}
    store.queue.add([article("a.html", *pair)], groups)
    store.queue.skip("Anna", id_of(pair[1]))
    assert store.queue.counts("Anna").skipped == 1


def test_what_is_not_queued_cannot_be_skipped(queue, id_of):
    with pytest.raises(InputError, match="not in the queue"):
        queue.skip("Anna", id_of("unknown"))


def test_items_held_by_others_are_counted_until_their_leases_end(queue, clock):
    queue.lease("Anna", 3)
    assert [queue.counts(name).held for name in ("Anna", "Boris", None)] == [0, 3, 3]
    clock.pass_minutes(10)
    assert queue.counts("Boris").held == 0


def test_an_unnamed_editor_gets_nothing(queue):
    with pytest.raises(InputError, match="editor"):
        queue.lease("", 1)


def test_asking_for_no_items_gives_none(queue):
    assert queue.lease("Anna", 0) == []
