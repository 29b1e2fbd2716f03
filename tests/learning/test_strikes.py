"""A struck word has no weight in its topic, whatever text it stands in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import InputError
from tagger.learning.compiled import compile_model
from tagger.learning.explanation import explain
from tagger.learning.pipeline import as_pipeline
from tagger.learning.strikes import read_word, weighing
from tagger.learning.terms import Block, fold
from tagger.learning.training import train

WORD = "delegations"


@pytest.fixture(scope="module")
def struck(examples, taxonomy):
    return train(examples, taxonomy.ids, struck={"talks": {WORD}}).model


@pytest.fixture(scope="module")
def words(examples):
    return sorted({word for e in examples for word in fold(e.text).split()})


def contribution(model, text, topic="talks", word=WORD):
    (found,) = [e for e in explain(model, text) if e.topic == topic]
    return [w.contribution for w in found.words if fold(w.text) == word]


def test_the_word_spoke_for_the_topic_before(model):
    assert contribution(model, "The delegations met again.")[0] > 0.1


@given(st.data())
def test_a_struck_word_contributes_exactly_nothing_in_any_text(struck, words, data):
    around = data.draw(
        st.lists(st.sampled_from([*words, "DELEGATIONS", "“Delegations”,"]), max_size=12)
    )
    text = " ".join([*around, "Delegations", *around[::-1]])
    found = contribution(struck, text)
    assert found
    assert set(found) == {0.0}


def test_what_was_not_struck_is_learned_as_before(model, struck):
    assert np.any(model.weights[:, 0] != struck.weights[:, 0])
    assert np.array_equal(model.weights[:, 1:], struck.weights[:, 1:])
    assert np.array_equal(model.thresholds[1:], struck.thresholds[1:])
    assert model.terms == struck.terms
    assert contribution(struck, "The delegations met again.", "floods") == contribution(
        model, "The delegations met again.", "floods"
    )


def test_other_words_take_over_what_was_right_in_it(model, struck, examples):
    texts = [e.text for e in examples if WORD in fold(e.text).split()]
    for text in texts:
        before, after = explain(model, text)[0], explain(struck, text)[0]
        assert before.given
        assert after.given
        assert others(after) > others(before)


def others(explanation):
    return sum(w.contribution for w in explanation.words if fold(w.text) != WORD)


def test_no_strike_changes_nothing(model, examples, taxonomy):
    again = train(examples, taxonomy.ids, struck={"talks": ()}).model
    assert np.array_equal(again.weights, model.weights)


def test_a_topic_whose_every_word_is_struck_is_still_a_model(examples, taxonomy, words):
    model = train(examples, taxonomy.ids, struck={"talks": set(words)}).model
    assert not model.weights[:, 0].any()
    assert np.isfinite(model.scores(["The delegations met again."])).all()


def test_the_struck_model_is_still_a_plain_pipeline_to_the_last_bit(struck, examples):
    texts = [e.text for e in examples]
    assert np.array_equal(as_pipeline(struck).decision_function(texts), struck.scores(texts))


def test_the_compiled_kernel_scores_a_struck_model_alike(struck, examples):
    texts = [e.text for e in examples]
    assert np.array_equal(compile_model(struck).scores(texts), struck.scores(texts))


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Odesa", "odesa"),
        (" “ODESA”, ", "odesa"),
        ("Odesa's", "odesa"),
        ("Одеса", "одеса"),
        ("2014", "0000"),
        ("x", "x"),
        ("☂", "☂"),
    ],
)
def test_a_word_is_read_as_the_model_reads_it(typed, word):
    assert read_word(typed) == word


@pytest.mark.parametrize("typed", ["", " ", "…", "peace talks", "front-line", "U.S.", "☂odesa"])
def test_what_is_no_single_word_is_refused_with_a_cure(typed):
    with pytest.raises(InputError) as refused:
        read_word(typed)
    assert refused.value.cure


def test_its_pairs_and_its_letters_lose_their_weight_and_no_other_word_does():
    blocks = (Block("word", 1, 2), Block("char", 4, 5))
    terms = (["met", "odesa", "odesa met", "odesan"], [" odes", "desa ", "desan"])
    assert weighing(blocks, terms, {"odesa"}).tolist() == [1, 0, 0, 1, 0, 0, 1]
    assert weighing(blocks, terms, ()).tolist() == [1] * 7
