import sqlite3

import pytest

from tagger.desk.decisions import read_decisions
from tagger.desk.lessons import combine, read_lessons
from tagger.errors import Refused
from tagger.keeping.labeled import write_examples
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample, TopicId

TOPICS = tuple(map(TopicId, ("talks", "energy", "floods")))
RIVER = "The river stood a metre above the quay on Friday, and the lower market was closed."
RIVER_AGAIN = RIVER.replace("Friday", "Saturday")
BAKER = "A baker in the old town has baked bread with walnuts for his neighbours since spring."


@pytest.fixture
def learned(store, desk):
    """What a training would see after some decisions: texts with their topics."""

    def lessons():
        return {e.text: set(e.topics) for e in read_lessons(desk, TOPICS).examples}

    return lessons


@pytest.fixture
def say(store):
    """Record a decision: ``say(text, topic, ..., editor=..., reason=...)``."""

    def record(text, *topics, editor="ann", reason="doubt"):
        made = Decision(paragraph_id(text), text, topics, editor, f"{store.count()}", reason)
        return store.decide(made).correction

    return record


def test_a_decision_is_learned_beside_the_files(desk, say, learned, examples):
    before = learned()
    say(RIVER, "floods")
    say(BAKER)
    assert learned() == before | {RIVER: {"floods"}, BAKER: set()}


def test_the_latest_decision_wins_whoever_made_it(say, learned):
    say(RIVER, "floods", editor="ann")
    say(RIVER, "talks", editor="bob")
    assert learned()[RIVER] == {"talks"}


def test_a_decision_taken_back_gives_way_to_the_one_before(store, say, learned):
    say(RIVER, "floods")
    later = say(RIVER, "talks")
    store.undo("ann", later.sequence, key="undo")
    assert learned()[RIVER] == {"floods"}
    store.undo("ann", key="undo again")
    assert RIVER not in learned()


def test_a_decision_wins_over_the_files_label_and_keeps_the_files_order(desk, say, learned):
    files = read_lessons(desk, TOPICS).examples
    text = files[3].text
    assert files[3].topics != {"floods"}
    made = say(text, "floods")
    examples = read_lessons(desk, TOPICS).examples
    assert [e.text for e in examples] == [e.text for e in files]
    assert (examples[3].topics, examples[3].origin) == (
        {"floods"},
        f"decision {made.sequence} by ann",
    )


@pytest.mark.parametrize("reason", ["audit", "planted"])
def test_what_measures_is_never_learned(desk, say, learned, reason):
    before = learned()
    say(RIVER, "floods", reason=reason)
    assert learned() == before
    say(RIVER, "floods", reason="article")  # decided again elsewhere: it measures all the same
    assert learned() == before
    assert read_lessons(desk, TOPICS).seen()["corrections"]["left_out"] == {reason: 1}


def test_a_near_copy_of_an_audited_paragraph_is_not_learned_either(desk, say, learned):
    say(RIVER, "floods", reason="audit")
    say(RIVER_AGAIN, "floods")
    assert RIVER_AGAIN not in learned()
    assert read_lessons(desk, TOPICS).left_out == {
        paragraph_id(RIVER): "audit",
        paragraph_id(RIVER_AGAIN): "copy of what measures",
    }


def test_texts_of_the_frozen_test_are_never_learned(desk, say, learned, examples):
    text = examples[0].text  # the desk's test holds every fifth one
    write_examples(desk.labeled / "train" / "more.jsonl", [LabeledExample(text, frozenset())])
    say(text, "floods")
    assert text not in learned()
    say(text[:-1] + " again.", "floods")
    assert read_lessons(desk, TOPICS).taught == 0


def test_a_topic_that_is_no_longer_known_is_left_out_and_counted(desk, say, learned):
    say(RIVER, "storms")
    assert RIVER not in learned()
    assert read_lessons(desk, TOPICS).left_out == {paragraph_id(RIVER): "unknown topic"}


def test_audit_answers_measure_unless_the_files_hold_the_text(desk, say, examples):
    say(RIVER, "floods", reason="audit")
    say(examples[1].text, "talks", reason="audit")  # a training sentence
    say(examples[0].text, "talks", reason="audit")  # one of the test
    assert [(e.text, e.topics) for e in read_lessons(desk, TOPICS).audits] == [(RIVER, {"floods"})]


def test_the_log_is_named_by_its_last_row(store, desk, say):
    assert (read_decisions(desk).last, read_decisions(desk).rows) == (0, ())
    made = say(RIVER, "floods")
    undo = store.undo("ann", key="undo").corrections[0]
    found = read_decisions(desk)
    assert (found.last, found.digest, found.rows) == (undo.sequence, undo.hash, ())
    assert made.sequence < undo.sequence


def test_a_desk_without_a_store_has_no_decisions(desk):
    assert read_decisions(desk) is None
    assert not (desk.labeled / "corrections.db").exists()


def test_files_alone_stay_as_they_are(examples):
    lessons = combine(examples, [], None, TOPICS)
    assert lessons.examples == examples
    assert lessons.seen() == {}


def test_nothing_is_learned_from_a_log_that_was_altered(desk, say):
    say(RIVER, "floods")
    say(BAKER)
    with sqlite3.connect(desk.database) as connection:
        connection.execute("DROP TRIGGER corrections_no_update")
        connection.execute("""UPDATE corrections SET topics = '["talks"]' WHERE sequence = 1""")
    connection.close()
    with pytest.raises(Refused, match="row 1"):
        read_lessons(desk, TOPICS)
