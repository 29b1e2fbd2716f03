"""A newsroom brings labels of its own, with blanks, slashes and accents in its topics' names."""

from __future__ import annotations

import csv
import json

import pytest

from tagger.settings import Settings

NAMES = {"talks": "real estate", "energy": "politics/eu", "floods": 'café "d\'été"'}


@pytest.fixture
def newsroom(run_on, tmp_path, examples):
    """A desk made from labels of one's own."""
    rows = [{"text": e.text, "topics": [NAMES[topic] for topic in e.topics]} for e in examples]
    source = tmp_path / "own.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run_on(None, "init", tmp_path / "own", "--from", source)
    assert done.code == 0, done.err
    return Settings(tmp_path / "own")


def test_topics_with_blanks_slashes_and_quotes_work_in_every_command(tagger, newsroom, tmp_path):
    tagger("labels", "check")
    tagger("retrain")
    story = tmp_path / "story.txt"
    story.write_text("The envoys met again to talk about a truce.", encoding="utf-8")

    tagger("tag", story, "-o", tmp_path / "tagged.csv")
    with (tmp_path / "tagged.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["topics"].split(";") == ["real estate"]
    assert {f"score_{name}" for name in NAMES.values()} <= set(row)
    assert json.loads(tagger("tag", story))["topics"] == ["real estate"]
    assert "real estate: yes" in tagger("explain", story.read_text(), "--topic", "real estate")
    tagger("automation", "set", "politics/eu", "90")
    tagger("words", "strike", "truce", "--topic", "real estate", "--editor", "ann")

    tagger("queue", "add", story)
    (card,) = json.loads(tagger("queue", "list", "--json"))
    listed = f" real estate ,{NAMES['floods']}"
    tagger("correct", card["id"], "--topics", listed, "--editor", "ann")
    (entry,) = json.loads(tagger("log", "list", "--json"))
    assert set(entry["topics"]) == {"real estate", NAMES["floods"]}

    tagger("topics", "rename", "real estate", "homes & land", "--apply")
    tagger("topics", "add", "new homes", "--seed", "terraced house*", "--apply")
    tagger("topics", "split", "politics/eu", "politics/eu", "eu courts", "--apply")
    tagger("topics", "merge", "homes & land", "new homes", "--into", "homes & land", "--apply")
    ids = [topic["id"] for topic in json.loads(tagger("topics", "list", "--json"))]
    assert set(ids) == {"homes & land", "politics/eu", "eu courts", NAMES["floods"]}
    tagger("labels", "check")
    tagger("retrain", "--reason", "a story")
    assert "homes & land" in json.loads(tagger("tag", story))["topics"]
    assert set(json.loads(tagger("evaluate", "--json"))["topics"]) == set(ids)
