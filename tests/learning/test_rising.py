from collections import Counter

import pytest

from tagger.learning.baseline import baseline
from tagger.learning.rising import _texts_with_words, log_likelihood_ratio, rising_words
from tagger.learning.terms import fold, tokens
from tagger.learning.training import Recipe


@pytest.fixture(scope="module")
def before(training, examples):
    return baseline(training, examples, Recipe().idf_power)


def risen(texts, model, before):
    held = Counter(word for text in texts for word in set(tokens(fold(text))))
    return rising_words(held, len(texts), model, before)


def test_a_word_that_training_never_met_rises_and_one_as_frequent_as_in_training_does_not(
    model, before, examples
):
    texts = [example.text for example in examples]
    texts[::4] = [f"{text} Kvasso" for text in texts[::4]]
    found = risen(texts, model, before)
    assert [(word.word, word.paragraphs, word.before) for word in found] == [
        ("kvasso", len(texts[::4]), 0.0)
    ]


def test_figures_do_not_count_as_rising_words(model, before, examples):
    assert not risen([f"{example.text} 4711" for example in examples], model, before)


def test_the_number_of_texts_with_a_word_is_read_back_from_the_model(model, before, examples):
    held = _texts_with_words(model, before)
    for word in ("the", "river"):
        true = sum(word in tokens(fold(e.text)) for e in examples)
        assert true >= 2, word
        assert held[word] == pytest.approx(true)


def test_the_ratio_is_that_of_the_published_formula():
    # 10 of 100 against 10 of 1,000: 2 * (10 ln(10/(100*20/1100)) + 10 ln(10/(1000*20/1100)))
    assert log_likelihood_ratio(10, 100, 10, 1000) == pytest.approx(22.1382, abs=1e-3)
