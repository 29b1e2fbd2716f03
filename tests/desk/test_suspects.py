"""Labels that deserve a second look, as an editor in charge meets them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tagger.desk.suspects import find_suspects
from tagger.keeping.labeled import write_examples
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample, TopicId

RIVER = "The ferry stayed in harbour on Friday as the river stood above the quay and the market."
RIVER_AGAIN = RIVER.replace("Friday", "Monday")


@pytest.fixture
def say(store):
    def record(text, *topics, editor="ann", reason="doubt"):
        key = f"{store.count()} {text}"
        made = Decision(paragraph_id(text), text, topics, editor, key, reason)
        return store.decide(made).correction

    return record


def test_a_wrong_label_in_a_file_is_doubted_with_its_line(desk, examples):
    right = examples[21]
    wrong = LabeledExample(right.text, frozenset({TopicId("floods")}))
    kept = [e for e in examples if e not in examples[::5] and e is not right]
    write_examples(desk.labeled / "train" / "sentences.jsonl", [wrong, *kept], force=True)
    found = find_suspects(desk)
    doubt = next(d for d in found.doubted[:6] if d.label.text == right.text)
    assert doubt.label.origin.endswith("sentences.jsonl:1")
    assert doubt.label.editor is None
    assert doubt.belief < 0.5
    assert doubt.suggested != doubt.label.topics


def test_a_doubted_decision_names_its_editor_and_time(desk, say, clock, examples):
    made = say(examples[21].text, "floods", editor="bob")
    [label] = [d.label for d in find_suspects(desk).doubted if d.label.editor]
    assert (label.editor, label.time, label.topics) == ("bob", clock.time, {"floods"})
    assert label.origin == f"decision {made.sequence} by bob"


def test_near_copies_that_editors_gave_other_topics_are_shown_together(desk, say):
    say(RIVER, "floods", editor="ann")
    say(RIVER_AGAIN, "energy", editor="bob")
    [group] = find_suspects(desk).contradictions
    assert {(label.editor, *label.topics) for label in group} == {
        ("ann", "floods"),
        ("bob", "energy"),
    }


def test_editors_who_differ_on_a_paragraph_are_shown_with_their_latest_answers(desk, say):
    say(RIVER, "talks", editor="ann")
    say(RIVER, "energy", editor="bob")
    say(RIVER, "floods", editor="ann", reason="second")
    say(RIVER_AGAIN, "floods", editor="ann")
    say(RIVER_AGAIN, "floods", editor="bob")
    [dispute] = find_suspects(desk).disputes
    assert [(label.editor, set(label.topics)) for label in dispute] == [
        ("bob", {"energy"}),
        ("ann", {"floods"}),
    ]


def test_agreement_counts_what_two_editors_both_decided_planted_checks_too(desk, say, examples):
    for number, example in enumerate(examples[::5][:6]):
        say(example.text, "floods", editor="ann", reason="planted")
        say(example.text, *(["floods"] if number else []), editor="bob", reason="planted")
    say(RIVER, "floods", editor="eve")
    found = find_suspects(desk)
    [agreement] = found.agreements
    assert agreement.editors == ("ann", "bob")
    assert (agreement.figures.shared, agreement.figures.agreement) == (6, pytest.approx(5 / 6))
    assert found.disputes == ()  # a list would give the checks away


def test_a_desk_without_a_store_is_looked_through_without_one(desk):
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tagger.desk.suspects import find_suspects\n"
        "from tagger.settings import Settings\n"
        "found = find_suspects(Settings(Path(sys.argv[1])))\n"
        "assert found.disputes == found.agreements == ()\n"
        "assert 'sqlalchemy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code, str(desk.home)], check=True)
    assert not (desk.labeled / "corrections.db").exists()
