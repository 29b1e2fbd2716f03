from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.learning.near_copies import SIMILAR, NearCopyIndex, _shingles
from tagger.learning.selection import (
    AUDIT_SHARE,
    MIX,
    chance,
    margins,
    nearest,
    select,
    slots,
    typicality,
)

THRESHOLDS = np.array([0.5, 0.5])
IDS = [f"{number:020x}" for number in range(4000)]


# not sampled for the audit, whose lot comes before all doubt
UNSAMPLED = [id_ for id_ in IDS if chance(id_, "audit") >= AUDIT_SHARE]


def choices(probabilities, ids=IDS, thresholds=THRESHOLDS, typical=None):
    rows = np.array(probabilities, float).reshape(-1, 2)
    return select(ids[: len(rows)], rows, thresholds, typical)


def test_a_probability_at_its_threshold_is_the_nearest_there_is():
    above = margins(np.array([[0.3, 0.9], [0.01, 0.4]]), np.array([0.3, 0.5]))
    topics, distances = nearest(above)
    assert topics.tolist() == [0, 1]
    assert distances[0] == pytest.approx(0)
    assert distances[1] == pytest.approx(np.log(0.6 / 0.4))
    assert (above > 0).tolist() == [[False, True], [False, False]]


def test_certain_probabilities_have_finite_margins():
    assert np.isfinite(margins(np.array([[0.0, 1.0]]), THRESHOLDS)).all()


def test_a_topic_that_is_never_given_is_never_the_doubtful_one():
    topics, distances = nearest(margins(np.array([[0.5, 0.01]]), np.array([np.inf, 0.5])))
    assert topics.tolist() == [1]
    assert np.isfinite(distances).all()
    nothing = choices([[0.5, 0.5]], thresholds=np.array([np.inf, np.inf]))
    assert np.isfinite(nothing[0].priority)


def test_one_paragraph_in_twenty_is_audited_whatever_the_model_thinks():
    doubtful = [choice.lane for choice in choices([[0.5, 0.01]] * len(IDS))]
    sure = [choice.lane for choice in choices([[0.001, 0.999]] * len(IDS))]
    share = doubtful.count("audit") / len(IDS)
    assert abs(share - AUDIT_SHARE) < 0.01
    assert [lane == "audit" for lane in doubtful] == [lane == "audit" for lane in sure]


def test_one_doubtful_topic_is_enough_to_ask():
    lanes = {choice.lane for choice in choices([[0.001, 0.4]] * 50)}
    assert lanes == {"doubt", "audit"}
    lanes = {choice.lane for choice in choices([[0.001, 0.01]] * 50)}
    assert lanes == {"confident", "audit"}


def test_a_page_is_filled_up_with_doubt_before_certainty_before_audit():
    found = choices([[0.5, 0.01]] * 1000 + [[0.001, 0.001]] * 1000)
    of = {lane: [c.priority for c in found if c.lane == lane] for lane in MIX}
    assert min(of["doubt"]) > max(of["confident"])
    assert min(of["confident"]) > max(of["audit"])


def priorities(probabilities, typical=None):
    return [choice.priority for choice in choices(probabilities, UNSAMPLED, typical=typical)]


def test_a_paragraph_nearer_to_a_threshold_comes_first():
    near, far = priorities([[0.5, 0.01], [0.3, 0.01]])
    assert near > far


def test_a_paragraph_that_two_topics_doubt_comes_before_one_that_a_single_topic_doubts():
    two, one = priorities([[0.4, 0.4], [0.4, 0.01]])
    assert two > one


def test_among_equally_doubtful_paragraphs_the_one_like_many_others_comes_first():
    usual, odd = priorities([[0.4, 0.01]] * 2, np.array([1.5, 0.2]))
    assert usual > odd


DOUBTFUL = st.floats(0.15, 0.85)


@given(st.lists(st.tuples(DOUBTFUL, DOUBTFUL), max_size=30))
def test_a_paragraph_has_the_same_priority_whatever_is_scored_with_it(rows):
    alone = [priorities([row])[0] for row in rows]
    assert priorities(rows) == alone


def test_what_is_like_most_of_the_queue_is_typical(model):
    talks = [
        "Envoys met for talks on a truce in the capital.",
        "The envoys said that the talks on a truce would resume.",
        "Talks on a truce were broken off by the envoys.",
    ]
    odd = "Gas storage fell after the pipeline was closed."
    likeness = typicality(model, [talks[0], odd], [*talks, odd])
    assert likeness[0] > 1 > likeness[1]
    assert typicality(model, talks, talks).mean() == pytest.approx(1.0)
    assert typicality(model, ["Zzz"], ["Zzz"]).tolist() == [0.0]


def test_the_confident_lane_favours_what_is_surest_but_not_always():
    sure, surer = [[0.1, 0.1]] * 2000, [[1e-6, 1e-6]] * 2000
    found = [c for c in choices(sure + surer) if c.lane == "confident"]
    lots = choices(sure + surer)
    by_rank = sorted(range(4000), key=lambda row: -lots[row].priority)
    top = [row for row in by_rank if lots[row].lane == "confident"][:400]
    share = sum(row >= 2000 for row in top) / 400
    assert found
    assert 0.7 < share < 1


def test_chance_is_the_same_every_time_and_another_for_another_purpose():
    assert chance("a", "audit") == chance("a", "audit")
    assert chance("a", "audit") != chance("a", "second")
    assert all(0 <= chance(id_, "audit") < 1 for id_ in IDS)


@given(st.text(max_size=5), st.integers(0, 500))
def test_every_page_of_twenty_holds_the_promised_mix(editor, page):
    found = slots(editor, page * 20, 20)
    assert Counter(slot.lane for slot in found) == MIX
    assert {slot.page for slot in found} == {page}


@given(st.integers(0, 500), st.integers(1, 60))
def test_places_stay_in_order_when_a_page_is_topped_up_after_every_decision(done, n):
    assert slots("ann", done, n)[1:] == slots("ann", done + 1, n - 1)


def test_nobody_can_tell_a_planted_check_by_its_place():
    places = {
        [slot.lane for slot in slots(editor, page * 20, 20)].index("planted")
        for editor in ("ann", "ben")
        for page in range(50)
    }
    assert len(places) > 10


WORDS = st.sampled_from(["ban", "oil", "truce", "envoy", "river", "flood", "talks", "gas"])
TEXTS = st.lists(WORDS, max_size=9).map(" ".join)


@given(st.lists(TEXTS, max_size=12), TEXTS)
def test_no_near_copy_is_missed_and_nothing_else_is_called_one(texts, text):
    index = NearCopyIndex()
    for number, other in enumerate(texts):
        index.add(str(number), other)
    mine = _shingles(text)
    likeness = [len(mine & s) / len(mine | s) for s in map(_shingles, texts)]
    found = index.near(text)
    assert set(found) == {str(n) for n, value in enumerate(likeness) if value > SIMILAR}
    values = [likeness[int(name)] for name in found]
    assert values == sorted(values, reverse=True)


def test_a_name_that_is_kept_stays_with_its_first_text():
    index = NearCopyIndex()
    index.add("one", "The envoys met in the old town hall.")
    index.add("one", "Gas prices rose again this week.")
    assert len(index) == 1
    assert "one" in index
    assert index.near("The envoys met in the old town hall!") == ["one"]
    assert index.near("Gas prices rose again this week.") == []
