from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.learning.calibration import fit_sigmoid, fit_sigmoids, is_rare
from tagger.learning.model import sigmoid

MARGINS = st.lists(st.floats(-3, 3), min_size=1, max_size=40)


@pytest.mark.parametrize(("slope", "offset"), [(3.0, -1.0), (1.0, 0.5), (6.0, 2.0)])
def test_a_known_sigmoid_is_recovered_from_simulated_margins(slope: float, offset: float) -> None:
    random = np.random.default_rng(0)
    margins = random.normal(size=20_000)
    truth = random.random(20_000) < sigmoid(slope * margins + offset)
    assert fit_sigmoid(margins, truth) == pytest.approx((slope, offset), rel=0.08, abs=0.08)


@given(MARGINS, st.data())
def test_more_evidence_is_never_less_probable(margins: list[float], data: st.DataObject) -> None:
    truth = data.draw(st.lists(st.booleans(), min_size=len(margins), max_size=len(margins)))
    slope, offset = fit_sigmoid(np.array(margins), np.array(truth))
    assert slope > 0
    assert np.isfinite(offset)


@given(st.integers(1, 3), st.integers(5, 60))
def test_a_few_examples_are_no_reason_to_be_certain(positive: int, negative: int) -> None:
    # Even margins that separate perfectly: Platt's targets stop short of 0 and 1.
    margins = np.array([1.0] * positive + [-1.0] * negative)
    slope, offset = fit_sigmoid(margins, margins > 0)
    with_topic, without = sigmoid(slope * np.array([1.0, -1.0]) + offset)
    assert with_topic == pytest.approx((positive + 1) / (positive + 2), abs=1e-4)
    assert without == pytest.approx(1 / (negative + 2), abs=1e-4)


def test_the_probabilities_sum_to_the_expected_number_of_positives() -> None:
    random = np.random.default_rng(2)
    margins = random.normal(size=500)
    truth = random.random(500) < sigmoid(2 * margins - 1)
    slope, offset = fit_sigmoid(margins, truth)
    smoothed = np.where(truth, (truth.sum() + 1) / (truth.sum() + 2), 1 / ((~truth).sum() + 2))
    assert sigmoid(slope * margins + offset).sum() == pytest.approx(smoothed.sum(), rel=1e-6)


def test_margins_that_mislead_are_answered_with_the_base_rate() -> None:
    # Three positives score below all negatives, as the left-out examples of a rare topic may.
    random = np.random.default_rng(0)
    margins = random.normal(-1, 0.5, size=100)
    truth = np.arange(100) < 3
    margins[truth] = -4.0
    slope, offset = fit_sigmoid(margins, truth)
    assert sigmoid(slope * margins + offset) == pytest.approx(0.03, abs=0.01)


def test_margins_without_any_difference_are_answered_with_the_base_rate() -> None:
    slope, offset = fit_sigmoid(np.full(20, -1.0), np.arange(20) < 5)
    assert sigmoid(np.array([offset - slope])) == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("size", [1e-6, 1e3, 1e6])
def test_the_scale_of_the_margins_does_not_break_the_fit(size: float) -> None:
    margins = size * np.array([1.0, 0.8, 1.2, -1.0, -0.9, -1.1])
    slope, offset = fit_sigmoid(margins, margins > 0)
    probabilities = sigmoid(slope * margins + offset)
    assert np.isfinite(probabilities).all()
    assert probabilities[:3].min() >= probabilities[3:].max()


def simulated(sizes: list[int], n: int = 8_000) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Topics whose examples have margins around 0 and whose other texts lie around -1."""
    random = np.random.default_rng(5)
    margins, truth = [], []
    for size in sizes:
        has = np.arange(n) < size
        margins.append(np.where(has, random.normal(-0.1, 0.25, n), random.normal(-1, 0.1, n)))
        truth.append(has)
    return margins, truth


def test_a_rare_topic_borrows_its_sigmoid_from_the_others() -> None:
    margins, truth = simulated([1000, 600, 300, 200, 100, 50, 3])
    margins[-1][:3] = [-0.1, -0.2, -0.95]  # one example was missed by most
    slopes, offsets = fit_sigmoids(margins, truth)
    alone_slope, alone_offset = fit_sigmoid(margins[-1], truth[-1])
    found, alone = (
        sigmoid(a * -0.1 + b) for a, b in [(slopes[-1], offsets[-1]), (alone_slope, alone_offset)]
    )
    assert found > 0.8 > alone
    assert slopes[-1] > alone_slope


def test_topics_with_enough_examples_are_fitted_alone() -> None:
    margins, truth = simulated([1000, 600, 300, 200, 100, 50, 3])
    slopes, offsets = fit_sigmoids(margins, truth)
    for k in range(6):
        assert (slopes[k], offsets[k]) == fit_sigmoid(margins[k], truth[k])


def test_where_few_topics_could_lend_nobody_borrows() -> None:
    margins, truth = simulated([1000, 600, 3])
    slopes, offsets = fit_sigmoids(margins, truth)
    assert (slopes[2], offsets[2]) == fit_sigmoid(margins[2], truth[2])


@settings(max_examples=25)  # every one of them fits up to nine topics of 3,000 texts
@given(st.lists(st.integers(0, 400), min_size=1, max_size=9))
def test_borrowed_or_not_more_evidence_is_never_less_probable(sizes: list[int]) -> None:
    slopes, offsets = fit_sigmoids(*simulated(sizes, 3_000))
    assert (slopes > 0).all()
    assert np.isfinite(offsets).all()


@pytest.mark.parametrize(
    ("has", "of", "rare"), [(29, 3_000, True), (30, 90_000, False), (29, 2_900, False)]
)
def test_a_rare_topic_has_few_examples_and_is_seldom(has: int, of: int, rare: bool) -> None:
    assert is_rare(np.arange(of) < has) is rare
