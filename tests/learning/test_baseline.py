import json

import numpy as np
import pytest

from tagger.learning.baseline import (
    Baseline,
    _unseen_without_itself,
    baseline,
    expected_mistakes,
)
from tagger.learning.training import Recipe


def test_the_share_of_unseen_words_counts_a_training_text_as_if_it_were_new():
    texts = ["apple pear", "apple plum", "apple fig"]
    # apple stands in two other texts, the others in none
    assert _unseen_without_itself(texts) == pytest.approx(0.5)


def test_expected_mistakes_follow_the_probabilities():
    rows = np.array([[0.5, 1.0], [0.9, 0.1], [0.0, 1.0]])
    assert expected_mistakes(rows) == pytest.approx([0.5, 0.19, 0.0])


def test_a_baseline_survives_a_model_card(training, examples):
    before = baseline(training, examples, Recipe().idf_power)
    again = Baseline.of_data(json.loads(json.dumps(before.as_data())))
    assert again.rates == pytest.approx(before.rates)
    assert again.edges == pytest.approx(before.edges, rel=1e-5)
    assert (again.texts, again.unseen) == (before.texts, before.unseen)
