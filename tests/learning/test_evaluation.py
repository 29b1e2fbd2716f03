from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tagger.learning.evaluation import (
    Evaluation,
    Quality,
    calibration_error,
    confusion,
    evaluate,
    reliability,
    threshold_curve,
    worst_mistakes,
)
from tagger.learning.resampling import Figure
from tagger.records import LabeledExample, TopicId

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.learning.model import Model

TOPICS = tuple(map(TopicId, ("a", "b", "c")))
THRESHOLDS = np.array([0.5, 0.3, 0.8])
TABLES = st.integers(1, 25).flatmap(
    lambda n: st.tuples(
        hnp.arrays(float, (n, 3), elements=st.floats(0, 1) | st.sampled_from([0.3, 0.5, 0.8])),
        hnp.arrays(bool, (n, 3)),
    )
)


def judge(probabilities: Any, truth: Any, **options: int) -> Quality:
    options = {"resamples": 20, **options}
    return evaluate(TOPICS, np.array(probabilities), THRESHOLDS, np.array(truth, bool), **options)


@given(TABLES)
def test_the_figures_are_scikit_learns(
    tables: tuple[NDArray[np.float64], NDArray[np.bool_]],
) -> None:
    from sklearn.metrics import (
        accuracy_score,
        f1_score,
        precision_score,
        recall_score,
    )

    probabilities, truth = tables
    picked = probabilities >= THRESHOLDS
    quality = judge(probabilities, truth)

    def theirs(score: Any, average: str | None) -> Any:
        return score(truth, picked, average=average, zero_division=np.nan)

    topics = quality.topics
    assert [t.precision.value for t in topics] == pytest.approx(
        theirs(precision_score, None), abs=1e-12, nan_ok=True
    )
    assert [t.recall.value for t in topics] == pytest.approx(
        theirs(recall_score, None), abs=1e-12, nan_ok=True
    )
    assert [t.f1.value for t in topics] == pytest.approx(
        theirs(f1_score, None), abs=1e-12, nan_ok=True
    )
    assert quality.micro_f1.value == pytest.approx(
        theirs(f1_score, "micro"), abs=1e-12, nan_ok=True
    )
    assert quality.macro_f1.value == pytest.approx(
        theirs(f1_score, "macro"), abs=1e-12, nan_ok=True
    )
    none = f1_score(~truth.any(axis=1), ~picked.any(axis=1), zero_division=np.nan)
    assert quality.none_f1.value == pytest.approx(none, abs=1e-12, nan_ok=True)
    assert quality.exact_match.value == pytest.approx(accuracy_score(truth, picked))
    assert [t.support for t in topics] == truth.sum(axis=0).tolist()
    assert [t.given for t in topics] == picked.sum(axis=0).tolist()
    assert [t.hits for t in topics] == (truth & picked).sum(axis=0).tolist()


def test_the_figures_of_four_texts_by_hand() -> None:
    truth = [[1, 0, 0], [1, 1, 0], [0, 0, 0], [0, 0, 0]]
    given_ = [[0.5, 0.0, 0.0], [0.4, 0.3, 0.0], [0.9, 0.0, 0.7], [0.1, 0.29, 0.79]]
    quality = judge(given_, truth)
    a, b, c = quality.topics
    assert (a.precision.value, a.recall.value, a.f1.value) == (0.5, 0.5, 0.5)
    assert (b.precision.value, b.recall.value, b.f1.value) == (1, 1, 1)
    assert quality.macro_f1.value == 0.75  # c neither occurs nor was given
    assert quality.micro_f1.value == pytest.approx(2 * 2 / (3 + 3))
    assert quality.exact_match.value == 0.5
    assert quality.none_f1.value == pytest.approx(2 * 1 / (2 + 1))
    assert (quality.n, c.threshold) == (4, 0.8)


def test_a_topic_that_does_not_occur_and_was_not_given_has_no_figures() -> None:
    quality = judge([[0.9, 0.0, 0.0]], [[1, 0, 0]])
    for figure in (quality.topics[1].precision, quality.topics[1].recall, quality.topics[1].f1):
        assert all(map(math.isnan, (figure.value, figure.low, figure.high)))


def test_a_topic_without_support_that_was_given_is_a_mistake_and_counts() -> None:
    quality = judge([[0.9, 0.9, 0.0]], [[1, 0, 0]])
    b = quality.topics[1]
    assert (b.precision.value, b.f1.value) == (0, 0)
    assert math.isnan(b.recall.value)
    assert quality.macro_f1.value == 0.5


def test_a_topic_that_was_never_learned_misses_all_its_texts() -> None:
    quality = evaluate(TOPICS[:1], np.array([[1.0]]), np.array([np.inf]), np.array([[True]]))
    assert (quality.topics[0].recall.value, quality.topics[0].given) == (0, 0)


def figures(quality: Quality) -> list[Figure]:
    totals = [quality.macro_f1, quality.micro_f1, quality.exact_match, quality.none_f1]
    return [*totals, *(f for t in quality.topics for f in (t.precision, t.recall, t.f1))]


@pytest.mark.parametrize("seed", range(20))
def test_an_interval_contains_its_value(seed: int) -> None:
    random = np.random.default_rng(seed)
    n = 5 + 10 * seed
    truth = random.random((n, 3)) < 0.3
    probabilities = np.clip(np.where(truth, 0.7, 0.2) + random.normal(0, 0.3, (n, 3)), 0, 1)
    found = figures(judge(probabilities, truth, resamples=300))
    for figure in found:
        if not math.isnan(figure.value):
            assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_more_texts_make_a_narrower_interval_around_the_truth() -> None:
    random = np.random.default_rng(0)
    right = random.random(2000) < 0.8
    truth = np.column_stack([np.ones(2000, bool), np.zeros((2000, 2), bool)])
    probabilities = np.column_stack([np.where(right, 0.9, 0.1), np.zeros((2000, 2))])
    few, many = (judge(probabilities[:n], truth[:n], resamples=500) for n in (50, 2000))
    assert few.exact_match.high - few.exact_match.low > 0.1
    # The normal interval of a share: 0.8 plus or minus 1.96 * sqrt(0.8 * 0.2 / 2000).
    assert many.exact_match.high - many.exact_match.low == pytest.approx(0.035, abs=0.006)
    assert many.exact_match.low < 0.8 < many.exact_match.high


def test_the_same_seed_gives_the_same_intervals_whatever_the_number_of_steps() -> None:
    random = np.random.default_rng(0)
    probabilities, truth = random.random((40, 3)), random.random((40, 3)) < 0.5
    one, again, other = (
        judge(probabilities, truth, resamples=130, seed=seed) for seed in (0, 0, 1)
    )
    assert one == again
    assert one != other


def test_without_resamples_there_is_no_interval() -> None:
    figure = judge([[0.9, 0.0, 0.0]], [[1, 0, 0]], resamples=0).exact_match
    assert figure.value == 1
    assert math.isnan(figure.low)


def test_a_figure_reads_with_its_interval() -> None:
    assert str(Figure(0.5, 0.25, 0.75)) == "0.500 (0.250-0.750)"


def test_the_calibration_error_by_hand() -> None:
    probabilities = np.array([[0.1], [0.12], [0.95], [1.0]])
    truth = np.array([[False], [True], [True], [True]])
    # two bins of two: |0.11 - 0.5| and |0.975 - 1|
    assert calibration_error(probabilities, truth) == pytest.approx((0.39 + 0.025) / 2)


def test_probabilities_that_mean_what_they_say_have_hardly_an_error() -> None:
    random = np.random.default_rng(0)
    probabilities = random.random((20_000, 1))
    honest = random.random((20_000, 1)) < probabilities
    assert calibration_error(probabilities, honest) < 0.02
    assert calibration_error(probabilities, ~honest) > 0.3


@given(TABLES)
def test_the_reliability_curve_holds_every_decision_once(
    tables: tuple[NDArray[np.float64], NDArray[np.bool_]],
) -> None:
    probabilities, truth = tables
    bins = reliability(probabilities, truth)
    assert sum(b.count for b in bins) == truth.size
    assert sum(b.share for b in bins) == pytest.approx(1)
    assert sum(b.observed * b.count for b in bins) == pytest.approx(truth.sum())
    assert (np.diff([b.predicted for b in bins]) > -1e-12).all()


def test_a_threshold_curve_by_hand() -> None:
    probabilities = np.array([0.9, 0.6, 0.4, 0.1])
    truth = np.array([True, False, True, False])
    rows = threshold_curve(probabilities, truth, [0.0, 0.5, 0.9, 0.95])
    assert rows[0] == pytest.approx((0.0, 0.5, 1.0, 2 / 3))
    assert rows[1] == pytest.approx((0.5, 0.5, 0.5, 0.5))
    assert rows[2] == pytest.approx((0.9, 1.0, 0.5, 2 / 3))
    assert rows[3] == pytest.approx((0.95, math.nan, 0.0, 0.0), nan_ok=True)


NONE: list[int] = []


@pytest.mark.parametrize(
    ("labelled", "given_", "cells"),
    [
        ([0], [0], {(0, 0): 1}),
        ([0], [1], {(0, 1): 1}),
        ([0], NONE, {(0, 2): 1}),
        (NONE, [1], {(2, 1): 1}),
        (NONE, NONE, {(2, 2): 1}),
        ([0, 1], [0, 1], {(0, 0): 1, (1, 1): 1}),
        ([0, 1], NONE, {(0, 2): 1, (1, 2): 1}),
        (NONE, [0, 1], {(2, 0): 1, (2, 1): 1}),
        ([0, 1], [0], {(0, 0): 1}),
        ([0], [0, 1], {(0, 0): 1}),
    ],
    ids=[
        "right",
        "taken for another",
        "missed",
        "invented",
        "rightly none",
        "both right",
        "both missed",
        "both invented",
        "missed beside a right one",
        "added beside a right one",
    ],
)
def test_the_confusion_of_one_text_by_hand(
    labelled: list[int], given_: list[int], cells: dict[tuple[int, int], int]
) -> None:
    truth, given_row = np.zeros((1, 2), bool), np.zeros((1, 2), bool)
    truth[0, labelled], given_row[0, given_] = True, True
    table = confusion(truth, given_row)
    assert table.shape == (3, 3)
    found = {(int(i), int(j)): int(table[i, j]) for i, j in np.argwhere(table)}
    assert found == cells


def test_the_confusion_of_many_texts_is_the_sum_over_the_texts() -> None:
    random = np.random.default_rng(0)
    truth, picked = random.random((50, 3)) < 0.4, random.random((50, 3)) < 0.4
    one_by_one = sum(confusion(truth[[i]], picked[[i]]) for i in range(50))
    assert np.array_equal(confusion(truth, picked), one_by_one)


def test_the_worst_mistakes_are_those_whose_labels_the_model_doubts_most(model: Model) -> None:
    probabilities = np.array(
        [[0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.6, 0.1, 0.1], [0.1, 0.1, 0.01], [0.1, 0.1, 0.45]]
    )
    truth = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 1], [0, 0, 0]], bool)
    examples = [LabeledExample(f"text {i}", frozenset()) for i in range(5)]
    quality = judge(probabilities, truth)
    evaluation = Evaluation(model, "test.jsonl", examples, probabilities, truth, quality, {}, 0)
    # 3: a topic at 1%; 1: one at 10%, another at 90%; 2: given at 60% what nobody gave.
    assert worst_mistakes(evaluation, 5) == [3, 1, 2]
    assert worst_mistakes(evaluation, 1) == [3]
