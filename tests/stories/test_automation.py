"""The desk's editor lets the tagger work alone where it is right 85 times in 100, no further."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import polars as pl
import pytest

from tagger import load_automation, load_model, tag_file, tag_text
from tagger.desk.retrain import retrain
from tagger.keeping.labeled import write_examples
from tagger.keeping.store import Decision, open_store
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample
from tagger.settings import Settings
from tagger.taxonomy import write_taxonomy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def paired(examples):
    """Paragraphs of two sentences each with the topics of both, in a random order."""
    pairs = [
        LabeledExample(f"{a.text} {b.text}", a.topics | b.topics)
        for a, b in combinations(examples[::2], 2)
    ]
    return [pairs[row] for row in np.random.default_rng(0).permutation(len(pairs)).tolist()]


@pytest.fixture(scope="session")
def trained(tmp_path_factory, examples, taxonomy, paired):
    desk = Settings(tmp_path_factory.mktemp("automation") / "desk")
    write_examples(desk.labeled / "train" / "train.jsonl", [*examples, *paired[:300]])
    write_examples(desk.labeled / "test.jsonl", paired[300:])
    (desk.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")
    retrain(desk, by="tests", now=NOON)
    return desk


@pytest.fixture
def newsroom(trained, tmp_path):
    """A desk of one's own with a test of 196 paragraphs; its model serves."""
    return Settings(shutil.copytree(trained.home, tmp_path / "newsroom"))


@pytest.fixture
def story(tmp_path, paired, examples):
    path = tmp_path / "story.txt"
    texts = [example.text for example in paired[300:]]
    texts += [example.text for example in examples]
    path.write_text("\n\n".join(texts) + "\n\nShare this story\n", encoding="utf-8")
    return path


def measured(run_on, desk, percent):
    found = json.loads(run_on(desk, "automation", "preview", percent, "--json").out)
    return found["aims"][percent]["frozen test"]


def test_an_editor_sees_the_work_before_setting_an_aim(run_on, newsroom):
    shown = run_on(newsroom, "automation", "preview")
    assert shown.code == 0
    assert "frozen test (196)" in shown.out
    assert not (newsroom.labeled / "automation.toml").exists()
    low, high = measured(run_on, newsroom, "60"), measured(run_on, newsroom, "85")
    assert low["by_itself"]["of"] >= high["by_itself"]["of"] > 20
    assert low["n"] == low["asked"] + low["tagged"]["of"] + low["none"]["of"]


def test_what_it_does_by_itself_is_as_often_right_as_was_asked_for(run_on, newsroom):
    found = measured(run_on, newsroom, "85")["by_itself"]
    assert found["high"] >= 0.85
    assert found["right"] / found["of"] >= 0.85


def test_with_an_aim_every_paragraph_is_marked_in_every_format(run_on, newsroom, story, tmp_path):
    assert run_on(newsroom, "automation", "set", "85").code == 0
    lines = run_on(newsroom, "tag", story, "--keep-furniture")
    rows = [json.loads(line) for line in lines.out.splitlines()]
    decided = [row["decision"] for row in rows if not row["furniture"]]
    assert set(decided) >= {"auto", "ask"}
    assert [row["decision"] for row in rows if row["furniture"]] == [None]
    assert all(row["decision"] != "auto" or row["topics"] for row in rows)
    assert all(row["decision"] != "none" or not row["topics"] for row in rows)
    assert f"by itself {decided.count('auto')} tagged" in lines.err
    run_on(newsroom, "tag", story, "-o", tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert [row["decision"] for row in csv.DictReader(file)] == decided
    run_on(newsroom, "tag", story, "-o", tmp_path / "a.parquet")
    assert pl.read_parquet(tmp_path / "a.parquet")["decision"].to_list() == decided
    run_on(newsroom, "tag", story, "--workers", "1", "-o", tmp_path / "b.parquet")
    assert pl.read_parquet(tmp_path / "b.parquet")["decision"].to_list() == decided
    assert "by itself" in run_on(newsroom, "tag", story, "--format", "table").out


def test_a_program_that_embeds_the_tagger_gets_the_same_marks(run_on, newsroom, story):
    model = load_model(newsroom.home)
    assert load_automation(model, newsroom.home) is None
    run_on(newsroom, "automation", "set", "85")
    automation = load_automation(model, newsroom.home)
    rows = [json.loads(line) for line in run_on(newsroom, "tag", story).out.splitlines()]
    tagged = tag_file(story, model, automation=automation)
    assert [p.decision for p in tagged if not p.paragraph.furniture] == [
        row["decision"] for row in rows
    ]
    text = story.read_text(encoding="utf-8")
    assert [p.decision for p in tag_text(text, model, automation=automation)] == [
        p.decision for p in tagged
    ]
    assert {p.decision for p in tag_text(text, model)} == {None}


def test_one_topic_can_always_be_asked_and_another_be_held_to_more(run_on, newsroom, story):
    run_on(newsroom, "automation", "set", "85")
    assert run_on(newsroom, "automation", "off", "floods").code == 0
    run_on(newsroom, "automation", "set", "energy", "90")
    shown = run_on(newsroom, "automation", "show")
    assert "at least 85 times in 100 (floods: always asked, energy: 90), else asked." in shown.out
    rows = [json.loads(line) for line in run_on(newsroom, "tag", story).out.splitlines()]
    assert {row["decision"] for row in rows if "floods" in row["topics"]} == {"ask"}
    assert json.loads(run_on(newsroom, "automation", "show", "--json").out)["aims"] == {
        "talks": 85,
        "energy": 90,
        "floods": None,
        "none": 85,
    }


def test_switched_off_everything_is_asked_and_nothing_is_marked(run_on, newsroom, story):
    run_on(newsroom, "automation", "set", "85")
    assert "nothing is tagged by itself" in run_on(newsroom, "automation", "off").err
    rows = [json.loads(line) for line in run_on(newsroom, "tag", story).out.splitlines()]
    assert {row["decision"] for row in rows} == {None}
    assert "Everything is asked" in run_on(newsroom, "automation", "show").err


def test_setting_an_aim_changes_neither_the_model_nor_what_it_is_bound_to(run_on, newsroom):
    before = load_model(newsroom.home)
    run_on(newsroom, "automation", "set", "85")
    after = load_model(newsroom.home)
    assert (after.version, after.taxonomy) == (before.version, before.taxonomy)
    assert run_on(newsroom, "models", "verify").code == 0


def test_an_aim_nobody_can_keep_means_that_everything_is_asked(run_on, newsroom, story):
    run_on(newsroom, "automation", "set", "99.9")
    rows = [json.loads(line) for line in run_on(newsroom, "tag", story).out.splitlines()]
    assert {row["decision"] for row in rows} == {"ask"}
    shown = run_on(newsroom, "automation", "show")
    assert "0% by itself" in shown.out
    assert "never" in shown.out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("set", "101"), 1, "is no aim"),
        (("set", "rivers", "95"), 1, "Unknown topic: rivers"),
        (("set", "often"), 2, "is no number of times in 100"),
        (("off", "rivers"), 1, "Unknown topic: rivers"),
    ],
)
def test_a_slip_of_the_pen_is_named_and_changes_nothing(run_on, newsroom, words, code, says):
    run_on(newsroom, "automation", "set", "85")
    done = run_on(newsroom, "automation", *words)
    assert done.code == code
    assert says in done.err
    assert "at least 85 times in 100, else" in run_on(newsroom, "automation", "show").out


def test_a_model_too_old_to_know_says_so_instead_of_guessing(run_on, newsroom, story):
    run_on(newsroom, "automation", "set", "85")
    card = newsroom.models / load_model(newsroom.home).version / "card.json"
    older = json.loads(card.read_text(encoding="utf-8"))
    del older["operating"]
    card.write_text(json.dumps(older), encoding="utf-8")
    done = run_on(newsroom, "tag", story)
    assert done.code == 1
    assert "does not say how sure it must be" in done.err
    assert "tagger automation off" in done.err
    run_on(newsroom, "automation", "off")
    assert run_on(newsroom, "tag", story).code == 0


def test_the_desk_s_own_stream_is_measured_too_once_30_paragraphs_were_audited(
    run_on, newsroom, examples
):
    texts = [f"{e.text} Reader {n} wrote it on a card." for n, e in enumerate(examples[:30])]
    answers = [
        Decision(paragraph_id(t), t, tuple(e.topics), "ann", t, "audit")
        for t, e in zip(texts, examples, strict=False)
    ]
    with open_store(newsroom.database) as store:
        store.decide_many(answers, "audit")
    train = (
        newsroom.labeled / "train" / "train.jsonl"
    )  # near-copies of what is learned do not count
    write_examples(train, [LabeledExample("A short line about bread.", frozenset())], force=True)
    run_on(newsroom, "automation", "set", "85")
    assert "On the 30 paragraphs of the random audit" in run_on(newsroom, "automation", "show").out
