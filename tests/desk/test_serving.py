"""Which model serves, and that the queue follows it through every door."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tagger.desk.models import load_model, registry_of
from tagger.desk.queue import next_up, queue_documents, score_queue
from tagger.desk.retrain import retrain
from tagger.desk.scoring import catch_up
from tagger.desk.serving import promote, roll_back
from tagger.errors import ModelError, Refused
from tagger.keeping.labeled import read_examples, write_examples
from tagger.keeping.store import open_store
from tagger.settings import Settings
from tagger.taxonomy import make_taxonomy, write_taxonomy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def two_models(tmp_path_factory, desk_with_model):
    """A desk with two models; the second, which learned less, serves."""
    desk = Settings(shutil.copytree(desk_with_model.home, tmp_path_factory.mktemp("two") / "desk"))
    path = desk.labeled / "train" / "sentences.jsonl"
    write_examples(path, read_examples([path])[:40], force=True)
    retrain(desk, by="tests", now=NOON, reason="fewer examples")
    return desk


@pytest.fixture
def newsroom(two_models, tmp_path):
    return Settings(shutil.copytree(two_models.home, tmp_path / "newsroom"))


@pytest.fixture
def queued(newsroom, document, many):
    """The same with 60 paragraphs in the queue, scored by the model that serves."""
    with open_store(newsroom.database) as store:
        queue_documents([document("story", *many[:60])], store, load_model(newsroom))
    return newsroom


@pytest.fixture
def act():
    """Says who acts and when, a minute later each time."""
    minutes = count()
    return lambda: {"by": "ann", "now": NOON + timedelta(minutes=next(minutes))}


def versions_of(desk):
    return registry_of(desk).versions()


def scored_by(desk):
    """The models whose scores the queue carries."""
    with open_store(desk.database) as store:
        return {item.model for item in store.queue.items("left", limit=1000)}


def test_a_promotion_scores_the_queue_anew_and_tells_how_far_it_is(queued, act):
    first, second = versions_of(queued)
    assert scored_by(queued) == {second}
    told = []
    done = promote(queued, first, **act(), progress=lambda *step: told.append(step))
    assert (done.version, done.rescored, done.trouble) == (first, 60, "")
    assert scored_by(queued) == {first}
    assert told[-1] == ("scoring", 60, 60)


def test_a_rollback_scores_the_queue_anew(queued, act):
    first, _ = versions_of(queued)
    done = roll_back(queued, **act(), reason="too many misses")
    assert (done.version, done.rescored) == (first, 60)
    assert registry_of(queued).current() == first
    assert registry_of(queued).history()[-1].reason == "too many misses"
    assert scored_by(queued) == {first}


def test_a_retrain_that_promotes_scores_the_queue_anew(queued):
    done = retrain(queued, by="ann", now=NOON + timedelta(hours=1), again=True)
    assert done.promoted
    assert done.serving.rescored == 60
    assert scored_by(queued) == {done.version}


def test_without_a_store_a_model_serves_and_none_is_made(newsroom, act):
    first, _ = versions_of(newsroom)
    assert promote(newsroom, first, **act()).rescored == 0
    assert not (newsroom.labeled / "corrections.db").exists()


def test_a_store_that_cannot_be_reached_does_not_undo_a_promotion(queued, act):
    queued.database.write_bytes(b"no database at all, but long enough to be taken for a file")
    first, _ = versions_of(queued)
    done = promote(queued, first, **act())
    assert registry_of(queued).current() == first
    assert done.rescored == 0
    assert "corrections.db" in done.trouble


def test_a_unique_beginning_names_a_model(newsroom, act):
    first, _ = versions_of(newsroom)
    assert promote(newsroom, first[:11], **act()).version == first


@pytest.mark.parametrize(
    ("name", "told"), [("", "No model was named"), (" ", "No model was named"), ("2", "2 models")]
)
def test_what_names_no_model_or_several_is_refused_with_a_cure(newsroom, act, name, told):
    before = registry_of(newsroom).current()
    with pytest.raises(ModelError, match=told) as no:
        promote(newsroom, name, **act())
    assert "tagger models list" in no.value.cure
    assert registry_of(newsroom).current() == before


def other_topics(desk):
    taxonomy = make_taxonomy([{"id": "talks"}, {"id": "choir"}])
    (desk.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")


@pytest.mark.parametrize("door", ["promote", "roll back"])
def test_a_model_for_other_topics_does_not_come_to_serve(newsroom, act, door):
    first, second = versions_of(newsroom)
    other_topics(newsroom)
    with pytest.raises(ModelError, match=f"{first} was trained for other topics") as no:
        promote(newsroom, first, **act()) if door == "promote" else roll_back(newsroom, **act())
    assert "tagger retrain" in no.value.cure
    assert registry_of(newsroom).current() == second


def test_a_refused_model_needs_a_reason_and_that_is_recorded(newsroom, act):
    first, second = versions_of(newsroom)
    path = newsroom.models / first / "card.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    card["gate"] = {"passed": False, "objections": ["macro-F1: 0.900 -> 0.800"]}
    path.write_text(json.dumps(card), encoding="utf-8")
    for reason in ("", "  "):
        with pytest.raises(Refused, match=r"0\.900 -> 0\.800") as no:
            promote(newsroom, first, **act(), reason=reason)
        assert f"tagger models promote {first} --reason" in no.value.cure
    assert registry_of(newsroom).current() == second
    promote(newsroom, first, **act(), reason="new house rules")
    assert registry_of(newsroom).history()[-1].reason == "new house rules (against the gate)"


# --- the queue catches up where a promotion was cut short


def test_after_a_kill_between_promotion_and_scoring_the_next_page_is_scored_by_the_new_model(
    queued,
):
    first, _ = versions_of(queued)
    registry_of(queued).promote(first, by="ann", now=NOON)  # and killed here
    with open_store(queued.database) as store:
        cards = next_up(store, queued, "ann", checks=False)
        assert {card.model for card in cards} == {first}
    assert scored_by(queued) == {first}


def test_catching_up_is_a_few_at_a_time_and_ends(queued, monkeypatch):
    first, _ = versions_of(queued)
    registry_of(queued).promote(first, by="ann", now=NOON)
    monkeypatch.setattr("tagger.desk.scoring._CATCH_UP", 25)
    with open_store(queued.database) as store:
        assert [catch_up(store, queued) for _ in range(4)] == [25, 25, 10, 0]


def test_a_page_that_still_holds_the_model_of_before_does_not_score_backwards(queued):
    first, _ = versions_of(queued)
    old = load_model(queued)
    promote(queued, first, by="ann", now=NOON)
    with open_store(queued.database) as store:
        assert catch_up(store, queued, old) == 0
        score_queue(store, old)
        assert catch_up(store, queued, old) == 60
    assert scored_by(queued) == {first}


def test_a_queue_whose_model_cannot_serve_is_worked_on_as_it_is(queued):
    first, second = versions_of(queued)
    registry_of(queued).promote(first, by="ann", now=NOON)
    (queued.models / first / "idf.npy").write_bytes(b"gone")
    with open_store(queued.database) as store:
        assert {c.model for c in next_up(store, queued, "ann", checks=False)} == {second}
