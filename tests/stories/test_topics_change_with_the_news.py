"""Topics change with the news, and nothing that was said is lost."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tagger.settings import HOME_VARIABLE, Settings
from tagger.ui import card, session, work

STORY = """Envoys carried a new peace plan over the river

An orchestra played on the quay while a cellist wept.

The dyke broke in the night and the village was evacuated by boats.
"""
MUSIC = [
    f"{who} {did} {what} in the {where}."
    for who, did, what, where in product(
        ["The choir", "A pianist", "An orchestra", "The soprano"],
        ["sang", "rehearsed"],
        ["a symphony", "an opera", "two songs", "a sonata"],
        ["museum", "castle", "theatre"],
    )
]


@pytest.fixture
def story(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


class Clock:
    """An editor's, who looks at everything for a second."""

    now = 0.0

    def monotonic(self) -> float:
        self.now += 1.0
        return self.now


@pytest.fixture
def page(newsroom, monkeypatch):
    """Open a page of the app as an editor: its button labels and all it says."""
    monkeypatch.setenv(HOME_VARIABLE, str(newsroom.home))
    for module in (card, work):
        monkeypatch.setattr(module, "time", Clock())

    def opened(name: str, **query: str) -> AppTest:
        app = AppTest.from_function(_page, kwargs={"name": name}, default_timeout=60)
        app.session_state["editor"] = "Ines"
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    yield opened
    session.store().close()
    session._store.clear()


def _page(name: str) -> None:
    from importlib import import_module

    from tagger.ui import session

    with session.told_errors():
        import_module(f"tagger.ui.{name}_page").page()


def said(app: AppTest) -> str:
    parts = [element.proto.body for element in app.get("html")]
    parts += [button.label for button in app.button]
    return "\n".join(parts).replace("\\", "")


def tags(out: str) -> dict[str, dict[str, Any]]:
    """A result of ``tagger tag``: its lines by the beginning of their text."""
    return {row["text"][:12]: row for row in map(json.loads, out.splitlines())}


def log_of(tagger, desk: Settings) -> str:
    path = desk.home / "log.jsonl"
    tagger("log", "export", path, "--force")
    return path.read_text(encoding="utf-8")


def contents(desk: Settings) -> dict[str, bytes]:
    paths = [*desk.labeled.rglob("*.jsonl"), desk.labeled / "taxonomy.toml"]
    return {p.name: p.read_bytes() for p in paths if p.name != "taxonomy.history.jsonl"}


def test_a_renamed_topic_takes_labels_and_decisions_along_and_goes_back(tagger, newsroom, story):
    before = contents(newsroom)
    tagger("correct", "--from", decided(story, ["floods"]), "--editor", "ann")
    log = log_of(tagger, newsroom)
    plan = tagger("topics", "rename", "floods", "high_water", "--label", "High water")
    assert "rename floods to high_water" in plan
    assert '+id = "high_water"' in plan
    assert "Nothing was changed" in tagger.err
    assert contents(newsroom) == before

    tagger("topics", "rename", "floods", "high_water", "--label", "High water", "--apply")
    assert "run 'tagger retrain'" in tagger.err
    assert "Decisions learned: 1." in retrained(tagger)
    assert tags(tagger("tag", story))["The dyke bro"]["topics"] == ["high_water"]
    assert log_of(tagger, newsroom) == log  # as it was said
    assert set(json.loads(tagger("evaluate", "--json"))["topics"]) == {
        "talks",
        "energy",
        "high_water",
    }
    assert "No errors" in tagger("labels", "check") + tagger.err

    changed = contents(newsroom)
    assert "take back change 1" in tagger("topics", "revert")
    assert "repeat the command with --apply" in tagger.err
    assert contents(newsroom) == changed
    tagger("topics", "revert", "--apply")
    assert contents(newsroom) == before
    assert log_of(tagger, newsroom) == log
    history = json.loads(tagger("topics", "history", "--json"))
    assert [(one["number"], one["kind"]) for one in history] == [(1, "rename"), (2, "revert")]
    assert "take back change 1" in tagger("topics", "history")


def retrained(tagger) -> str:
    tagger("retrain", "--reason", "the topics changed")
    return tagger.err


def decided(story, topics) -> str:
    path = story.with_name("decided.jsonl")
    text = STORY.rsplit("\n\n", maxsplit=1)[-1].strip()
    path.write_text(json.dumps({"text": text, "topics": topics}) + "\n", encoding="utf-8")
    return str(path)


def test_a_model_for_other_topics_does_not_serve_and_says_what_to_do(tagger, run_on, newsroom):
    tagger("topics", "add", "sport", "--apply")
    refused = run_on(newsroom, "tag", "-", stdin="The dyke broke.")
    assert refused.code == 1
    assert "does not know sport" in refused.err
    assert "tagger retrain" in refused.err


def test_what_a_split_leaves_open_is_asked_again_and_then_learned(tagger, newsroom, page):
    plan = json.loads(tagger("topics", "split", "floods", "rivers", "rain", "--apply", "--json"))
    assert plan["again"] == 18  # the labelled paragraphs with the topic, those of the test too
    err = retrained(tagger)
    assert "Topic rivers has 0 labelled paragraphs" in err

    app = page("desk")
    assert "Asked again, split of floods: does it have Rivers, Rain?" in said(app)
    next(b for b in app.button if b.label.startswith("Rivers")).click().run()
    next(b for b in app.button if b.label.startswith("Accept")).click().run()
    rows = map(json.loads, log_of(tagger, newsroom).splitlines())
    assert [(row["topics"], row["reason"]) for row in rows] == [(["rivers"], "again")]
    assert "Decisions learned: " in retrained(tagger)
    assert json.loads(tagger("topics", "revert", "--plan", "--json"))["again"] == 0


def test_breaking_news_is_suggested_at_once_and_marked_as_a_rule(tagger, story, page, tmp_path):
    tagger(
        *("topics", "add", "music", "--label", "Music", "--definition", "Concerts."),
        *("--seed", "orchestra*", "--seed", "cellist", "--apply"),
    )
    assert "goes on serving" in tagger.err
    rename = json.loads(tagger("topics", "rename", "floods", "water", "--json"))
    revert = json.loads(tagger("topics", "revert", "--json"))
    assert rename["serving"] == revert["serving"] is not None
    assert (rename["keeps_serving"], revert["keeps_serving"]) == (False, True)
    found = tags(tagger("tag", story))
    assert found["An orchestra"]["rules"] == {"music": "orchestra*"}
    assert "music" not in found["An orchestra"]["topics"]
    assert "music" not in found["An orchestra"]["scores"]
    assert "rules" not in found["The dyke bro"]
    assert found["The dyke bro"]["topics"] == ["floods"]
    assert "Music (rule: orchestra*)" in tagger("tag", story, "--format", "table")
    tagger("tag", story, "-o", tmp_path / "tagged.csv")
    head, *lines = (tmp_path / "tagged.csv").read_text(encoding="utf-8").splitlines()
    assert "rules" in head.split(",")
    assert sum("music: orchestra*" in line for line in lines) == 1

    tagger("queue", "add", story)
    assert "<i>rule: orchestra*</i>" in said(page("article", article="1"))
    app = page("article", article="1")
    for _ in range(3):
        if "Music · rule: orchestra*" in said(app):
            break
        next(b for b in app.button if b.label == "Next").click().run()
    (music,) = [b for b in app.button if b.label.startswith("Music")]
    assert music.proto.type == "primary"  # on, as a suggestion is


def test_without_rules_nothing_in_a_result_speaks_of_them(tagger, story, tmp_path):
    assert all("rules" not in row for row in tags(tagger("tag", story)).values())
    tagger("tag", story, "-o", tmp_path / "tagged.csv")
    assert "rules" not in (tmp_path / "tagged.csv").read_text(encoding="utf-8").splitlines()[0]


def test_a_rule_retires_when_the_model_beats_it_on_what_neither_learned(tagger, newsroom, story):
    tagger("topics", "add", "music", "--seed", "soprano", "--apply")
    assert (
        "rules"
        in tags(tagger("tag", "-", stdin="The soprano sang a sonata in the tent."))["The soprano "]
    )
    label(newsroom, "train/music.jsonl", MUSIC[:-2:2])
    assert "The rule for music goes on: 0 of 13 judged paragraphs have it" in retrained(tagger)
    label(
        newsroom, "test.jsonl", [f"Last night {text[0].lower()}{text[1:]}" for text in MUSIC[1::4]]
    )
    label(newsroom, "train/music.jsonl", MUSIC[-2:-1])  # one more: it is another model
    told = retrained(tagger)
    assert "The rule for music is retired: its F1 " in told
    found = tags(tagger("tag", "-", stdin="The soprano sang a sonata in the castle."))
    assert "rules" not in found["The soprano "]
    assert found["The soprano "]["topics"] == ["music"]
    card = json.loads(tagger("models", "show"))["rules"]["music"]
    assert card["positives"] == len(MUSIC[1::4])
    assert card["rule"] < card["model"]
    tagger("models", "rollback")  # to a model that had not shown it: the rule is back
    found = tags(tagger("tag", "-", stdin="The soprano sang a sonata in the castle."))
    assert found["The soprano "]["rules"] == {"music": "soprano"}


def label(desk: Settings, file: str, texts: list[str]) -> None:
    with (desk.labeled / file).open("a", encoding="utf-8") as lines:
        for text in texts:
            lines.write(json.dumps({"text": text, "topics": ["music"]}) + "\n")
