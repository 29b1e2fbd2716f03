"""Presses too fast to have been meant are not decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.ui.guard import DWELL, FLOOR, RUN, Guard

ENOUGH = DWELL + 0.01  # seconds; sums of floats are not exact


@pytest.fixture
def guard():
    watch = Guard()
    watch.show("a", 0.0)
    return watch


def test_a_press_on_a_paragraph_that_was_read_counts(guard):
    assert guard.press("a", 3.0) == "taken"


def test_a_press_within_the_dwell_time_is_early(guard):
    assert guard.press("a", DWELL - 0.01) == "early"
    assert guard.press("a", ENOUGH) == "taken"


def test_the_second_of_two_presses_on_one_paragraph_is_early(guard):
    assert guard.press("a", 3.0) == "taken"
    assert guard.press("a", 3.1) == "early"
    assert guard.press("a", 9.0) == "early"


def test_the_second_of_two_presses_is_early_for_the_next_paragraph_too(guard):
    assert guard.press("a", 3.0) == "taken"
    guard.show("b", 3.1)
    assert guard.press("b", 3.2) == "early"


def test_a_press_for_a_paragraph_that_is_gone_is_early(guard):
    guard.show("b", 3.0)
    assert guard.press("a", 6.0) == "early"


def test_drawing_the_same_paragraph_again_does_not_restart_the_clock(guard):
    guard.show("a", 1.0)
    assert guard.waited(1.5) == 1.5
    assert guard.press("a", 1.2) == "taken"


def test_a_paragraph_shown_again_after_its_decision_can_be_decided_again(guard):
    assert guard.press("a", 3.0) == "taken"
    guard.show("a", 3.1)
    assert guard.press("a", 3.2) == "early"
    assert guard.press("a", 3.1 + ENOUGH) == "taken"


def decide_quickly(guard, times):
    answers = []
    for number in range(times):
        guard.show(f"p{number}", float(number))
        answers.append(guard.press(f"p{number}", number + FLOOR - 0.1))
    return answers


def test_a_run_of_decisions_at_the_floor_makes_a_pause():
    watch = Guard()
    assert decide_quickly(watch, RUN) == ["taken"] * RUN
    assert watch.paused
    watch.show("next", 100.0)
    assert watch.press("next", 200.0) == "paused"


def test_one_decision_that_took_its_time_ends_the_run():
    watch = Guard()
    decide_quickly(watch, RUN - 1)
    watch.show("slow", 100.0)
    assert watch.press("slow", 102.0) == "taken"
    assert watch.fast == 0
    decide_quickly(watch, RUN - 1)
    assert not watch.paused


def test_after_the_pause_the_paragraph_must_be_on_the_screen_anew():
    watch = Guard()
    decide_quickly(watch, RUN)
    watch.show("next", 100.0)
    watch.resume(200.0)
    assert not watch.paused
    assert watch.press("next", 200.1) == "early"
    assert watch.press("next", 200.0 + ENOUGH) == "taken"


def test_a_skip_needs_the_dwell_time_and_makes_no_pause():
    watch = Guard()
    for number in range(3 * RUN):
        watch.show(f"p{number}", float(number))
        assert not watch.step(f"p{number}", number + DWELL / 2)
        assert watch.step(f"p{number}", number + ENOUGH)
    assert not watch.paused


def test_the_first_undo_counts_at_once_and_the_second_after_the_dwell_time():
    watch = Guard()
    watch.show("a", 5.0)
    assert watch.undo(5.0)
    assert not watch.undo(5.0 + DWELL / 2)
    assert watch.undo(5.0 + ENOUGH)


def test_a_page_may_ask_for_a_longer_look():
    watch = Guard(dwell=2.0)
    watch.show("batch", 0.0)
    assert watch.press("batch", 1.9) == "early"
    assert watch.press("batch", 2.0) == "taken"


@given(st.lists(st.floats(0.0, 0.2), max_size=40))
def test_a_key_held_down_never_decides_more_than_a_few(gaps):
    """Whatever the key's rate, with the next paragraph drawn at once after each decision."""
    watch, now, taken = Guard(), 0.0, 0
    watch.show("p0", now)
    for gap in gaps:
        now += gap
        if watch.press(f"p{taken}", now) == "taken":
            taken += 1
            watch.show(f"p{taken}", now)
    assert taken <= min(now / DWELL, RUN)
