"""How far paragraphs have moved away from a training."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from tagger.learning import drift
from tagger.learning.baseline import baseline
from tagger.learning.drift import Watch
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


def test_equally_filled_bins_have_no_shift_and_one_full_bin_a_large_one():
    assert drift.stability_index(np.full(10, 50.0)) == pytest.approx(0)
    assert drift.stability_index(np.array([500.0] + [0.0] * 9)) > 2


def test_memory_is_bounded_by_forgetting_the_rarest_words(model, before, monkeypatch):
    monkeypatch.setattr(drift, "_DISTINCT_WORDS", 10)
    watch = Watch(model, before)
    for n in range(50):
        watch.add(f"kvasso unique{chr(97 + n % 26)}{chr(97 + n // 26)}", [0.1] * len(model.topics))
    assert watch.drift().words[0].word == "kvasso"
    assert watch.drift().words[0].paragraphs == 50
