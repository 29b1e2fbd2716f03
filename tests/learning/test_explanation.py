from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.learning.explanation import Explanation, Word, explain
from tagger.learning.model import Model
from tagger.learning.terms import Block, fold
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = [
    *("The", "mediator's", "delegations,", "gas", "PIPELINE;", "floods:", "RIVER", "truce"),
    *("1,500", "barrels", "İ", "ß", "Σ"),
]
ANY = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("İςΣ'’-.\x00\x1c\u2028"), max_size=8
)
TEXTS = st.lists(st.sampled_from(KNOWN) | ANY, max_size=20).map(" ".join)


@given(TEXTS)
@example("")
@example("…!? – “”")
@example("gas gas gas GAS gas, gas price gas price")
@example("İgas İİ riverİ İ.İ ΟΔΟΣ.Α gas")
@example("The mediator read the draft aloud. " * 400)
def test_the_words_and_the_terms_sum_to_the_score(model: Model, text: str) -> None:
    scores = model.scores([text])[0]
    for explanation, score in zip(explain(model, text), scores, strict=True):
        words = sum(word.contribution for word in explanation.words)
        terms = sum(share for _, share in explanation.terms)
        assert explanation.score == pytest.approx(score, abs=1e-9)
        assert explanation.intercept + words == pytest.approx(score, abs=1e-9)
        assert explanation.intercept + terms == pytest.approx(score, abs=1e-9)


@given(TEXTS)
@example("İgas, İriver! x\u2028y Σ.")
def test_the_words_are_cut_from_the_original_text_in_reading_order(model: Model, text: str) -> None:
    words = explain(model, text)[0].words
    assert [text[word.start : word.end] for word in words] == [word.text for word in words]
    assert all(one.end <= other.start for one, other in pairwise(words))
    # Every letter stands in a word; a sigma's shape depends on its neighbours.
    chunks = [chunk.replace("ς", "σ") for chunk in fold(text).split()]
    assert [fold(word.text).replace("ς", "σ") for word in words] == chunks


def test_capitals_and_punctuation_stay_out_of_the_words_but_the_case_is_kept(model: Model) -> None:
    words = explain(model, "“GAS,” İnan’s gas.")[0].words
    assert [word.text for word in words] == ["GAS", "İnan", "s", "gas"]


def test_an_explanation_tells_what_the_model_decides(model: Model) -> None:
    text = "The mediator proposed a truce, and gas became dearer."
    found = explain(model, text)
    probabilities = model.probabilities([text])
    assert [e.topic for e in found] == list(model.topics)
    assert [e.probability for e in found] == pytest.approx(probabilities[0])
    assert {e.topic for e in found if e.given} == set(model.chosen(probabilities)[0])
    for e in found:
        assert (e.score >= e.needed) == e.given
        assert e.needed == pytest.approx(math.log(e.threshold / (1 - e.threshold)))


def test_a_topic_that_was_never_learned_can_never_be_reached(model: Model) -> None:
    never = replace(model, thresholds=np.array([np.inf, 0.5, 0.5]))
    explanation = explain(never, "The mediator proposed a truce.")[0]
    assert explanation.needed == math.inf
    assert not explanation.given


@pytest.fixture
def by_hand() -> Model:
    """One topic; the word terms count, the character terms weigh nothing."""
    return Model(
        topics=(TopicId("rain"),),
        blocks=(Block("word", 1, 2), Block("char", 4, 4)),
        terms=(["heavy", "heavy rain", "rain", "sun"], [" sun"]),
        idf=np.ones(5),
        weights=np.array([[1.0], [2.0], [4.0], [-8.0], [0.0]]),
        intercepts=np.array([-1.0]),
        thresholds=np.array([0.5]),
    )


def contributions(words: Sequence[Word]) -> dict[str, float]:
    return {word.text: word.contribution for word in words}


def test_a_pair_of_words_is_shared_equally_between_the_two(by_hand: Model) -> None:
    found = explain(by_hand, "Heavy rain")[0]
    length = math.sqrt(3)
    assert contributions(found.words) == pytest.approx(
        {"Heavy": (1 + 2 / 2) / length, "rain": (4 + 2 / 2) / length}
    )
    assert dict(found.terms) == pytest.approx(
        {"word:rain": 4 / length, "word:heavy rain": 2 / length, "word:heavy": 1 / length}
    )


def test_a_repeated_word_is_paid_in_equal_parts_and_unknown_ones_get_nothing(
    by_hand: Model,
) -> None:
    words = explain(by_hand, "rain or rain")[0].words
    assert [word.contribution for word in words] == pytest.approx([2, 0, 2])


def test_terms_come_by_magnitude_with_the_name_of_their_block(by_hand: Model) -> None:
    names = [name for name, _ in explain(by_hand, "sun heavy rain")[0].terms]
    assert names == ["word:sun", "word:rain", "word:heavy rain", "word:heavy", "char: sun"]


def test_the_strongest_words_for_and_against_count_repeats_together(by_hand: Model) -> None:
    found = explain(by_hand, "Rain rain RAIN heavy sun other")[0]
    assert [(word.text, word.start) for word in found.strongest(5)] == [("Rain", 0), ("heavy", 15)]
    assert [word.text for word in found.strongest(5, against=True)] == ["sun"]
    assert [word.text for word in found.strongest(1)] == ["Rain"]
    rain = sum(word.contribution for word in found.words if word.text.casefold() == "rain")
    assert found.strongest(1)[0].contribution == pytest.approx(rain)


def test_a_text_without_words_is_explained_by_the_intercept_alone(by_hand: Model) -> None:
    found = explain(by_hand, " …!")[0]
    assert (found.words, found.terms, found.score) == ((), (), -1.0)
    assert found.strongest(3) == []


def test_a_figure_of_one_topic_is_not_mixed_up_with_anothers(model: Model) -> None:
    talks, energy, _ = explain(model, "Gas prices and gas exports")
    loudest: Explanation = energy
    assert loudest.strongest(1)[0].text.casefold() == "gas"
    assert talks.strongest(1, against=True) != []


def test_a_word_of_the_title_speaks_as_a_word_and_as_one_of_the_title(by_hand: Model) -> None:
    title = Block("word", 1, 1, part="first line")
    model = replace(
        by_hand,
        blocks=(*by_hand.blocks, title),
        terms=(*by_hand.terms, ["rain"]),
        idf=np.append(by_hand.idf, 1.0),
        weights=np.vstack([by_hand.weights, [[3.0] * len(by_hand.topics)]]),
    )
    one, other = (explain(model, text)[0] for text in ("Rain\nor rain", "or rain"))
    assert ("first line word:rain", 3.0) in one.terms
    assert "first line word:rain" not in dict(other.terms)
    assert one.words[0].contribution - one.words[2].contribution == pytest.approx(3.0)
    assert one.intercept + sum(word.contribution for word in one.words) == pytest.approx(one.score)
    assert one.score == pytest.approx(model.scores(["Rain\nor rain"])[0, 0])


def test_a_topic_that_is_given_only_as_the_nearest_says_so(model: Model) -> None:
    always = replace(model, always_one=True)
    nothing, gas = "Zzz.", "Gas exports and gas prices rose as the pipeline was reopened."
    assert [e.topic for e in explain(model, nothing) if e.given] == []
    nearest = [e for e in explain(always, nothing) if e.given]
    assert [(e.topic,) for e in nearest] == always.chosen(always.probabilities([nothing]))
    assert nearest[0].nearest
    assert nearest[0].probability < nearest[0].threshold
    assert [e.nearest for e in explain(always, gas) if e.given] == [False]
