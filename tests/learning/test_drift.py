"""How far paragraphs have moved away from a training."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
import pytest

from tagger.learning import drift
from tagger.learning.drift import Baseline, Watch, baseline
from tagger.learning.training import Recipe


@pytest.fixture(scope="module")
def before(training, examples):
    return baseline(training, examples, Recipe().idf_power)


@pytest.fixture(scope="module")
def familiar(examples):
    """120 paragraphs of two training sentences each."""
    pairs = combinations([example.text for example in examples], 2)
    return [f"{first} {second}" for first, second in pairs][::16][:120]


def watched(model, before, texts):
    watch = Watch(model, before)
    for text, row in zip(texts, model.probabilities(texts), strict=True):
        watch.add(text, row)
    return watch.drift()


def test_paragraphs_of_known_words_give_no_reason_to_retrain(model, before, familiar):
    found = watched(model, before, familiar)
    assert found.enough
    assert not found.due
    assert "No sign" in found.sentence


def test_paragraphs_of_unknown_words_are_a_reason_to_retrain(model, before):
    # Most words of a training set this small stand in one text only: 'unseen' begins high.
    strange = [f"Kvasso brundel thiggen morvane {n} quillop" for n in range(120)]
    found = watched(model, before, strange)
    assert found.due
    assert found.unseen.now == 1.0
    assert "100% of the words are new to the model" in found.sentence


def test_ninety_nine_paragraphs_are_too_few_to_conclude_anything(model, before):
    found = watched(model, before, ["Kvasso brundel thiggen morvane"] * 99)
    assert not found.due
    assert "Too few" in found.sentence
    assert watched(model, before, ["Kvasso brundel thiggen morvane"] * 100).due


def test_a_word_that_training_never_met_rises_and_one_as_frequent_as_in_training_does_not(
    model, before, examples
):
    texts = [example.text for example in examples]
    texts[::4] = [f"{text} Kvasso" for text in texts[::4]]
    found = watched(model, before, texts)
    assert [(word.word, word.paragraphs, word.before) for word in found.words] == [
        ("kvasso", len(texts[::4]), 0.0)
    ]


def test_figures_do_not_count_as_rising_words(model, before, familiar):
    assert not watched(model, before, [f"{text} 4711" for text in familiar]).words


def test_the_number_of_texts_with_a_word_is_read_back_from_the_model(model, before, examples):
    held = drift._texts_with_words(model, before)
    for word in ("the", "river"):
        true = sum(word in drift.tokens(drift.fold(e.text)) for e in examples)
        assert true >= 2, word
        assert held[word] == pytest.approx(true)


def test_the_share_of_unseen_words_counts_a_training_text_as_if_it_were_new():
    texts = ["apple pear", "apple plum", "apple fig"]
    # apple stands in two other texts, the others in none
    assert drift._unseen_without_itself(texts) == pytest.approx(0.5)


def test_expected_mistakes_follow_the_probabilities():
    rows = np.array([[0.5, 1.0], [0.9, 0.1], [0.0, 1.0]])
    assert drift.expected_mistakes(rows) == pytest.approx([0.5, 0.19, 0.0])


def test_equally_filled_bins_have_no_shift_and_one_full_bin_a_large_one():
    assert drift.stability_index(np.full(10, 50.0)) == pytest.approx(0)
    assert drift.stability_index(np.array([500.0] + [0.0] * 9)) > 2


def test_the_ratio_is_that_of_the_published_formula():
    # 10 of 100 against 10 of 1,000: 2 * (10 ln(10/(100*20/1100)) + 10 ln(10/(1000*20/1100)))
    assert drift.log_likelihood_ratio(10, 100, 10, 1000) == pytest.approx(22.1382, abs=1e-3)


def test_a_baseline_survives_a_model_card(before):
    again = Baseline.of_data(json.loads(json.dumps(before.as_data())))
    assert again.rates == pytest.approx(before.rates)
    assert again.edges == pytest.approx(before.edges, rel=1e-5)
    assert (again.texts, again.unseen) == (before.texts, before.unseen)


def test_memory_is_bounded_by_forgetting_the_rarest_words(model, before, monkeypatch):
    monkeypatch.setattr(drift, "_DISTINCT_WORDS", 10)
    watch = Watch(model, before)
    for n in range(50):
        watch.add(f"kvasso unique{chr(97 + n % 26)}{chr(97 + n // 26)}", [0.1] * len(model.topics))
    assert watch.drift().words[0].word == "kvasso"
    assert watch.drift().words[0].paragraphs == 50
