from dataclasses import replace

import numpy as np
import pytest

from tagger.learning.automation import READABLE, Automation
from tagger.learning.operating import sureness
from tagger.paragraphs import paragraph_id
from tagger.records import Paragraph, Prediction, Version

HALF = np.full(3, 0.5)


@pytest.fixture
def prediction(model):
    def make(text, furniture=None):
        paragraph = Paragraph(paragraph_id(text), text, "story", 0, furniture=furniture)
        if furniture:
            return Prediction(paragraph, (), {}, Version("v"))
        row = model.probabilities([text])
        scores = dict(zip(model.topics, row[0].tolist(), strict=True))
        return Prediction(paragraph, model.chosen(row)[0], scores, Version("v"))

    return make


def automation(model, cut):
    return Automation(model, np.full(len(model.topics) + 1, cut))


def test_what_is_sure_enough_is_done_by_itself_and_all_else_is_asked(model, examples):
    texts = [example.text for example in examples]
    rows = model.probabilities(texts)
    given = rows >= model.thresholds
    read = np.array([model.known_share(text) >= READABLE for text in texts])
    sure = (sureness(rows, given) >= 0.7) & read
    decided = automation(model, 0.7).decide(texts, rows)
    wanted = np.where(sure, np.where(given.any(axis=1), "auto", "none"), "ask")
    assert decided == wanted.tolist()
    assert set(decided) == {"auto", "ask", "none"}
    assert set(automation(model, np.inf).decide(texts, rows)) == {"ask"}


def test_of_two_topics_the_stricter_one_rules(model, examples):
    rows = np.array([[0.99, 0.98, 0.001]])
    text = [examples[0].text]
    model = replace(model, thresholds=HALF)
    for cuts, wanted in [((0.9, 0.9, 0.9, 0.9), "auto"), ((0.9, 0.99, 0.9, 0.9), "ask")]:
        assert Automation(model, np.array(cuts)).decide(text, rows) == [wanted]


def test_a_text_in_another_language_is_asked_however_sure_none_seems(model, prediction):
    german = prediction("Die Bundesregierung beschloss am Montag neue Hilfen, sagte ein Sprecher.")
    assert automation(model, 0.0).mark([german])[0].decision == "ask"
    assert automation(model, 0.0).decide([""], np.zeros((1, 3))) == ["none"]


def test_page_furniture_is_not_decided_and_keeps_its_place(model, examples, prediction):
    page = [prediction("Share this", "share line"), prediction(examples[0].text)]
    marked = automation(model, 0.0).mark(page)
    assert [p.decision for p in marked] == [None, "auto"]
    assert [p.paragraph for p in marked] == [p.paragraph for p in page]
    assert automation(model, 0.0).mark([]) == []


def test_topics_that_the_model_itself_would_not_give_are_asked(model, examples, prediction):
    ruled = replace(prediction(examples[0].text), topics=tuple(model.topics))
    assert automation(model, 0.0).mark([ruled])[0].decision == "ask"


def test_a_text_with_a_phrase_of_a_topic_that_is_yet_to_be_learned_is_asked(model, examples):
    texts = [example.text for example in examples]
    rows = model.probabilities(texts)
    plain = automation(model, 0.0)
    word = texts[0].split()[1]
    ruled = replace(plain, rules={"strikes": ("no such phrase", word)})
    asked = [word.casefold() in text.casefold().split() for text in texts]
    decided = zip(asked, plain.decide(texts, rows), strict=True)
    assert ruled.decide(texts, rows) == ["ask" if has else before for has, before in decided]
    assert any(asked)
    assert not all(asked)
