"""Stories of a newsroom that retrains: what editors may rely on, and what may go wrong."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tagger.desk.flips import find_flips
from tagger.desk.lessons import read_lessons
from tagger.desk.models import load_model, registry_of, taxonomy_of
from tagger.desk.queue import queue_documents
from tagger.desk.retrain import retrain
from tagger.desk.serving import promote
from tagger.errors import Refused
from tagger.keeping.labeled import read_examples, train_files, write_examples
from tagger.keeping.store import Decision, open_store
from tagger.learning.training import Recipe
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample, TopicId

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 22, 13, tzinfo=UTC)
FLOODS = TopicId("floods")


def flipped(examples, share, seed=0):
    """The same, with another answer for a share of them."""
    random = np.random.default_rng(seed)
    answers = [frozenset(), *(frozenset({TopicId(t)}) for t in ("talks", "energy", "floods"))]
    wrong = set(random.permutation(len(examples))[: int(len(examples) * share)].tolist())
    return [
        replace(e, topics=next(a for a in random.permutation(answers) if a != e.topics))
        if i in wrong
        else e
        for i, e in enumerate(examples)
    ]


def test_40_percent_flipped_corrections_are_refused_and_the_current_model_stays(
    newsroom, paired, decide_all, files_of
):
    current, files = registry_of(newsroom).current(), files_of(newsroom)
    decide_all(newsroom, flipped(paired[200:600], 0.4))
    with pytest.raises(Refused, match=r"macro-F1 on 200 test paragraphs: 0\.\d+ -> 0\.\d+") as no:
        retrain(newsroom, by="tests", now=LATER)
    assert no.value.exit_code == 3
    assert registry_of(newsroom).current() == current
    assert files_of(newsroom) == files
    refused = next(v for v in registry_of(newsroom).versions() if v != current)
    gate = registry_of(newsroom).card(refused)["gate"]
    assert (gate["passed"], gate["against"]) == (False, current)
    assert f"tagger models promote {refused}" in no.value.cure


def test_200_honest_corrections_on_a_weak_topic_are_promoted(weak, paired, decide_all):
    honest = [e for e in paired[200:] if FLOODS in e.topics][:200]
    decide_all(weak, honest)
    done = retrain(weak, by="tests", now=LATER)
    assert done.promoted
    assert registry_of(weak).current() == done.version
    [test] = done.verdict.comparisons
    assert test.topics[FLOODS].difference.low > 0.1
    assert done.card["corrections"]["taught"] >= 190


def test_rolling_back_restores_predictions_to_the_byte(newsroom, paired, decide_all):
    texts = [e.text for e in paired[:50]]
    before = load_model(newsroom).probabilities(texts).tobytes()
    decide_all(newsroom, [e for e in paired[200:] if FLOODS in e.topics][:100])
    assert retrain(newsroom, by="tests", now=LATER).promoted
    assert load_model(newsroom).probabilities(texts).tobytes() != before
    registry_of(newsroom).roll_back(by="tests", now=LATER)
    assert load_model(newsroom).probabilities(texts).tobytes() == before


def test_a_reason_overrides_the_gate_and_is_kept(newsroom, paired, decide_all):
    decide_all(newsroom, flipped(paired[200:600], 0.4))
    done = retrain(newsroom, by="ann", now=LATER, reason="new house rules")
    assert done.promoted
    assert not done.verdict.passed
    assert registry_of(newsroom).card()["reason"] == "new house rules"
    assert registry_of(newsroom).history()[-1].reason == "new house rules (against the gate)"


def test_nothing_is_promoted_that_nobody_wants(newsroom, paired, decide_all):
    current = registry_of(newsroom).current()
    decide_all(newsroom, paired[200:300])
    shown = []
    done = retrain(newsroom, by="a", now=LATER, show=shown.append, ask=lambda done: not done)
    assert not done.promoted
    assert shown == [done]
    assert not retrain(newsroom, by="a", now=LATER, promote=False).promoted
    assert registry_of(newsroom).current() == current


def test_the_first_model_serves_without_a_comparison(desk):
    done = retrain(desk, by="tests", now=NOON)
    assert done.promoted
    assert done.verdict is None
    assert done.card["gate"]["against"] is None


def damage(desk, version=None):
    version = version or registry_of(desk).current()
    (desk.models / version / "idf.npy").write_bytes(b"gone")
    return version


def test_where_no_sound_model_is_left_to_judge_by_an_editor_has_to_say_yes(desk):
    retrain(desk, by="tests", now=NOON)
    damaged = damage(desk)
    with pytest.raises(Refused, match=f"cannot judge .*{damaged} is damaged: idf.npy") as no:
        retrain(desk, by="tests", now=LATER)
    assert registry_of(desk).current() == damaged
    candidate = registry_of(desk).versions()[-1]
    assert f"tagger models promote {candidate}" in no.value.cure
    assert promote(desk, candidate, by="ann", now=LATER).version == load_model(desk).version


@pytest.mark.parametrize("yes", [True, False])
def test_who_is_asked_decides_about_a_model_that_the_gate_cannot_judge(desk, yes):
    retrain(desk, by="tests", now=NOON)
    damage(desk)
    done = retrain(desk, by="tests", now=LATER, ask=lambda done: yes and bool(done.unjudged))
    assert (done.promoted, done.verdict) == (yes, None)


@pytest.mark.parametrize("lost", ["damaged", "no such model", "no name at all", "no file"])
def test_where_the_current_model_is_lost_a_worse_one_is_refused_all_the_same(
    newsroom, paired, decide_all, lost
):
    sound = registry_of(newsroom).current()
    retrain(newsroom, by="tests", now=NOON.replace(minute=30), again=True)
    current = newsroom.models / "current"
    match lost:
        case "damaged":
            damage(newsroom)
        case "no such model":
            current.write_text("20260101-000000-00000000\n", encoding="utf-8")
        case "no name at all":
            current.write_text("\0", encoding="utf-8")
        case "no file":
            current.unlink()
    if lost != "damaged":
        damage(newsroom, registry_of(newsroom).versions()[-1])
    decide_all(newsroom, flipped(paired[200:600], 0.4))
    with pytest.raises(Refused, match=rf"against the best sound model that served, {sound}: 0\."):
        retrain(newsroom, by="tests", now=LATER)


def test_where_the_current_model_is_damaged_a_sound_one_that_served_judges(newsroom, paired):
    sound = registry_of(newsroom).current()
    retrain(newsroom, by="tests", now=NOON.replace(minute=30), again=True)
    damaged = damage(newsroom)
    done = retrain(newsroom, by="tests", now=LATER)
    assert done.promoted
    gate = done.card["gate"]
    assert gate["against"] == damaged
    assert f"{damaged} is damaged" in gate["note"]
    assert sound in gate["note"]
    assert [one.against for one in done.verdict.comparisons] == [
        f"the best sound model that served, {sound}"
    ]


def test_30_audit_answers_judge_too_and_29_do_not(newsroom, paired, decide_all):
    decide_all(newsroom, paired[200:229], reason="audit", editor="ann")
    first = retrain(newsroom, by="tests", now=LATER)
    assert [one.sample for one in first.verdict.comparisons] == ["test"]
    decide_all(newsroom, paired[700:730], reason="audit", editor="bob")
    second = retrain(newsroom, by="tests", now=LATER)
    assert [one.sample for one in second.verdict.comparisons] == ["test", "audit"]
    assert second.verdict.comparisons[1].n >= 30


def test_stored_paragraphs_that_change_tag_are_named_those_against_the_editors_first(
    weak, paired, document, decide_all
):
    with open_store(weak.database) as store:
        queued = [e.text for e in paired[900:940]]
        queue_documents([document("story", *queued)], store, load_model(weak))
    decide_all(weak, [e for e in paired[200:500] if FLOODS in e.topics])
    before = load_model(weak)
    done = retrain(weak, by="tests", now=LATER)
    after = load_model(weak)
    assert done.card["flips"]["changed"] == len(done.flips) > 0
    for flip in done.flips:
        [was], [becomes] = (m.chosen(m.probabilities([flip.text])) for m in (before, after))
        assert (set(flip.before), set(flip.after)) == (set(was), set(becomes))
        assert set(was) != set(becomes)
    assert {flip.text for flip in done.flips} & set(queued)
    sides = [flip.against_editors for flip in done.flips]
    assert sides == sorted(sides, reverse=True)
    assert done.card["flips"]["paragraphs"].keys() == {flip.paragraph for flip in done.flips}


def test_the_same_model_again_changes_no_tag(newsroom, paired):
    model = load_model(newsroom)
    texts = {paragraph_id(e.text): e.text for e in paired[:20]}
    assert find_flips(texts, None, model, model, lambda *_: None) == ()


def test_a_desk_without_corrections_learns_its_files_and_opens_no_store(desk):
    code = (
        "import sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from tagger.desk.retrain import retrain\n"
        "from tagger.settings import Settings\n"
        "desk = Settings(Path(sys.argv[1]))\n"
        "for hour in (12, 13):\n"
        "    done = retrain(desk, by='a', now=datetime(2026, 11, 22, hour, tzinfo=UTC))\n"
        "assert done.promoted\n"
        "assert 'corrections' not in done.card\n"
        "assert 'sqlalchemy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code, str(desk.home)], check=True)
    assert not (desk.labeled / "corrections.db").exists()
    files = read_examples(train_files(desk.labeled), taxonomy_of(desk).ids)
    assert read_lessons(desk, taxonomy_of(desk).ids).examples == files


# --- nothing new


def test_with_nothing_new_no_twin_is_trained(newsroom, paired):
    version = registry_of(newsroom).current()
    again = retrain(newsroom, by="tests", now=LATER)
    assert (again.version, again.fresh, again.promoted) == (version, False, True)
    assert registry_of(newsroom).versions() == [version]
    forced = retrain(newsroom, by="tests", now=LATER, again=True)
    assert forced.fresh
    assert forced.version != version


def drop_a_label(desk, _):
    path = desk.labeled / "train" / "sentences.jsonl"
    write_examples(path, read_examples([path])[1:], force=True)


def change_the_test(desk, _):
    path = desk.labeled / "test.jsonl"
    write_examples(path, read_examples([path])[1:], force=True)


def decide_one(desk, decide_all):
    decide_all(desk, [LabeledExample("The river rose by a metre at noon.", frozenset({FLOODS}))])


@pytest.mark.parametrize("change", [drop_a_label, change_the_test, decide_one])
def test_whatever_is_new_is_trained_on(newsroom, change, decide_all):
    change(newsroom, decide_all)
    assert retrain(newsroom, by="tests", now=LATER, reason="tests").fresh


def test_another_recipe_is_something_new(newsroom):
    recipe = Recipe(penalty=0.4)
    assert retrain(newsroom, by="tests", now=LATER, recipe=recipe, promote=False).fresh


def test_a_model_that_was_refused_is_refused_again_without_training(newsroom, paired, decide_all):
    decide_all(newsroom, flipped(paired[200:600], 0.4))
    for hour in (13, 14):
        with pytest.raises(Refused, match="macro-F1 on 200 test paragraphs"):
            retrain(newsroom, by="tests", now=LATER.replace(hour=hour))
    assert len(registry_of(newsroom).versions()) == 2
    done = retrain(newsroom, by="ann", now=LATER.replace(hour=15), reason="new house rules")
    assert (done.fresh, done.promoted) == (False, True)
    assert registry_of(newsroom).history()[-1].reason == "new house rules (against the gate)"


def test_a_model_that_nobody_wanted_yet_is_shown_again_with_figures_and_flips(
    weak, paired, decide_all
):
    decide_all(weak, [e for e in paired[200:] if FLOODS in e.topics][:200])
    first = retrain(weak, by="tests", now=LATER, promote=False)
    second = retrain(weak, by="tests", now=LATER.replace(hour=14))
    assert (second.version, second.fresh, second.promoted) == (first.version, False, True)
    assert second.verdict == first.verdict
    assert second.flips == first.flips


def test_a_damaged_model_is_no_reason_not_to_train(newsroom):
    damage(newsroom)
    done = retrain(newsroom, by="tests", now=LATER, promote=False)
    assert (done.fresh, done.promoted) == (True, False)


def test_an_editors_press_during_a_retrain_is_learned_by_the_next(
    newsroom, paired, taxonomy, decide_all
):
    late = paired[1000]
    decide_all(newsroom, paired[200:300])

    def press(done):
        with open_store(newsroom.database) as store:
            made = Decision(paragraph_id(late.text), late.text, (), "bob", "late", "doubt")
            store.decide(made)

    first = retrain(newsroom, by="tests", now=LATER, show=press)
    second = retrain(newsroom, by="tests", now=LATER)
    sequences = [done.card["corrections"]["last"] for done in (first, second)]
    assert sequences[1] == sequences[0] + 1
