import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from tagger.learning.suspects import contradictions, doubted_labels, kappa
from tagger.learning.training import train
from tagger.records import LabeledExample, TopicId

RIVER = "The ferry stayed in harbour on Friday as the river stood above the quay and the market."


def labelled(text, *topics):
    return LabeledExample(text, frozenset(map(TopicId, topics)))


def test_the_least_probable_label_comes_first_with_its_topic():
    probabilities = np.array([[0.9, 0.2], [0.4, 0.1], [0.3, 0.95]])
    truth = np.array([[True, False], [True, False], [False, False]])
    found = doubted_labels(probabilities, truth)
    assert [(d.row, d.topic) for d in found] == [(2, 1), (1, 0)]
    assert [d.belief for d in found] == pytest.approx([0.05, 0.4])


def test_a_label_that_is_as_probable_as_asked_for_is_not_doubted():
    assert doubted_labels(np.array([[0.5]]), np.array([[True]])) == []
    assert len(doubted_labels(np.array([[0.5]]), np.array([[True]]), least=0.51)) == 1


def test_planted_label_errors_are_among_the_first(examples, taxonomy):
    wrong = {5, 20, 40}
    spoilt = [
        labelled(e.text, "floods" if "floods" not in e.topics else "talks") if i in wrong else e
        for i, e in enumerate(examples)
    ]
    training = train(spoilt, taxonomy.ids)
    found = doubted_labels(training.probabilities, training.truth)
    assert wrong <= {doubt.row for doubt in found[:12]}


def test_near_copies_with_different_topics_contradict_each_other():
    other = "A choir sang old songs on the square until the lamps went out one by one."
    examples = [
        labelled(RIVER, "floods"),
        labelled(other),
        labelled(RIVER.replace("Friday", "Monday"), "talks"),
        labelled(other.replace("old", "new")),
        labelled(RIVER.replace("Friday", "Sunday"), "floods"),
    ]
    assert contradictions(examples) == [[0, 2, 4]]


def test_two_who_share_nothing_cannot_be_compared():
    assert kappa({"a": 1}, {"b": 1}) is None


def test_full_agreement_is_1_and_agreement_by_chance_is_0():
    answers = {str(i): i % 2 for i in range(10)}
    assert kappa(answers, answers).kappa == 1
    by_chance = {str(i): (i // 2) % 2 for i in range(8)}
    assert kappa({str(i): i % 2 for i in range(8)}, by_chance).kappa == pytest.approx(0)


def test_who_always_say_the_same_one_thing_tell_nothing():
    found = kappa({"a": "x", "b": "x"}, {"a": "x", "b": "x"})
    assert (found.shared, found.agreement) == (2, 1)
    assert math.isnan(found.kappa)


@given(st.integers(0, 10_000), st.integers(2, 40))
def test_kappa_is_that_of_scikit_learn_and_the_same_from_both_sides(seed, n):
    drawn = random.Random(seed)
    one, other = ({str(i): drawn.choice("xyz") for i in range(n)} for _ in range(2))
    found = kappa(one, {**other, "unshared": "x"})
    assert found.shared == n
    assert found.kappa == pytest.approx(kappa(other, one).kappa, nan_ok=True)
    if not math.isnan(found.kappa):
        expected = cohen_kappa_score([*one.values()], [*other.values()])
        assert found.kappa == pytest.approx(expected)
