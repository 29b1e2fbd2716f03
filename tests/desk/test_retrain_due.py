"""What a retrain would learn, and when one is due."""

from datetime import UTC, datetime

import pytest

from tagger.desk.models import registry_of
from tagger.desk.retrain import retrain
from tagger.desk.retrain_due import ENOUGH, News, news
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def decide(store):
    def make(text, reason="doubt", key=None):
        id_ = paragraph_id(text)
        return store.decide(Decision(id_, text, ("floods",), "ann", key or text, reason))

    return make


def test_without_a_model_every_decision_is_new(desk, store, decide):
    decide("The river rose.")
    decide("It rained.", "audit")
    assert news(desk, store) == News(learns=1, measures=1, taken_back=0, since=None)


def test_what_the_serving_model_saw_is_not_new(desk, store, decide):
    decide("The river rose.")
    version = retrain(desk, by="tests", now=NOON).version
    assert news(desk, store) == News(0, 0, 0, version)
    decide("The river fell.")
    decide("The river fell.", key="once more")
    decide("The dam held.")
    store.undo("ann", key="undo")
    assert news(desk, store) == News(learns=1, measures=0, taken_back=0, since=version)


def test_a_decision_that_was_learned_and_taken_back_is_news_too(desk, store, decide):
    made = decide("The river rose.").correction
    version = retrain(desk, by="tests", now=NOON).version
    store.undo("ann", made.sequence, key="undo")
    assert news(desk, store) == News(learns=0, measures=0, taken_back=1, since=version)


def test_a_damaged_card_makes_everything_new(desk, store, decide):
    decide("The river rose.")
    version = retrain(desk, by="tests", now=NOON).version
    (desk.models / version / "card.json").write_text("{", encoding="utf-8")
    assert registry_of(desk).current() == version
    assert news(desk, store).learns == 1


def test_a_retrain_is_due_after_enough_decisions():
    assert News(ENOUGH - 3, 50, 1, None).until_due == 2
    assert News(ENOUGH + 3, 0, 0, None).until_due == 0
