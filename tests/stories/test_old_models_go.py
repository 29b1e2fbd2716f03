"""Whoever looks after the disk deletes old models, and the newsroom notices nothing."""

from __future__ import annotations

import json

import pytest

STORY = "The dyke broke in the night and the village was evacuated by boats.\n"


@pytest.fixture
def retrained(tagger, newsroom):
    """Let one more model serve."""

    def train(number: int) -> str:
        line = {"text": f"The museum showed painting number {number}.", "topics": []}
        with (newsroom.labeled / "train" / "more.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        return json.loads(tagger("retrain", "--json", "--reason", "a story"))["version"]

    return train


def test_old_models_are_shown_then_deleted_and_the_newsroom_notices_nothing(
    tagger, run_on, newsroom, retrained, tmp_path
):
    story = tmp_path / "story.txt"
    story.write_text(STORY, encoding="utf-8")
    decided = tmp_path / "decided.jsonl"
    decided.write_text(json.dumps({"text": STORY, "topics": ["floods"]}), encoding="utf-8")
    tagger("correct", "--from", decided, "--editor", "ann")
    versions = [retrained(number) for number in range(6)]
    tags, receipts = tagger("tag", story), tagger("receipts", "--json")

    assert "would go: " in tagger("models", "prune", "--keep", "0")
    assert "would go. Nothing was changed. To do it, repeat the command with --apply." in tagger.err
    plan = json.loads(tagger("models", "prune", "--keep", "0", "--json"))
    assert not plan["applied"]
    saved = [card["version"] for card in json.loads(tagger("models", "list", "--json"))]
    assert sorted([*plan["kept"], *plan["gone"]]) == saved

    tagger("models", "prune", "--keep", "0", "--apply")
    assert f"{len(plan['gone'])} models of " in tagger.err
    left = [card["version"] for card in json.loads(tagger("models", "list", "--json"))]
    assert left == sorted(plan["kept"])
    assert {versions[-1], versions[-2]} <= set(left)
    assert json.loads(tagger("models", "verify", "--json"))["sound"]
    assert (tagger("tag", story), tagger("receipts", "--json")) == (tags, receipts)
    gone = next(iter(plan["gone"]))
    assert json.loads(tagger("models", "show", gone))["pruned"]["learned"] in ([], [1])
    assert "it was pruned" in run_on(newsroom, "models", "promote", gone).err
    tagger("models", "rollback")
    assert f"{versions[-2]} serves again." in tagger.err
    tagger("models", "prune", "--apply")
    assert "There is nothing to delete." in tagger.err
