from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tagger.learning.audit import WINDOW, Answer, by_version, by_week, measure, measures

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
TALKS, FLOODS = frozenset({"talks"}), frozenset({"floods"})


def answer(days, *, right, model="v1"):
    return Answer(NOON + timedelta(days=days), model, TALKS, TALKS if right else FLOODS)


def test_precision_counts_what_was_given_and_recall_what_was_said():
    said = np.array([[1, 0], [1, 0], [1, 1], [0, 0], [0, 0]], bool)
    given = np.array([[1, 0], [0, 0], [1, 0], [1, 0], [0, 0]], bool)
    found = measure(("talks", "floods"), said, given)
    talks, floods = found.topics
    assert (talks.precision.right, talks.precision.of) == (2, 3)
    assert (talks.recall.right, talks.recall.of) == (2, 3)
    assert (floods.precision.of, floods.recall.right, floods.recall.of) == (0, 0, 1)
    assert (found.none.precision.right, found.none.precision.of, found.none.recall.of) == (1, 2, 2)
    assert (found.fully_right.right, found.fully_right.of, found.n) == (2, 5, 5)


def test_weeks_begin_on_monday():
    found = by_week([answer(1, right=False), answer(0, right=True), answer(-6, right=False)])
    assert [(w.name, w.fully_right.right, w.fully_right.of) for w in found] == [
        ("2026-11-16", 1, 2),
        ("2026-11-23", 0, 1),
    ]


def test_versions_stand_in_the_order_they_were_audited():
    answers = [answer(3, right=True, model="a"), answer(0, right=True, model="b")]
    assert [version.name for version in by_version(answers)] == ["b", "a"]


@pytest.mark.parametrize(("age", "still"), [(0, True), (180, True), (180.001, False), (400, False)])
def test_an_answer_measures_for_180_days(age, still):
    assert timedelta(days=180) == WINDOW
    assert measures(NOON - timedelta(days=age), NOON) is still
