from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tagger.learning.model import Model, log_odds, sigmoid
from tagger.learning.terms import Block
from tagger.records import TopicId

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RAIN, SUN = TopicId("rain"), TopicId("sun")

FOUR = tuple(map(TopicId, ("rain", "sun", "fog", "hail")))
KNOWING = Model(
    topics=(RAIN,),
    blocks=(Block("word", 1, 2),),
    terms=(["0000", "gas", "pipe", "talks", "talks gas", "troops"],),
    idf=np.ones(6),
    weights=np.ones((6, 1)),
    intercepts=np.zeros(1),
    thresholds=np.array([0.5]),
)


@pytest.fixture
def by_hand() -> Model:
    """Two terms in one block and one in another, all figures chosen for mental arithmetic."""
    return Model(
        topics=(RAIN, SUN),
        blocks=(Block("word", 1, 1), Block("word", 2, 2)),
        terms=(["dry", "wet"], ["wet wet"]),
        idf=np.array([3.0, 4.0, 5.0]),
        weights=np.array([[-10.0, 10.0], [10.0, -10.0], [2.0, 1.0]]),
        intercepts=np.array([0.5, -0.5]),
        thresholds=np.array([0.5, 0.4]),
    )


def test_a_score_is_the_sum_of_weighted_terms_of_unit_length_and_the_intercept(
    by_hand: Model,
) -> None:
    assert by_hand.scores(["wet"]).tolist() == [[10.5, -10.5]]
    # dry 3 and wet 4 have the length 5
    assert by_hand.scores(["Dry, wet!"]) == pytest.approx(np.array([[2.5, -2.5]]))


def test_every_block_has_unit_length_of_its_own(by_hand: Model) -> None:
    assert by_hand.scores(["wet wet"]) == pytest.approx(np.array([[12.5, -9.5]]))


def test_a_repeated_term_counts_by_the_logarithm(by_hand: Model) -> None:
    numbers, values = by_hand.vector("dry dry dry wet")
    louder = 3 * (1 + np.log(3))
    assert numbers.tolist() == [0, 1]
    assert values == pytest.approx(np.array([louder, 4]) / np.hypot(louder, 4))


@pytest.mark.parametrize("text", ["", " \n", "…!?", "unknown words only"])
def test_a_text_without_known_terms_gets_the_intercepts(by_hand: Model, text: str) -> None:
    assert by_hand.scores([text]).tolist() == [[0.5, -0.5]]


def test_no_texts_give_no_rows(by_hand: Model) -> None:
    assert by_hand.scores([]).shape == (0, 2)
    assert by_hand.probabilities(iter([])).shape == (0, 2)
    assert by_hand.chosen(by_hand.probabilities([])) == []


def test_a_probability_at_its_threshold_gives_the_topic(by_hand: Model) -> None:
    rows = np.array([[0.5, 0.4], [0.499, 0.399], [0.6, 0.9], [0.7, 0.1]])
    assert by_hand.chosen(rows) == [(RAIN, SUN), (), (SUN, RAIN), (RAIN,)]


def test_an_infinite_threshold_is_never_reached(by_hand: Model) -> None:
    never = replace(by_hand, thresholds=np.array([np.inf, 0.4]))
    assert never.chosen(np.array([[1.0, 1.0]])) == [(SUN,)]


def test_a_text_gets_the_same_scores_alone_and_among_others(model: Model) -> None:
    texts = ["The gas price rose.", "", "Talks on a truce", "The gas price rose."]
    together = model.scores(texts)
    alone = np.vstack([model.scores([text]) for text in texts])
    assert np.array_equal(together, alone)


@given(
    st.lists(
        st.sampled_from(["troops", "Talks,", "gas-pipe", "İ", "Σ", "x", "2025", "–", "zzz qqq"])
    ),
    st.floats(0, 1),
)
def test_a_text_is_known_where_its_share_of_known_words_says_so(
    words: list[str], share: float
) -> None:
    text = " ".join(words)
    for wanted in (share, 0.2, 0.5):
        assert KNOWING.knows(text, wanted) == (KNOWING.known_share(text) >= wanted)


@given(arrays(np.float64, (5, 4), elements=st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.6000001, 1.0])))
def test_topics_come_the_most_probable_first_and_equal_ones_in_their_order(
    probabilities: Floats,
) -> None:
    model = replace(KNOWING, topics=FOUR, thresholds=np.array([0.5, 0.3, np.inf, 0.5]))
    for row, topics in zip(probabilities, model.chosen(probabilities), strict=True):
        given = [k for k in range(4) if row[k] >= model.thresholds[k]]
        assert list(topics) == [FOUR[k] for k in sorted(given, key=lambda k: (-row[k], k))]


def test_a_trained_model_tells_its_topics_apart(model: Model) -> None:
    texts = ["The mediator proposed a truce.", "Gas became dearer.", "The dyke broke.", "A choir."]
    assert model.chosen(model.probabilities(texts)) == [("talks",), ("energy",), ("floods",), ()]


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_the_sigmoid_is_a_probability_without_overflow(values: list[float]) -> None:
    points = np.sort(np.array(values))
    found: NDArray[np.float64] = sigmoid(points)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()
    assert found + sigmoid(-points) == pytest.approx(1)


def test_an_always_one_model_gives_a_text_without_a_topic_the_nearest(by_hand: Model) -> None:
    always = replace(by_hand, always_one=True)
    # 0.3 is nearer to sun's 0.4 than 0.35 to rain's 0.5, counted in log-odds
    below = np.array([[0.35, 0.3], [0.1, 0.01], [0.0, 0.0]])
    assert by_hand.given(below).any() == np.False_
    assert always.given(below).tolist() == [[False, True], [True, False], [False, True]]
    assert always.chosen(below) == [(SUN,), (RAIN,), (SUN,)]


def test_an_always_one_model_adds_nothing_to_a_text_with_a_topic(by_hand: Model) -> None:
    table = np.array([[0.5, 0.39], [0.9, 0.4]])
    assert np.array_equal(replace(by_hand, always_one=True).given(table), by_hand.given(table))
    assert by_hand.given(table).tolist() == [[True, False], [True, True]]


def test_a_topic_that_was_never_learned_is_never_the_nearest(by_hand: Model) -> None:
    model = replace(by_hand, always_one=True, thresholds=np.array([np.inf, 0.5]))
    assert model.given(np.array([[0.99, 0.01]])).tolist() == [[False, True]]
    assert model.given(np.zeros((0, 2))).shape == (0, 2)


@given(st.floats(1e-9, 1 - 1e-9))
def test_log_odds_undo_the_sigmoid(probability: float) -> None:
    assert sigmoid(log_odds(np.array([probability])))[0] == pytest.approx(probability)
