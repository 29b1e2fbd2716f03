"""Old models are deleted, and nothing that anybody still asks of them is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tagger.desk.learned import learned_by, versions_in_service
from tagger.desk.models import load_model, registry_of
from tagger.desk.prune import plan_prune, prune
from tagger.desk.receipts import receipts
from tagger.desk.retrain import retrain
from tagger.desk.retrain_job import Job
from tagger.desk.retrain_pace import Pace
from tagger.desk.rivals import find_rivals
from tagger.desk.serving import promote, roll_back
from tagger.errors import ModelError
from tagger.keeping.store import Decision, open_store
from tagger.keeping.turn import retrain_turn
from tagger.paragraphs import paragraph_id

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW = NOON + timedelta(days=9)
RIVER = "The ferry stayed in harbour on Friday as the river stood above the quay and the market."


@pytest.fixture
def desk(desk):
    """A desk on which five models were trained, an hour between them, and all of them served."""
    train_more(desk, 5)
    return desk


def train_more(desk, how_many, reason="tests"):
    """Train models, each of which knows a few more sentences about bread."""
    path = desk.labeled / "train" / "more.jsonl"
    for _ in range(how_many):
        number = len(registry_of(desk).history())
        with path.open("a", encoding="utf-8") as file:
            file.write(f'{{"text": "The baker sold loaf number {number}.", "topics": []}}\n')
        now = NOON + timedelta(hours=number)
        retrain(desk, by="tests", now=now, promote=bool(reason), reason=reason)


def pruned(desk, keep=0, **options):
    return prune(desk, by="ops", now=NOW, keep=keep, **options)


def planned(desk, keep=0):
    return plan_prune(desk, now=NOW, keep=keep)


def test_a_plan_changes_nothing(desk):
    versions = registry_of(desk).versions()
    plan = planned(desk)
    assert [*plan.kept, *plan.gone]
    assert sorted([*plan.kept, *plan.gone]) == versions
    assert registry_of(desk).versions() == versions
    assert not (desk.models / "pruned").exists()


def test_what_serves_and_the_way_back_stay_and_work(desk):
    registry = registry_of(desk)
    way_back, serving = registry.served()[-2:]
    done = pruned(desk)
    assert done.kept[serving] == "serves"
    assert done.kept[way_back] == "served before: the way back"
    assert registry.versions() == sorted(done.kept)
    assert load_model(desk).version == serving
    assert roll_back(desk, by="ops", now=NOW).version == way_back


def test_the_newest_stay_however_little_they_are_needed(desk):
    train_more(desk, 3, reason="")  # never promoted
    versions = registry_of(desk).versions()
    assert set(versions[-4:]) <= set(planned(desk, keep=4).kept)
    assert planned(desk, keep=99).gone == {}
    assert set(versions[-3:]) <= set(planned(desk, keep=0).gone)


def test_the_best_that_served_stays_and_the_gate_finds_it_as_before(newsroom, paired):
    labels = newsroom.labeled / "train" / "sentences.jsonl"
    best = registry_of(newsroom).current()
    lines = labels.read_text(encoding="utf-8").splitlines(keepends=True)
    for hour, keep in enumerate((48, 44, 40), 13):  # ever less to learn from
        labels.write_text("".join(lines[:keep]), encoding="utf-8")
        now = NOON.replace(hour=hour)
        version = retrain(newsroom, by="tests", now=now, promote=False).version
        registry_of(newsroom).promote(version, by="tests", now=now)
        pass_gate(newsroom, version)
    test = registry_of(newsroom).card()["test"]["digest"]
    topics = load_model(newsroom).topics
    before = find_rivals(newsroom, topics, test)
    assert before.best.version == best
    done = pruned(newsroom)
    assert done.kept[best] == "the best that served: the gate compares with it"
    assert len(done.gone) == 1
    after = find_rivals(newsroom, topics, test)
    assert (after.best.version, after.among) == (before.best.version, before.among)


def pass_gate(desk, version):
    """Have the gate's objections taken off a card: one that serves against it sets a new bar."""
    path = desk.models / version / "card.json"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"passed": false', '"passed": true'), encoding="utf-8")


def test_a_new_model_that_waits_for_a_yes_or_no_stays(desk, monkeypatch):
    train_more(desk, 1, reason="")
    waiting = registry_of(desk).versions()[-1]
    assert waiting in planned(desk).gone
    job = Job("1", "judged", "Ines", NOW, Pace("", 0, None), version=waiting)
    monkeypatch.setattr("tagger.desk.prune.job_of", lambda *_: job)
    assert planned(desk).kept[waiting] == "waits for a yes or no in the app"


def test_the_history_the_cards_and_the_digests_stay(desk):
    registry = registry_of(desk)
    cards = {version: registry.card(version) for version in registry.versions()}
    before, served = registry.history(), registry.served()
    done = pruned(desk)
    assert len(done.gone) == 2
    for version, card in cards.items():
        now = registry.card(version)
        assert {key: now[key] for key in card} == card
    assert registry.history()[: len(before)] == before
    added = registry.history()[len(before) :]
    assert [(event.action, event.version, event.by) for event in added] == [
        ("prune", version, "ops") for version in done.gone
    ]
    assert registry.served() == served


def test_receipts_name_the_same_models_as_before(desk, store, examples):
    text = next(e.text for e in examples if "floods" in e.topics and e not in examples[::5])
    for number, one in enumerate((text, RIVER)):
        decision = Decision(paragraph_id(one), one, ("floods",), "ann", str(number))
        store.decide(decision)
    train_more(desk, 4)
    before = {receipt.correction.sequence: receipt.learned_by for receipt in receipts(desk)}
    told = learned(desk, store)
    assert told
    assert set(told.values()) <= set(planned(desk).gone)
    pruned(desk)
    assert learned(desk, store) == told
    after = {receipt.correction.sequence: receipt.learned_by for receipt in receipts(desk)}
    assert after == before


def learned(desk, store):
    return learned_by(desk, versions_in_service(desk), store.log())


def test_a_deleted_model_is_told_from_one_that_never_was(desk):
    gone = next(iter(pruned(desk).gone))
    with pytest.raises(ModelError, match=f"Of model {gone} only the card is left: it was pruned"):
        promote(desk, gone, by="ops", now=NOW)


def test_there_is_no_way_back_to_a_deleted_model_and_the_app_offers_none(desk):
    registry = registry_of(desk)
    pruned(desk)
    assert roll_back(desk, by="ops", now=NOW).version == registry.current()
    with pytest.raises(ModelError, match="only the card is left: it was pruned"):
        registry.earlier()


def test_where_the_serving_model_is_damaged_nothing_is_deleted(desk):
    registry = registry_of(desk)
    versions = registry.versions()
    (desk.models / registry.current() / "idf.npy").unlink()
    with pytest.raises(ModelError, match=r"so nothing is deleted: idf\.npy is missing"):
        pruned(desk)
    (desk.models / "current").write_text("../elsewhere\n", encoding="utf-8")
    with pytest.raises(ModelError, match="names no model"):
        pruned(desk)
    assert registry.versions() == versions


def test_a_damaged_old_model_goes_without_leaving_a_card(desk):
    version = registry_of(desk).versions()[0]
    (desk.models / version / "card.json").write_text("{", encoding="utf-8")
    assert version in pruned(desk).gone
    assert not (desk.models / "pruned" / f"{version}.json").exists()


def test_it_waits_for_a_retrain_and_deletes_nothing_where_that_does_not_end(desk):
    versions, told = registry_of(desk).versions(), []
    with (
        retrain_turn(desk.models, by="ines", now=NOW),
        pytest.raises(ModelError, match=r"The retrain of ines .* has not ended yet"),
    ):
        pruned(desk, patience=0.01, on_wait=told.append)
    assert len(told) == 1
    assert registry_of(desk).versions() == versions


def test_a_model_that_is_promoted_at_that_very_moment_comes_back(desk, monkeypatch):
    from tagger.keeping import pruned as keeping

    registry = registry_of(desk)
    chosen = next(iter(planned(desk).gone))

    def set_aside(models, version, now):
        if version == chosen:
            registry.promote(version, by="ines", now=now)
        return keeping.set_aside(models, version, now)

    monkeypatch.setattr("tagger.desk.prune.set_aside", set_aside)
    done = pruned(desk)
    assert chosen not in done.gone
    assert done.gone
    assert load_model(desk).version == chosen
    assert "pruned" not in registry.card(chosen)


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has kill -9")
@pytest.mark.parametrize("where", ["keep_card", "append_event", "set_aside", "delete"])
def test_a_kill_leaves_every_model_whole_or_gone(desk, where):
    registry = registry_of(desk)
    serving = registry.current()
    code = (
        "import os, signal, sys\n"
        "from datetime import datetime\n"
        "from pathlib import Path\n"
        "from tagger.desk import prune\n"
        "from tagger.settings import Settings\n"
        "count, real = [], getattr(prune, sys.argv[2])\n"
        "def stop(*given):\n"
        "    count.append(1)\n"
        "    if len(count) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(*given)\n"
        "setattr(prune, sys.argv[2], stop)\n"
        "now = datetime.fromisoformat(sys.argv[3])\n"
        "prune.prune(Settings(Path(sys.argv[1])), by='ops', now=now, keep=0)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(desk.home), where, NOW.isoformat()], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert registry.current() == serving
    assert all(registry.problems(version) == [] for version in registry.versions())
    pruned(desk)
    assert len(registry.versions()) == 3
    assert list(desk.models.glob(".*.part")) == []
    assert len(list((desk.models / "pruned").glob("*.json"))) == 2


def test_a_desk_without_models_has_nothing_to_delete(tmp_path, desk):
    for name in ("current", "history.jsonl", *registry_of(desk).versions()):
        (desk.models / name).rename(tmp_path / name)
    done = pruned(desk)
    assert (done.kept, done.gone) == ({}, {})


def test_a_desk_with_a_store_and_no_decision_is_pruned_too(desk):
    with open_store(desk.database):
        pass
    assert len(pruned(desk).gone) == 2
