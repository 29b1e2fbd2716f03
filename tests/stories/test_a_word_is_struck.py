"""An editor contests what the model makes of a word, and the next model listens."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tagger.desk.models import load_model

TEXT = "The delegations met again to talk about a truce."
WORD, TOPIC = "delegations", "talks"


def share(tagger, word: str = WORD) -> float:
    """What the word adds to the topic's score, as the explanation shows it."""
    told = json.loads(tagger("explain", TEXT, "--topic", TOPIC, "--json"))["topics"][0]
    added = told["intercept"] + sum(w["contribution"] for w in told["words"])
    assert added == pytest.approx(told["score"])
    return sum(w["contribution"] for w in told["words"] if w["text"].lower() == word)


def listed(tagger) -> list[tuple[str, str, str]]:
    rows = json.loads(tagger("words", "list", "--json"))
    return [(row["word"], row["topic"], row["state"]) for row in rows]


def strike(tagger, word: str = "Delegations’", **more: str) -> None:
    who = {"editor": "Olena", "topic": TOPIC, **more}
    tagger("words", "strike", word, *(f"--{name}={value}" for name, value in who.items()))


def test_a_struck_word_says_nothing_after_the_next_retrain_and_speaks_again_once_restored(
    tagger, newsroom
):
    first = load_model(newsroom)
    before = share(tagger)
    assert before > 0.5

    strike(tagger, why="a summit is no negotiation")
    assert share(tagger) == before  # the model that serves is as it was
    assert "honoured at the next retrain" in tagger("explain", TEXT)
    assert listed(tagger) == [(WORD, TOPIC, "at the next retrain")]

    tagger("retrain")
    assert "Struck words, without weight now: delegations (talks)." in tagger.err
    assert "macro-F1" in tagger.err  # the gate judged it like any other model
    assert json.loads(tagger("models", "show"))["gate"]["passed"]
    assert share(tagger) == 0.0
    assert "'delegations' adds +0.00: struck by Olena on" in tagger("explain", TEXT)
    assert listed(tagger) == [(WORD, TOPIC, "honoured")]
    assert "talks: yes" in tagger("explain", TEXT)  # other words took over

    tagger("words", "restore", "delegations", "--topic", TOPIC, "--editor", "Petro")
    assert listed(tagger) == [(WORD, TOPIC, "restored")]
    assert "restored by Petro on" in tagger("explain", TEXT)
    tagger("retrain")
    assert listed(tagger) == []
    assert np.array_equal(load_model(newsroom).weights, first.weights)
    assert share(tagger) == before
    assert [row["action"] for row in json.loads(tagger("words", "log", "--json"))] == [
        "strike",
        "restore",
    ]


def test_a_strike_is_something_new_to_learn_and_the_same_one_twice_is_not(tagger):
    tagger("retrain")
    assert "Nothing new since model" in tagger.err
    strike(tagger)
    tagger("retrain")
    assert "Nothing new" not in tagger.err
    strike(tagger, editor="Petro")
    assert "'delegations' was struck by Olena on" in tagger.err
    tagger("retrain")
    assert "Nothing new since model" in tagger.err


def test_a_strike_follows_its_topic_when_that_is_renamed_and_ends_when_it_is_retired(tagger):
    strike(tagger)
    tagger("topics", "rename", TOPIC, "diplomacy", "--label", "Diplomacy", "--apply")
    tagger("retrain", "--reason", "the topics changed")
    assert listed(tagger) == [(WORD, "diplomacy", "honoured")]
    tagger("topics", "retire", "diplomacy", "--apply")
    assert listed(tagger) == [(WORD, TOPIC, "no such topic")]
    tagger("topics", "revert", "--apply")
    assert listed(tagger) == [(WORD, "diplomacy", "honoured")]
    tagger("words", "restore", WORD, "--topic", "diplomacy", "--editor", "Olena")
    assert listed(tagger) == [(WORD, "diplomacy", "restored")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["strike", "peace talks", "--topic", TOPIC], "Strike them one by one"),
        (["strike", "…", "--topic", TOPIC], "holds no word"),
        (["strike", "truce", "--topic", "tennis"], "Choose among talks, energy, floods"),
        (["restore", "truce", "--topic", TOPIC], "'truce' is not struck for talks"),
    ],
)
def test_what_cannot_be_struck_or_restored_is_refused_with_a_cure(run_on, newsroom, words, said):
    done = run_on(newsroom, "words", *words, "--editor", "Olena")
    assert done.code == 1
    assert said in done.err
    assert json.loads(run_on(newsroom, "words", "log", "--json").out) == []


def test_an_altered_strike_stops_the_retrain_and_verify_names_it(tagger, run_on, newsroom):
    import sqlite3

    strike(tagger)
    tagger("log", "verify")
    assert "1 row on struck words, all as written" in tagger.err
    with sqlite3.connect(newsroom.labeled / "corrections.db") as database:
        database.execute("DROP TRIGGER strikes_no_update")
        database.execute("UPDATE strikes SET topic = 'floods'")
    database.close()
    assert "Struck words: Row 1 was edited" in run_on(newsroom, "log", "verify").err
    refused = run_on(newsroom, "retrain")
    assert refused.code == 3
    assert "log of struck words was altered" in refused.err


def test_the_report_on_names_says_how_much_of_a_topic_hangs_on_them(tagger):
    told = json.loads(tagger("words", "names", "--json"))
    assert (told["measured"], told["paragraphs"]) == ("the frozen test", 13)
    talks = next(one for one in told["topics"] if one["topic"] == TOPIC)
    assert sum(name["share"] for name in talks["names"]) == pytest.approx(talks["share"])
    assert 0 <= talks["share"] <= 1
    assert 0 <= talks["only"] <= talks["paragraphs"]
    assert TOPIC in tagger("words", "names", "--limit", "2")
