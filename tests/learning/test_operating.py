import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tagger.learning.model import sigmoid
from tagger.learning.operating import (
    CUTS,
    NONE,
    SAFETY,
    Curve,
    curves,
    curves_as_data,
    curves_of_data,
    sureness,
)
from tagger.records import TopicId

TOPICS = (TopicId("talks"), TopicId("energy"), TopicId("floods"))
HALF = np.full(3, 0.5)


def drawn(n, seed=0):
    """Probabilities of n texts that mean what they say, and what comes true."""
    random = np.random.default_rng(seed)
    scores = random.normal(-1.5, 3, (n, 3))
    return sigmoid(scores), random.random((n, 3)) < sigmoid(scores)


def test_sureness_is_the_chance_that_the_whole_answer_is_right():
    probabilities = np.array([[0.9, 0.2, 0.1], [0.1, 0.2, 0.0]])
    given = probabilities >= HALF
    assert sureness(probabilities, given) == pytest.approx([0.9 * 0.8 * 0.9, 0.9 * 0.8])


@given(arrays.arrays(float, (7, 3), elements=st.floats(0, 1)))
def test_a_paragraph_alone_is_as_sure_as_among_others_to_the_last_bit(probabilities):
    given = probabilities >= HALF
    together = sureness(probabilities, given)
    alone = [sureness(probabilities[[row]], given[[row]])[0] for row in range(7)]
    assert together.tolist() == alone


def test_a_curve_counts_the_paragraphs_at_least_so_sure_and_those_fully_right():
    probabilities, truth = drawn(400)
    found = curves(TOPICS, probabilities, probabilities >= HALF, truth)
    assert set(found) == {*TOPICS, NONE}
    given = probabilities >= HALF
    right = (given == truth).all(axis=1)
    for name, rows in [(NONE, ~given.any(axis=1)), ("energy", given[:, 1])]:
        place = 20
        above = rows & (sureness(probabilities, given) >= CUTS[place])
        assert found[name].given[place] == above.sum()
        assert found[name].right[place] == (above & right).sum()


def test_the_cut_is_the_lowest_that_is_surely_right_often_enough():
    curve = Curve((0.5, 0.7, 0.9), (1000, 500, 100), (900, 470, 99))
    assert curve.cut_for(0.85) == 0.5
    assert curve.cut_for(0.90) == 0.7  # 900 of 1,000 may be luck
    assert curve.cut_for(0.99) == math.inf


def test_too_few_examples_prove_nothing():
    perfect = Curve((0.9,), (20,), (20,))
    assert perfect.cut_for(0.95) == math.inf
    assert perfect.cut_for(0.85) == 0.9


def test_a_higher_aim_never_asks_less():
    probabilities, truth = drawn(3000)
    found = curves(TOPICS, probabilities, probabilities >= HALF, truth)
    for curve in found.values():
        cuts = [curve.cut_for(aim / 100) for aim in range(50, 100)]
        assert cuts == sorted(cuts)


def test_the_promise_is_kept_on_paragraphs_that_the_cut_never_saw():
    later, truth_later = drawn(40_000, seed=99)
    given = later >= HALF
    right, sure = (given == truth_later).all(axis=1), sureness(later, given)
    broken = made = 0
    for seed in range(40):
        probabilities, truth = drawn(4000, seed)
        for name, curve in curves(TOPICS, probabilities, probabilities >= HALF, truth).items():
            rows = ~given.any(axis=1) if name == NONE else given[:, TOPICS.index(name)]
            by_itself = rows & (sure >= curve.cut_for(0.85))
            made += by_itself.any()
            broken += by_itself.any() and right[by_itself].mean() < 0.85
    assert made >= 140
    assert broken / made <= 1 - SAFETY


def test_a_card_keeps_the_curves_of_ninety_topics_in_little_space():
    names = [TopicId(f"topic {number}") for number in range(90)]
    random = np.random.default_rng(0)
    probabilities = random.random((500, 90)) ** 8
    found = curves(names, probabilities, probabilities >= 0.5, probabilities > 0.4)
    written = json.dumps(curves_as_data(found))
    assert len(written) < 60_000
    assert curves_of_data(json.loads(written)) == found
