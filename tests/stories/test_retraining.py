"""A newsroom retrains, on a slice of the shipped paragraphs: what it may rely on, as it sees it."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from tagger.desk.models import registry_of
from tagger.settings import DATABASE_VARIABLE, HOME_VARIABLE, Settings

SHIPPED = Path(__file__).parents[2] / "labeled"


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_rows(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


class Newsroom:
    """A desk and the people at it, who type commands."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.models = registry_of(Settings(home))

    def types(self, *words, code=0):
        """Run a command as it is typed, and say what it told the person."""
        return self._run(words, code).stderr

    def reads(self, *words):
        """What a program gets from a command."""
        return json.loads(self._run(words, 0).stdout)

    def _run(self, words, code):
        environment = {**os.environ, HOME_VARIABLE: str(self.home)}
        environment.pop(DATABASE_VARIABLE, None)
        command = [sys.executable, "-m", "tagger.cli", *map(str, words)]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        assert done.returncode == code, done.stderr
        return done

    def corrects(self, rows, editor="ann"):
        """Send in a file of decisions."""
        decisions = [{"text": row["text"], "topics": row["topics"]} for row in rows]
        file = write_rows(self.home / "decided.jsonl", decisions)
        assert f"{len(rows):,} decisions" in self.types(
            "correct", "--from", file, "--editor", editor
        )

    def serves(self):
        """The digest of every file of the model that serves, and its name."""
        version = self.models.current()
        files = sorted((self.home / "models" / version).iterdir())
        return version, [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]

    def tags(self, story):
        """The bytes that a story's tags are written as, apart from the model's name."""
        out = self.home / "tags.jsonl"
        self.types("tag", story, "-o", out, "--force")
        return out.read_bytes().replace(self.models.current().encode(), b"MODEL")


@pytest.fixture(scope="session")
def slices():
    """Paragraphs for training, for the frozen test, and for editors to decide; always the same."""
    train = [row for path in sorted(SHIPPED.glob("train/*.jsonl")) for row in rows_of(path)]
    random.Random(0).shuffle(train)
    test = rows_of(SHIPPED / "test.jsonl")
    parts = iter(train)
    return {
        "train": list(islice(parts, 1500)),
        "corrections": list(islice(parts, 1250)),
        "stories": list(islice(parts, 40)),
        "test": test,
    }


@pytest.fixture(scope="session")
def opened(tmp_path_factory, slices):
    """A newsroom whose first model serves."""
    home = tmp_path_factory.mktemp("stories") / "desk"
    write_rows(home / "labeled" / "train" / "first.jsonl", slices["train"])
    write_rows(home / "labeled" / "test.jsonl", slices["test"])
    shutil.copy(SHIPPED / "taxonomy.toml", home / "labeled" / "taxonomy.toml")
    Newsroom(home).types("retrain")
    return home


@pytest.fixture
def newsroom(opened, tmp_path):
    return Newsroom(Path(shutil.copytree(opened, tmp_path / "desk")))


@pytest.fixture
def story(tmp_path, slices):
    path = tmp_path / "story.txt"
    path.write_text("\n\n".join(row["text"] for row in slices["stories"]), encoding="utf-8")
    return path


def flipped(rows, share):
    """The same decisions, with another answer for a share of them."""
    topics = sorted({topic for row in rows for topic in row["topics"]})
    answers = [[], *([topic] for topic in topics)]
    chance = random.Random(1)
    wrong = set(chance.sample(range(len(rows)), int(len(rows) * share)))
    return [
        {**row, "topics": chance.choice([a for a in answers if set(a) != set(row["topics"])])}
        if number in wrong
        else row
        for number, row in enumerate(rows)
    ]


def test_40_percent_flipped_corrections_are_refused_and_what_serves_is_untouched(
    newsroom, slices, story
):
    before, tags = newsroom.serves(), newsroom.tags(story)
    newsroom.corrects(flipped(slices["corrections"], 0.4))
    told = newsroom.types("retrain", code=3)
    assert "macro-F1 on 1,124 test paragraphs" in told
    assert "tagger suspects" in told
    assert newsroom.serves() == before
    assert newsroom.tags(story) == tags


def test_200_honest_corrections_are_promoted_learned_and_can_be_taken_back_to_the_byte(
    newsroom, slices, story
):
    newsroom.types("queue", "add", story)
    before, tags = newsroom.serves(), newsroom.tags(story)
    newsroom.corrects(slices["corrections"][:200])
    assert "200 waiting for the next retrain" in newsroom.types("receipts")
    told = newsroom.types("retrain")
    assert "serves now" in told
    assert "queued paragraphs were scored anew" in told
    version, _ = newsroom.serves()
    assert version != before[0]
    receipts = newsroom.types("receipts")
    assert " learned" in receipts
    assert "waiting" not in receipts
    assert newsroom.tags(story) != tags
    assert {card["model"] for card in newsroom.reads("queue", "list", "--json")} == {version}
    assert f"{before[0]} serves again" in newsroom.types("models", "rollback")
    assert newsroom.serves() == before
    assert newsroom.tags(story) == tags


def test_a_second_retrain_with_nothing_new_says_so_and_trains_nothing(newsroom):
    before = newsroom.serves()
    assert f"Nothing new since model {before[0]}" in newsroom.types("retrain")
    assert newsroom.serves() == before
    assert len(newsroom.models.versions()) == 1
