import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.learning.evaluation import evaluate
from tagger.learning.gate import FLOOR, TOLERANCE, Sample, compare, judge
from tagger.records import TopicId

TOPICS = (TopicId("talks"), TopicId("floods"))


def labels(n=400, seed=0):
    return np.random.default_rng(seed).random((n, 2)) < 0.4


def with_errors(truth, share, seed, topic=None):
    """The truth with a share of its decisions turned round, of one topic or of all."""
    wrong = np.random.default_rng(seed).random(truth.shape) < share
    if topic is not None:
        wrong[:, 1 - topic] = False
    return truth ^ wrong


def test_the_same_answers_pass_with_no_difference_at_all():
    truth = labels()
    answers = with_errors(truth, 0.1, 1)
    change = compare(Sample("test", truth, answers, answers), TOPICS).macro_f1
    assert (change.difference.value, change.difference.low, change.difference.high) == (0, 0, 0)
    assert judge([Sample("test", truth, answers, answers)], TOPICS).passed


def test_a_clear_loss_is_refused_with_the_figures():
    truth = labels()
    current, candidate = with_errors(truth, 0.05, 1), with_errors(truth, 0.15, 2)
    verdict = judge([Sample("test", truth, current, candidate)], TOPICS)
    change = verdict.comparisons[0].macro_f1
    assert not verdict.passed
    assert (
        f"macro-F1 on 400 test paragraphs: {change.before:.3f} -> {change.after:.3f}"
        in (verdict.objections[0])
    )


def test_a_clear_gain_passes():
    truth = labels()
    current, candidate = with_errors(truth, 0.15, 1), with_errors(truth, 0.05, 2)
    assert judge([Sample("test", truth, current, candidate)], TOPICS).passed


def test_one_topic_may_not_pay_for_another():
    truth = labels()
    current = with_errors(truth, 0.2, 1, topic=0)
    candidate = with_errors(truth, 0.1, 2, topic=1)
    verdict = judge([Sample("test", truth, current, candidate)], TOPICS)
    assert verdict.comparisons[0].macro_f1.difference.value > -TOLERANCE
    [objection] = verdict.objections
    assert objection.startswith("floods's F1")


def test_a_loss_that_few_texts_show_is_no_reason_to_refuse():
    truth = labels(n=20)
    candidate = truth.copy()
    candidate[0] = ~candidate[0]
    verdict = judge([Sample("test", truth, truth, candidate)], TOPICS)
    assert verdict.comparisons[0].macro_f1.difference.value < -TOLERANCE
    assert verdict.passed


def test_a_certain_but_small_loss_is_no_reason_to_refuse():
    truth = np.ones((2000, 2), bool)
    candidate = truth.copy()
    candidate[:12] = False
    verdict = judge([Sample("test", truth, truth, candidate)], TOPICS)
    change = verdict.comparisons[0].macro_f1
    assert change.worse == 1
    assert -TOLERANCE < change.difference.value < 0
    assert verdict.passed


def test_a_topic_given_up_is_refused():
    truth = labels()
    candidate = truth.copy()
    candidate[:, 1] = False
    change = compare(Sample("test", truth, truth, candidate), TOPICS).topics[TOPICS[1]]
    assert (change.before, change.after) == (1, 0)
    assert not judge([Sample("test", truth, truth, candidate)], TOPICS).passed


def test_every_sample_must_be_content():
    truth = labels()
    good, bad = with_errors(truth, 0.02, 1), with_errors(truth, 0.2, 2)
    samples = [Sample("test", truth, good, good), Sample("audit", truth, good, bad)]
    verdict = judge(samples, TOPICS)
    assert [bool(one.objections) for one in verdict.comparisons] == [False, True]
    assert not verdict.passed


def answered_anew(truth, redone, seed):
    """An answer and one of the same quality: some texts were answered anew."""
    first, second = with_errors(truth, 0.02, seed), with_errors(truth, 0.02, seed + 1)
    again = np.random.default_rng(seed + 2).random(len(truth)) < redone
    return first, np.where(again[:, None], second, first)


def test_many_topics_do_not_refuse_by_chance_what_is_as_good():
    topics = [TopicId(f"topic {number}") for number in range(40)]
    passed = 0
    for seed in range(0, 60, 6):
        truth = np.random.default_rng(seed).random((800, 40)) < 0.05
        current, candidate = answered_anew(truth, 0.1, seed + 3)
        passed += judge([Sample("test", truth, current, candidate)], topics).passed
    assert passed >= 9


def test_a_topic_given_up_is_refused_among_forty_too():
    topics = [TopicId(f"topic {number}") for number in range(40)]
    truth = np.random.default_rng(0).random((800, 40)) < 0.05
    candidate = truth.copy()
    candidate[:, 7] = False
    verdict = judge([Sample("test", truth, truth, candidate)], topics)
    assert "topic 7's F1 on 800 test paragraphs: 1.000 -> 0.000" in verdict.objections[-1]


def test_without_a_sample_there_is_nothing_to_object_to():
    nothing = np.zeros((0, 2), bool)
    verdict = judge([Sample("test", nothing, nothing, nothing)], TOPICS)
    assert verdict.passed
    assert verdict.comparisons == ()


def test_a_topic_that_no_text_has_is_not_judged():
    truth = labels()
    truth[:, 1] = False
    candidate = truth.copy()
    candidate[:9, 1] = True
    found = compare(Sample("test", truth, truth, candidate), TOPICS)
    assert math.isnan(found.topics[TOPICS[1]].difference.value)
    assert found.macro_f1.after == 1
    assert found.objections == ()


@given(st.integers(0, 10_000), st.floats(0, 0.5), st.floats(0, 0.5))
def test_the_figures_are_those_of_an_evaluation(seed, before, after):
    truth = labels(60, seed) | np.eye(60, 2, dtype=bool)
    current, candidate = with_errors(truth, before, seed + 1), with_errors(truth, after, seed + 2)
    change = compare(Sample("test", truth, current, candidate), TOPICS, resamples=20).macro_f1
    cuts = np.full(2, 0.5)
    for answers, figure in ((current, change.before), (candidate, change.after)):
        judged = evaluate(TOPICS, answers.astype(float), cuts, truth, resamples=1)
        assert figure == pytest.approx(judged.macro_f1.value)


@given(st.integers(0, 10_000))
def test_the_interval_turns_round_with_the_models(seed):
    truth = labels(80, seed)
    a, b = with_errors(truth, 0.1, seed + 1), with_errors(truth, 0.2, seed + 2)
    there = compare(Sample("test", truth, a, b), TOPICS, resamples=50).macro_f1.difference
    back = compare(Sample("test", truth, b, a), TOPICS, resamples=50).macro_f1.difference
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def worsening(truth, steps, seed):
    """Answers that lose a little more at every step."""
    random, answers = np.random.default_rng(seed), with_errors(truth, 0.1, seed)
    for _ in range(steps):
        yield answers
        more = (random.random(truth.shape) < 0.004) & (answers == truth)
        answers = answers ^ more


def macro_f1(truth, answers):
    return (2 * (truth & answers).sum(axis=0) / (truth.sum(axis=0) + answers.sum(axis=0))).mean()


def test_a_chain_of_slightly_worse_models_is_stopped_by_the_best_of_them():
    truth = labels(1000)
    chain = list(worsening(truth, 12, seed=100))
    passed = []
    for number in range(1, len(chain)):
        last, candidate = chain[number - 1], chain[number]
        best = max(chain[:number], key=lambda answers: macro_f1(truth, answers))
        by_last = judge([Sample("test", truth, last, candidate)], TOPICS)
        by_best = judge([Sample("test", truth, best, candidate, "the best", number)], TOPICS)
        passed.append((by_last.passed, by_best.passed))
    assert sum(by_last for by_last, _ in passed) >= 9  # the last one alone stops hardly a step
    stopped = next(number for number, (_, by_best) in enumerate(passed, 1) if not by_best)
    assert macro_f1(truth, chain[0]) - macro_f1(truth, chain[stopped - 1]) < 0.02
    assert macro_f1(truth, chain[0]) - macro_f1(truth, chain[-1]) > 0.025


def test_an_objection_names_the_rival_that_is_better():
    truth = labels()
    sample = Sample("test", truth, truth, with_errors(truth, 0.1, 1), "the best so far, X", 3)
    verdict = judge([sample], TOPICS)
    assert verdict.comparisons[0].against == "the best so far, X"
    assert (
        "macro-F1 on 400 test paragraphs against the best so far, X: 1.000"
        in (verdict.objections[0])
    )


def test_as_good_as_the_luckiest_of_30_is_good_enough():
    refused = refused_if_luck_were_merit = 0
    for seed in range(20, 40):
        truth = labels(1000, seed)
        shared = with_errors(truth, 0.1, seed + 1000)
        served = [with_errors(shared, 0.01, seed + 1000 * k) for k in range(2, 32)]
        best = max(served, key=lambda answers: macro_f1(truth, answers))
        candidate = with_errors(shared, 0.01, seed + 100_000)
        sample = Sample("test", truth, best, candidate, "the best", len(served))
        comparison = judge([sample], TOPICS).comparisons[0]
        refused += bool(comparison.objections)
        refused_if_luck_were_merit += bool(replace(comparison, among=1).objections)
    assert refused <= 2
    assert refused < refused_if_luck_were_merit


def test_candidates_as_good_as_the_current_model_are_seldom_refused():
    refused = 0
    for seed in range(20):
        truth = labels(1000, seed)
        shared = with_errors(truth, 0.1, seed + 1000)
        current, candidate = (with_errors(shared, 0.005, seed + 2000 * k) for k in (1, 2))
        refused += not judge([Sample("test", truth, current, candidate)], TOPICS).passed
    assert refused <= 4
    assert FLOOR > TOLERANCE
