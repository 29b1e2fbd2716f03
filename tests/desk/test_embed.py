from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tagger import (
    Document,
    Passage,
    TaggerError,
    correct,
    load_automation,
    load_model,
    serving_version,
    tag_document,
    tag_html,
    tag_text,
)
from tagger.desk.automation import judge_of, set_aim
from tagger.desk.lessons import read_lessons
from tagger.desk.retrain import retrain
from tagger.desk.tag import tag_document as tagged_by_the_desk
from tagger.keeping.store import open_store
from tagger.settings import Settings
from tagger.taxonomy import make_taxonomy, write_taxonomy

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

STORY = "Shells fell on the town.\n\nEnvoys met in İzmir to speak of a truce, and of gas."


def test_a_model_loaded_fast_tags_exactly_as_the_plain_one(desk_with_model: Settings) -> None:
    plain = load_model(desk_with_model.home)
    fast = load_model(desk_with_model.home, fast=True)
    assert type(fast) is not type(plain)
    assert tag_text(STORY, fast) == tag_text(STORY, plain)


def test_without_the_extra_a_fast_model_is_refused_with_the_command_that_installs_it(
    desk_with_model: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_numba(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'numba'", name="numba")

    monkeypatch.setattr("tagger.learning.compiled.load_kernel", without_numba)
    with pytest.raises(TaggerError, match=r"numba is not installed.\n.*\[fast\]"):
        load_model(desk_with_model.home, fast=True)


@pytest.fixture
def home(desk_with_model: Settings, tmp_path: Path) -> Settings:
    """A desk of one's own, whose model serves."""
    return Settings(shutil.copytree(desk_with_model.home, tmp_path / "home"))


PAGE = """<html><head><meta charset="windows-1252"><title>The river rises</title></head><body>
<article>
<p>Shells fell on the town of İzmir while envoys met in the old city to speak of a truce.</p>
<p>Nobody said when the gas would flow again, though two pipelines had been mended by Sunday.</p>
</article><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav></body></html>"""


@pytest.mark.parametrize("page", [PAGE, PAGE.encode()])
def test_a_page_of_markup_is_tagged_by_its_story_alone(home: Settings, page: str | bytes) -> None:
    model = load_model(home.home)
    tagged = tag_html(page, model, name="river")
    texts = [one.paragraph.text for one in tagged]
    assert [text[:9] for text in texts] == ["The river", "Shells fe", "Nobody sa"]
    assert "İzmir" in texts[1]
    assert {one.paragraph.document for one in tagged} == {"river"}
    alone = [p for text in texts for p in tag_text(text, model)]
    assert [one.scores for one in tagged] == [one.scores for one in alone]


@pytest.mark.parametrize("page", ["", "No markup at all.", "<html></html>", b"%PDF-1.7"])
def test_a_page_without_a_story_is_refused_by_its_name(home: Settings, page: str | bytes) -> None:
    with pytest.raises(TaggerError, match="river"):
        tag_html(page, load_model(home.home), name="river")


def test_an_article_whose_parts_are_known_keeps_them(home: Settings) -> None:
    passages = (Passage("Envoys met", "title"), Passage("A ship in port.", "caption"))
    tagged = tag_document(Document("a story", passages), load_model(home.home))
    assert [(p.paragraph.role, p.paragraph.furniture) for p in tagged] == [
        ("title", None),
        ("caption", "caption"),
    ]


def test_a_correction_is_recorded_once_and_learned_by_the_next_retrain(home: Settings) -> None:
    [said] = tag_text("The choir sang of rivers that rise.", load_model(home.home))
    numbers = [
        correct(said, ["floods"], editor="ann", key="request 1", home=home.home) for _ in range(2)
    ]
    assert numbers == [1, 1]
    with open_store(home.database) as store:
        [row] = store.log()
        assert (row.editor, row.topics, row.shown.model) == ("ann", ("floods",), said.model)
    lessons = read_lessons(home, load_model(home.home).topics).examples
    assert lessons[-1].text == "The choir sang of rivers that rise."
    with pytest.raises(TaggerError, match="Unknown topic: fires"):
        correct(said, ["fires"], editor="ann", key="request 2", home=home.home)


def test_a_program_that_runs_on_sees_that_another_model_serves(home: Settings) -> None:
    model = load_model(home.home)
    assert serving_version(home.home) == model.version
    done = retrain(home, by="tests", now=NOON, again=True)
    assert serving_version(home.home) == done.version != model.version
    (home.models / "current").unlink()
    assert serving_version(home.home) is None


def test_what_goes_out_by_itself_here_goes_out_by_itself_at_the_desk(home: Settings) -> None:
    retrain(home, by="tests", now=NOON, again=True)
    set_aim(home, 50, None, ["talks"])
    tables = [{"id": "talks"}, {"id": "energy"}, {"id": "floods"}]
    new = {"id": "strikes", "seeds": ["walkout*"]}
    taxonomy = write_taxonomy(make_taxonomy([*tables, new]))
    (home.labeled / "taxonomy.toml").write_text(taxonomy, encoding="utf-8")
    model = load_model(home.home)
    automation = load_automation(model, home.home)
    assert automation is not None
    lines = (home.labeled / "test.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    text = "\n\n".join([*texts, *(f"{text} A walkout began." for text in texts)])
    tagged = tag_text(text, model, automation=automation)
    wanted = tagged_by_the_desk(Document("text", (Passage(text),)), model, judge_of(home, model))
    assert tagged == wanted
    assert {one.decision for one in tagged if one.rules} == {"ask"}
    sure = replace(automation, rules={})
    assert {one.decision for one in tag_text(text, model, automation=sure)} > {"ask"}


FORKED = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from tagger import load_model, tag_text

texts = [f"Shells fell on town {n} while envoys met." for n in range(40)]
model = load_model(sys.argv[1], fast=sys.argv[2] == "fast")
wanted = [tag_text(text, model) for text in texts]
if not (child := os.fork()):
    with ThreadPoolExecutor(4) as threads:
        os._exit(list(threads.map(lambda text: tag_text(text, model), texts)) != wanted)
sys.exit(os.waitpid(child, 0)[1] != 0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only POSIX forks")
@pytest.mark.parametrize("kind", ["plain", "fast"])
def test_a_web_server_may_fork_its_workers_after_loading_and_tag_in_threads(
    home: Settings, kind: str
) -> None:
    command = [sys.executable, "-c", FORKED, str(home.home), kind]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
