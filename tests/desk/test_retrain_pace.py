"""How far a retrain is, from its diary."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.desk.retrain_pace import EXPECTED, pace_of, seconds_by_stage

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STAGES = list(EXPECTED)


def at(seconds):
    return (NOON + timedelta(seconds=seconds)).isoformat()


def diary(*stages, expected=None):
    """Lines of a job; stages are (second, name, done, total)."""
    lines = [{"ordered": "x", "at": at(0), "expected": expected or {}}]
    return lines + [
        {"at": at(second), "stage": name, "done": done, "total": total}
        for second, name, done, total in stages
    ]


def test_at_the_beginning_all_the_expected_time_is_left():
    pace = pace_of(diary(), NOON)
    assert (pace.stage, pace.share) == ("starting", 0.0)
    assert pace.left == pytest.approx(sum(EXPECTED.values()))


def test_half_of_the_training_done_leaves_half_of_it_and_what_comes_later():
    expected = {"starting": 1, "training": 10, "saving": 1} | dict.fromkeys(STAGES[1:3], 0)
    expected |= dict.fromkeys(STAGES[4:6], 0)
    lines = diary((1, "training", 0, 6), (4, "training", 3, 6), expected=expected)
    pace = pace_of(lines, NOON + timedelta(seconds=6))
    assert (pace.stage, pace.left) == ("training", pytest.approx(5 + 1))
    assert pace.share == pytest.approx(0.5)


def test_a_slower_machine_makes_the_rest_longer():
    lines = diary((30, "reading labels", 0, 1), (31, "training", 0, 6))
    usual = diary((1, "reading labels", 0, 1), (2, "training", 0, 6))
    slow = pace_of(lines, NOON + timedelta(seconds=31))
    fast = pace_of(usual, NOON + timedelta(seconds=2))
    assert slow.left > 2 * fast.left


def test_who_waits_for_another_retrain_is_told_no_time():
    lines = [*diary(), {"at": at(1), "waits_for": "Waiting for Olha"}]
    pace = pace_of(lines, NOON + timedelta(seconds=5))
    assert (pace.stage, pace.left) == ("waiting", None)


def test_an_ended_job_says_how_long_each_stage_took_without_the_waiting():
    lines = diary((1, "training", 0, 6), (9, "training", 6, 6), (11, "saving", 0, 1))
    lines.insert(1, {"at": at(0.5), "waits_for": "Waiting for Olha"})
    lines.append({"at": at(12), "version": "v1", "serves": False})
    assert seconds_by_stage(lines) == {"starting": 0.5, "training": 10.0, "saving": 1.0}


def test_a_job_that_gave_up_hands_on_what_it_expected():
    assert seconds_by_stage(diary((1, "training", 0, 6), expected={"training": 7})) == {
        "training": 7
    }
    assert seconds_by_stage([]) == {}


@given(
    st.lists(st.tuples(st.floats(0, 100), st.sampled_from([*STAGES, "unheard of"]))),
    st.floats(0, 1000),
    st.integers(0, 3),
)
def test_whatever_the_diary_says_the_share_is_a_share_and_the_rest_not_negative(steps, later, done):
    seconds, stages = 0.0, []
    for step, name in steps:
        seconds += step
        stages.append((seconds, name, done, 3))
    pace = pace_of(diary(*stages), NOON + timedelta(seconds=seconds + later))
    assert 0 <= pace.share <= 0.99
    assert pace.left >= 0
