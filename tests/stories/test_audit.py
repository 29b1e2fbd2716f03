"""The desk's editor wants to know how good the tagger is, and to believe the figure."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tagger.desk.audit import audit_of
from tagger.desk.correct import decide
from tagger.desk.lessons import read_lessons
from tagger.desk.models import load_model
from tagger.desk.queue import next_up, queue_documents
from tagger.keeping.store import Decision, Shown, open_store
from tagger.learning.model import sigmoid
from tagger.learning.selection import AUDIT_SHARE, chance
from tagger.paragraphs import paragraph_id
from tagger.records import Document, Passage, TopicId
from tagger.settings import Settings

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FLOOD = "The river stood a metre above the quay on Friday, and the lower market was closed."


@pytest.fixture
def home(desk_with_model, tmp_path):
    """A desk of one's own, whose model serves."""
    return Settings(shutil.copytree(desk_with_model.home, tmp_path / "home"))


@pytest.fixture(scope="module")
def benchmark():
    path = Path(__file__).parents[2] / "benchmarks" / "audit.py"
    spec = importlib.util.spec_from_file_location("audit_benchmark", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["audit_benchmark"] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def answer(desk, text, *topics, days=0, reason="audit", editor="ann"):
    """An answer of some days after noon, given while the model had suggested talks."""
    with open_store(desk.database, now=lambda: NOON + timedelta(days=days)) as store:
        seen = Shown(topics=(TopicId("talks"),), model="20261101-000000-abcdef12", hidden=True)
        key = f"{text}{days}{reason}"
        store.decide(Decision(paragraph_id(text), text, tuple(topics), editor, key, reason, seen))


def test_the_truth_is_in_the_audit_s_interval_and_not_in_that_of_the_doubt_queue(benchmark):
    random = np.random.default_rng(22)
    scores = random.normal(-1.2, 2.2, (6000, 3))  # log-odds; what they say comes true
    topics = tuple(map(TopicId, ("talks", "energy", "floods")))
    truth = random.random(scores.shape) < sigmoid(scores)
    stream = benchmark.Stream(topics, sigmoid(scores), np.full(3, 0.5), truth)
    rows = benchmark.simulate(stream, runs=60, queue=2000, decisions=1000, seed=1)
    held = {(row.figure, row.way): row.held for row in rows}
    audited = [share for (_, way), share in held.items() if way == "audit"]
    assert min(audited) >= 0.9
    assert np.mean(audited) >= 0.93
    assert held["fully right", "audit"] >= 0.93
    assert held["fully right", "doubt"] == 0
    assert held["fully right", "corrections"] == 0


def test_an_editor_who_works_through_the_mixed_queue_audits_a_fair_sample_of_it(
    desk, model, taxonomy, examples
):
    texts = [f"{a.text} {b.text}" for a in examples[:34] for b in examples[34:]]
    with open_store(desk.database) as store:
        story = Document("wire", tuple(Passage(text, "paragraph") for text in texts))
        queue_documents([story], store, model)
        asked = []
        for page in range(20):
            cards = next_up(store, desk, "ann", model=model, checks=False)
            for card in cards:
                decide(
                    store, card, (), "ann", key=f"{page}{card.item.paragraph}", taxonomy=taxonomy
                )
            asked += cards
    audited = {card.item.paragraph for card in asked if card.lane == "audit"}
    assert len(audited) >= 30
    # Who is in it was drawn from the paragraph's id alone, and first those whose lot is highest.
    lots = {paragraph_id(text): chance(paragraph_id(text), "audit") for text in texts}
    drawn = sorted((id_ for id_ in lots if lots[id_] < AUDIT_SHARE), key=lots.get, reverse=True)
    assert audited == set(drawn[: len(audited)]) & audited
    assert all(card.hidden for card in asked if card.lane == "audit")


def test_the_command_says_it_in_one_sentence_and_gives_programs_the_figures(run_on, home):
    for number in range(8):
        answer(home, f"{FLOOD} Reader {number} sent a picture of it to us.", "floods")
    answer(home, "A cellist played in the museum for an hour on Sunday evening.", "talks")
    done = run_on(home, "audit")
    assert done.code == 0
    assert "On 9 audited paragraphs:" in done.out
    assert "fully right" in done.out
    found = json.loads(run_on(home, "audit", "--json").out)
    assert found["audited"] == 9
    assert found["topics"]["floods"]["recall"]["of"] == 8
    assert found["model"] == load_model(home).version
    [week] = found["weeks"]
    assert (week["name"], week["right"], week["of"]) == ("2026-11-16", 1, 9)


def test_without_an_audit_the_desk_claims_nothing(run_on, home):
    done = run_on(home, "audit")
    assert done.code == 0
    assert "Nothing has been audited yet" in done.out
    assert json.loads(run_on(home, "audit", "--json").out)["fully_right"] is None


def test_an_answer_measures_for_half_a_year_and_is_learned_then(home, taxonomy):
    answer(home, FLOOD, "floods")
    answer(home, "Something else was decided the same day about a bakery.", reason="doubt")
    assert FLOOD not in {e.text for e in read_lessons(home, taxonomy.ids).examples}
    assert audit_of(home, load_model(home)).today.n == 1
    answer(home, "Half a year has passed since then, said the calendar.", days=181, reason="doubt")
    assert FLOOD in {e.text for e in read_lessons(home, taxonomy.ids).examples}
    found = audit_of(home, load_model(home))
    assert (found.today, found.released) == (None, 1)
    assert found.weeks[0].fully_right.of == 1  # what was measured then stays measured


def test_a_label_mended_where_the_model_disagreed_does_not_flatter_it(home):
    answer(home, FLOOD, "talks")
    answer(home, FLOOD, "floods", days=1, reason="article")
    found = audit_of(home, load_model(home))
    assert found.today.fully_right.of == 1
    assert [t.recall.of for t in found.today.topics if t.topic == "talks"] == [1]


def test_a_sampled_paragraph_decided_with_the_suggestion_in_view_is_told_and_not_counted(home):
    text = next(
        text
        for text in (f"{FLOOD} It was day {number} of the rain." for number in range(1000))
        if chance(paragraph_id(text), "audit") < AUDIT_SHARE
    )
    answer(home, text, "floods", reason="article")
    found = audit_of(home, load_model(home))
    assert found.today is None
    assert found.elsewhere == 1
    assert found.remarks == ("Of the sample, decided with the suggestion in view: not counted: 1.",)
