import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tagger.learning.resampling import (
    divide,
    f1_of,
    figure_of,
    mean_of_defined,
    resampled_sums,
)


@given(arrays(bool, st.tuples(st.integers(1, 200), st.integers(1, 5))), st.integers(0, 200))
def test_the_first_row_is_the_texts_themselves_and_every_resample_has_as_many(columns, resamples):
    ones = np.ones((len(columns), 1), bool)
    sums = resampled_sums(np.column_stack([columns, ones]), resamples, seed=0)
    assert sums.shape == (1 + resamples, columns.shape[1] + 1)
    assert (sums[0, :-1] == columns.sum(axis=0)).all()
    assert (sums[:, -1] == len(columns)).all()


def test_columns_of_a_text_are_drawn_together():
    column = np.arange(50) < 20
    sums = resampled_sums(np.column_stack([column, column, ~column]), 100, seed=0)
    assert (sums[:, 0] == sums[:, 1]).all()
    assert (sums[:, 0] + sums[:, 2] == 50).all()
    assert len(set(sums[1:, 0].tolist())) > 5


def test_the_same_seed_draws_the_same():
    column = np.arange(30)[:, None] < 9
    draws = [resampled_sums(column, 70, seed) for seed in (1, 1, 2)]
    assert (draws[0] == draws[1]).all()
    assert (draws[0] != draws[2]).any()


def test_what_is_not_defined_is_nan_and_left_out_of_means():
    assert np.isnan(divide(np.zeros(1), np.zeros(1)))[0]
    assert np.isnan(f1_of(np.zeros(1), np.zeros(1), np.zeros(1)))[0]
    assert f1_of(np.ones(1), np.full(1, 2.0), np.full(1, 2.0))[0] == 0.5
    means = mean_of_defined(np.array([[0.5, np.nan], [np.nan, np.nan]]))
    assert means[0] == 0.5
    assert np.isnan(means[1])


def test_a_figure_has_the_middle_95_percent_of_its_resamples():
    figure = figure_of(np.concatenate([[7.0], np.arange(1001.0), [np.nan]]))
    assert (figure.value, figure.low, figure.high) == (7, 25, 975)
    assert str(figure_of(np.array([0.5, 0.4, 0.6]))) == "0.500 (0.405-0.595)"
    assert math.isnan(figure_of(np.array([0.5])).low)
