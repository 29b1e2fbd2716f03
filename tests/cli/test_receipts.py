import json

import pytest

from tagger.cli import cli
from tagger.cli.receipts import receipts
from tagger.desk.receipts import OUTCOMES
from tagger.keeping.store import Decision, open_store
from tagger.paragraphs import paragraph_id

TEXTS = ("The river rose by a metre.", "Two envoys met in a hotel.")


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(cli.commands, "receipts", receipts)


@pytest.fixture
def decided(run_on, desk):
    run_on(desk, "retrain")
    with open_store(desk.database) as store:
        for text, editor in zip(TEXTS, ("ann", "bob"), strict=True):
            store.decide(Decision(paragraph_id(text), text, ("energy",), editor, text, "doubt"))
    return desk


def test_every_decision_has_its_receipt_as_json(run_on, decided):
    found = json.loads(run_on(decided, "receipts", "--json").out)
    assert [(one["text"], one["editor"]) for one in found] == [
        (TEXTS[1], "bob"),
        (TEXTS[0], "ann"),
    ]
    assert {one["outcome"] for one in found} == {"waiting for the next retrain"}


def test_an_editor_sees_their_own_and_a_summary(run_on, decided):
    done = run_on(decided, "receipts", "--editor", "ann")
    assert done.code == 0
    assert "ann" in done.out
    assert "bob" not in done.out
    assert "1 decision: 1 waiting for the next retrain." in done.err


def test_screen_and_json_use_the_same_words_and_after_a_retrain_nothing_waits(run_on, decided):
    run_on(decided, "retrain", "--reason", "tests")
    found = json.loads(run_on(decided, "receipts", "--json").out)
    done = run_on(decided, "receipts")
    assert "waiting" not in done.out + done.err
    for one in found:
        assert one["outcome"] in {"learned", "still disagrees"}
        assert one["outcome"] in done.err
    help_ = run_on(decided, "receipts", "--help").out
    assert all(f"  {word} " in help_ for word in OUTCOMES)


def test_without_a_decision_the_next_step_is_named(run_on, desk):
    run_on(desk, "retrain")
    done = run_on(desk, "receipts")
    assert done.code == 0
    assert "tagger correct" in done.err
