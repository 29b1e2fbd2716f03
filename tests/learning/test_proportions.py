import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from tagger.learning.proportions import at_least, share


def test_a_share_comes_with_its_exact_interval():
    one = share(197, 214)
    assert one.value == pytest.approx(0.9206, abs=1e-4)
    assert (one.low, one.high) == pytest.approx((0.8759, 0.9530), abs=1e-4)


def test_of_no_paragraphs_nothing_is_claimed():
    assert math.isnan(share(0, 0).value)
    assert str(share(0, 0)) == "not measured"
    assert at_least(0, 0, 0.9) == 0


def test_even_where_all_were_right_the_interval_leaves_room():
    assert share(20, 20).high == 1
    assert share(20, 20).low == pytest.approx(0.025 ** (1 / 20))
    assert share(0, 20).low == 0


@given(st.integers(1, 400), st.floats(0.001, 0.999))
def test_however_few_the_paragraphs_the_interval_holds_the_truth_in_95_of_100_samples(n, truth):
    hits = np.arange(n + 1)
    low, high = at_least(hits, np.full(n + 1, n), 0.975), 1 - at_least(n - hits, n, 0.975)
    assert binom.pmf(hits, n, truth)[(low <= truth) & (truth <= high)].sum() >= 0.95 - 1e-9


@given(st.integers(1, 400), st.floats(0.001, 0.999), st.sampled_from([0.8, 0.9, 0.95]))
def test_a_lower_bound_is_above_the_truth_no_more_often_than_promised(n, truth, sure):
    hits = np.arange(n + 1)
    too_high = at_least(hits, np.full(n + 1, n), sure) > truth
    assert binom.pmf(hits, n, truth)[too_high].sum() <= 1 - sure + 1e-9
