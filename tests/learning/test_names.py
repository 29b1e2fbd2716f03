"""Names are told by their capitals inside sentences, and their part in a topic is measured."""

from __future__ import annotations

import pytest

from tagger.learning.explanation import explain
from tagger.learning.names import find_names, lean_on_names
from tagger.learning.terms import fold


def silent(stage, done, total):
    pass


def test_a_word_with_a_capital_inside_sentences_is_a_name():
    texts = ["Ferries left Halyard at dawn.", "The mayor of Halyard spoke, and ferries waited."]
    assert find_names(texts) == {"halyard"}


def test_a_capital_at_the_start_of_a_sentence_or_quotation_proves_nothing():
    texts = ["Ferries left. Ferries came back. “Ferries are slow,” he said (Ferries again)."] * 2
    assert find_names(texts) == frozenset()


def test_a_word_that_is_often_small_inside_sentences_is_no_name():
    texts = ["They met the Minister and the minister left."] * 3
    assert find_names(texts) == frozenset()


def test_a_name_seen_once_is_not_known_yet():
    assert find_names(["Ferries left Halyard at dawn."]) == frozenset()


def test_a_headline_in_capitals_proves_nothing():
    assert find_names(["Ferries Leave Harbour After Long Strike"] * 3) == frozenset()


def test_days_and_months_are_no_names():
    text = "They were asked to come back on Monday or some day in November with the Danes."
    assert find_names([text] * 2) == {"danes"}


@pytest.fixture(scope="module")
def leaning(model, examples):
    texts = [example.text for example in examples]
    return texts, lean_on_names(model, texts, {"geneva", "summit"}, silent)


def test_a_topics_share_of_names_is_what_its_explanations_say(model, leaning):
    texts, found = leaning
    given = [e for text in texts for e in explain(model, text) if e.topic == "talks" and e.given]
    sums = [sums_of(e) for e in given]
    everything = sum(share for own in sums for share in own.values() if share > 0)
    by_names = sum(own.get(name, 0) for own in sums for name in ("geneva", "summit"))
    assert found[0].topic == "talks"
    assert found[0].paragraphs == len(given)
    assert found[0].share == pytest.approx(by_names / everything)
    assert {name.word for name in found[0].names} == {"geneva", "summit"}
    assert found[0].names[0].share >= found[0].names[1].share


def sums_of(explanation):
    sums = {}
    for word in explanation.words:
        sums[fold(word.text)] = sums.get(fold(word.text), 0.0) + word.contribution
    return sums


def test_without_names_nothing_leans_on_them(model, leaning):
    for one in lean_on_names(model, leaning[0], (), silent):
        assert (one.share, one.names, one.only) == (0.0, (), 0)


def test_if_every_word_were_a_name_no_paragraph_would_keep_its_topic(model, leaning):
    every = {fold(word) for text in leaning[0] for word in fold(text).split()}
    for one in lean_on_names(model, leaning[0], every, silent):
        assert one.share == pytest.approx(1.0)
        assert one.only == one.paragraphs > 0
