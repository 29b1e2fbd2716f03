from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.learning.folds import deal_folds, hold_out

SEEDS = st.integers(0, 2**32)


@given(SEEDS, st.integers(1, 60), st.integers(1, 12), st.integers(1, 7))
def test_near_copies_share_a_fold(seed: int, n: int, groups: int, folds: int) -> None:
    random = np.random.default_rng(seed)
    truth = random.random((n, 3)) < 0.3
    group = random.integers(0, groups, n)
    dealt = deal_folds(truth, group, folds, seed)
    assert dealt.shape == (n,)
    assert ((dealt >= 0) & (dealt < folds)).all()
    for number in np.unique(group):
        assert len(np.unique(dealt[group == number])) == 1


@given(SEEDS, st.integers(1, 80), st.integers(2, 7))
def test_every_set_of_topics_is_spread_evenly_over_the_folds(seed: int, n: int, folds: int) -> None:
    random = np.random.default_rng(seed)
    truth = random.random((n, 2)) < 0.4
    dealt = deal_folds(truth, np.arange(n), folds, seed)
    for topics in np.unique(truth, axis=0):
        counts = np.bincount(dealt[(truth == topics).all(axis=1)], minlength=folds)
        assert counts.max() - counts.min() <= 1
    assert np.ptp(np.bincount(dealt, minlength=folds)) <= 4  # at most one a set of topics


def test_large_groups_do_not_crowd_one_fold() -> None:
    groups = np.repeat(np.arange(12), 5)
    dealt = deal_folds(np.ones((60, 1), bool), groups, 4, seed=0)
    assert np.bincount(dealt).tolist() == [15, 15, 15, 15]


def test_a_large_group_of_one_set_does_not_keep_another_set_from_its_fold() -> None:
    truth = np.array([[True]] * 6 + [[False]] * 6)
    groups = np.array([0] * 6 + [1, 2, 3, 4, 5, 6])
    dealt = deal_folds(truth, groups, 3, seed=0)
    assert np.bincount(dealt[6:], minlength=3).tolist() == [2, 2, 2]


def test_a_large_group_counts_with_all_its_texts() -> None:
    groups = np.array([0] * 6 + list(range(1, 31)))
    dealt = deal_folds(np.ones((36, 1), bool), groups, 2, seed=0)
    assert np.bincount(dealt).tolist() == [18, 18]


def test_the_same_seed_deals_the_same_folds_and_another_seed_others() -> None:
    truth, groups = np.ones((50, 1), bool), np.arange(50)
    assert np.array_equal(deal_folds(truth, groups, 5, 1), deal_folds(truth, groups, 5, 1))
    assert not np.array_equal(deal_folds(truth, groups, 5, 1), deal_folds(truth, groups, 5, 2))


@pytest.mark.parametrize(("share", "expected"), [(0.1, 10), (0.2, 20), (0.25, 25), (0.5, 50)])
def test_about_the_asked_share_is_held_out_of_every_topic(share: float, expected: int) -> None:
    random = np.random.default_rng(0)
    truth = np.zeros((400, 4), bool)
    truth[np.arange(400), random.permutation(np.repeat(np.arange(4), 100))] = True
    held_out = hold_out(truth, np.arange(400), share, seed=0)
    assert truth[held_out].sum(axis=0).tolist() == [expected] * 4


def test_near_copies_are_held_out_together() -> None:
    groups = np.repeat(np.arange(30), 3)
    held_out = hold_out(np.ones((90, 1), bool), groups, 0.2, seed=0)
    assert all(len(set(held_out[groups == group].tolist())) == 1 for group in range(30))
    assert held_out.sum() == 18
