"""Struck words follow the changes of topics, and every model is asked what it honours."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tagger.desk.lessons import read_lessons
from tagger.desk.models import registry_of, taxonomy_of
from tagger.desk.retrain import retrain
from tagger.desk.retrain_due import news
from tagger.desk.strikes import may_be_struck, restore, strike, struck_words
from tagger.desk.struck import by_topic, on_card, with_states
from tagger.desk.topic_changes import Request
from tagger.desk.topics import apply, plan
from tagger.errors import InputError
from tagger.keeping.store import open_store
from tagger.keeping.taxonomy_changes import History
from tagger.settings import Settings

MORNING = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, desk_with_model):
    return Settings(shutil.copytree(desk_with_model.home, tmp_path / "home"))


@pytest.fixture
def store(home):
    with open_store(home.database, now=lambda: MORNING) as opened:
        yield opened


def change(desk, kind, old, *new):
    later = MORNING + timedelta(hours=1 + len(list(desk.labeled.glob("taxonomy.history*"))))
    request = Request(kind, old, tuple({"id": name} for name in new))
    apply(desk, plan(desk, request, now=later), by="tests", now=later)


def found(desk, store):
    return {(one.word, one.topic): one.state for one in struck_words(desk, store=store)}


def test_a_desk_without_a_store_has_no_struck_words_and_gets_no_store(desk):
    assert struck_words(desk) == ()
    assert not (desk.labeled / "corrections.db").exists()


def test_a_word_struck_for_a_topic_is_struck_for_all_its_parts(home, store):
    strike(store, home, "truce", "talks", "Olena")
    change(home, "split", ("talks",), "rounds", "treaties")
    assert found(home, store).keys() == {("truce", "rounds"), ("truce", "treaties")}
    restore(store, home, "truce", "rounds", "Olena")
    assert found(home, store) == {}


def test_a_strike_ends_when_its_topic_is_merged_into_another(home, store):
    strike(store, home, "truce", "talks", "Olena")
    change(home, "merge", ("talks", "floods"), "talks")
    assert found(home, store) == {("truce", "talks"): "no such topic"}
    lessons = read_lessons(home, taxonomy_of(home).ids)
    assert lessons.struck == ()
    store._now = store.strikes._now = lambda: MORNING + timedelta(hours=9)
    assert strike(store, home, "truce", "talks", "Olena")[1]
    assert not strike(store, home, "truce", "talks", "Petro")[1]
    assert [one.state for one in struck_words(home, store=store)] == [
        "no such topic",
        "at the next retrain",
    ]


def test_a_word_struck_under_the_old_name_is_not_struck_again_under_the_new_one(home, store):
    strike(store, home, "truce", "talks", "Olena")
    change(home, "rename", ("talks",), "diplomacy")
    assert strike(store, home, "TRUCE", "diplomacy", "Petro")[1] is False
    restore(store, home, "truce", "talks", "Petro")
    assert found(home, store) == {}


def test_a_restored_word_cannot_be_restored_twice(home, store):
    strike(store, home, "truce", "talks", "Olena")
    assert restore(store, home, "truce", "talks", "Petro").editor == "Petro"
    with pytest.raises(InputError, match="is not struck"):
        restore(store, home, "truce", "talks", "Olena")


def test_a_model_from_another_desk_still_tells_what_it_honours(home, store):
    struck, _ = strike(store, home, "truce", "talks", "Olena", why="too broad")
    card = {"strikes": on_card([struck])}
    (told,) = with_states([], History(), ("talks",), card)
    assert (told.word, told.state, told.editor) == ("truce", "honoured", "Olena")
    assert told.told == "struck by Olena on 3 Nov, honoured"


def test_the_words_of_one_topic_are_struck_together(home, store):
    made = [strike(store, home, word, "talks", "Olena")[0] for word in ("truce", "summit")]
    assert by_topic(made) == {"talks": {"truce", "summit"}}


def test_a_strike_is_news_until_a_model_honours_it(home, store):
    assert not news(home, store).has_lessons
    strike(store, home, "truce", "talks", "Olena")
    assert news(home, store).words == 1
    version = retrain(home, by="tests", now=MORNING).version
    assert registry_of(home).card(version)["strikes"][0]["word"] == "truce"
    assert not news(home, store).has_lessons
    restore(store, home, "truce", "talks", "Olena")
    assert news(home, store).words == 1


@pytest.mark.parametrize(("word", "single"), [("Odesa", True), ("front-line", False), ("…", False)])
def test_only_a_single_word_may_be_struck(word, single):
    assert may_be_struck(word) is single
