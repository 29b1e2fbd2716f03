from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.learning.thresholds import best_f1, choose_thresholds


def choose_threshold(probabilities: np.ndarray, truth: np.ndarray) -> float:
    """The threshold of a topic that is alone."""
    return float(choose_thresholds([probabilities], [truth])[0])


DECISIONS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]) | st.floats(0, 1), st.booleans()),
    min_size=1,
    max_size=30,
)


@given(DECISIONS)
@example([(0.3, True), (0.3, True), (0.3, False), (0.3, False)])
def test_the_best_f1_is_the_best_of_all_cuts(decisions: list[tuple[float, bool]]) -> None:
    from sklearn.metrics import f1_score

    probabilities, truth = (np.array(column) for column in zip(*decisions, strict=True))
    cuts = [f1_score(truth, probabilities >= cut, zero_division=0) for cut in probabilities]
    assert best_f1(probabilities, truth) == pytest.approx(max(cuts))


def test_the_best_f1_does_not_depend_on_the_order_of_equal_probabilities() -> None:
    equal = np.full(6, 0.3)
    first, last = np.arange(6) < 2, np.arange(6) >= 4
    assert best_f1(equal, first) == best_f1(equal, last) == 0.5


def test_a_topic_that_nobody_gave_has_the_best_f1_of_zero() -> None:
    assert best_f1(np.array([0.9, 0.1]), np.array([False, False])) == 0


def test_a_perfect_topic_is_given_from_one_half() -> None:
    assert choose_threshold(np.array([0.9, 0.8, 0.2]), np.array([True, True, False])) == 0.5


def test_a_topic_the_model_is_seldom_sure_of_is_given_from_half_of_its_best_f1() -> None:
    # 300 texts at 0.3, of which 90 have the topic: never given at one half, F1 0.46 at 0.3
    probabilities = np.repeat([0.3, 0.01], [300, 700])
    truth = np.arange(1000) < 90
    threshold = choose_threshold(probabilities, truth)
    assert threshold == best_f1(probabilities, truth) / 2
    assert threshold <= 0.3


def test_a_gain_that_may_be_luck_leaves_the_threshold_at_one_half() -> None:
    # two of three texts between the cuts have the topic: better on these, doubtful on others
    probabilities = np.repeat([0.9, 0.47, 0.1], [200, 3, 800])
    truth = np.concatenate([np.ones(190), np.zeros(10), [1, 1, 0], np.zeros(800)]) > 0
    assert choose_threshold(probabilities, truth) == 0.5


@given(DECISIONS)
def test_a_threshold_is_above_zero_and_never_above_a_half(
    decisions: list[tuple[float, bool]],
) -> None:
    probabilities, truth = (np.array(column) for column in zip(*decisions, strict=True))
    assert 0 < choose_threshold(probabilities, truth) <= 0.5


def test_a_rare_topic_is_given_from_a_third_of_its_best_f1() -> None:
    probabilities = np.repeat([0.4, 0.25, 0.01], [8, 4, 2_000])
    truth = np.concatenate([np.ones(6), np.zeros(2), np.ones(2), np.zeros(2_002)]) > 0
    assert choose_threshold(probabilities, truth) == best_f1(probabilities, truth) / 3


def test_a_topic_with_few_examples_among_few_texts_is_not_rare() -> None:
    probabilities = np.repeat([0.9, 0.1], [8, 100])
    assert choose_threshold(probabilities, probabilities > 0.5) == 0.5


def test_many_topics_that_gain_a_little_each_leave_no_doubt_together() -> None:
    # Alone each gain may be luck; that all ten are lucky may not.
    probabilities = np.repeat([0.9, 0.47, 0.1], [200, 12, 800])
    truth = np.concatenate([np.ones(180), np.zeros(20), np.ones(7), np.zeros(5), np.zeros(800)]) > 0
    assert choose_threshold(probabilities, truth) == 0.5
    together = choose_thresholds([probabilities] * 10, [truth] * 10)
    assert together == pytest.approx(np.full(10, best_f1(probabilities, truth) / 2))


def test_a_rare_topic_has_no_say_in_what_the_others_do() -> None:
    one = np.repeat([0.9, 0.1], [200, 1_800])
    gain = np.repeat([0.4, 0.01], [8, 1_992])
    found = choose_thresholds([one, gain], [one > 0.5, gain > 0.1])
    assert found.tolist() == pytest.approx([0.5, 1 / 3])
