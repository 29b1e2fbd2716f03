from dataclasses import replace

import pytest

from tagger.desk import copies
from tagger.desk.copies import DecidedCopies
from tagger.desk.earlier import earlier_answers
from tagger.desk.queue import next_up, queue_documents
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id

WIRE = (
    "The river burst its banks on Monday night and flooded some forty houses in the lower "
    "village, the district office said, while rescuers brought families out in boats."
)
EDITED = WIRE.replace("Monday", "Tuesday")
OTHER = "The orchestra opens its season on Friday with a symphony by a young composer."


@pytest.fixture
def decided(store):
    """Records that somebody decided a text that is in no queue, such as by a file."""

    def record(text, *topics, editor="olena", reason="import"):
        key = f"{editor}/{text}/{topics}"
        return store.decide(
            Decision(paragraph_id(text), text, topics, editor, key, reason)
        ).correction

    return record


@pytest.fixture
def card(store, desk, model, document):
    """The card of the wire as Ines is asked about it."""
    queue_documents([document("story", WIRE)], store, model)
    [found] = next_up(store, desk, "ines", checks=False, model=model)
    return found


def test_a_near_copy_that_a_colleague_decided_is_told_with_who_and_when(
    store, desk, card, decided, clock
):
    seen = DecidedCopies(store)
    assert earlier_answers(store, desk, seen, card) == ()
    made = decided(EDITED, "floods")
    decided(OTHER, "talks")
    [told] = earlier_answers(store, desk, seen, card)
    assert (told.answer, told.same) == (made, False)
    assert told.answer.time == clock.time


def test_an_answer_that_contradicts_the_suggestion_is_marked(store, desk, card, decided):
    seen = DecidedCopies(store)
    decided(EDITED, *card.topics)
    assert [told.differs for told in earlier_answers(store, desk, seen, card)] == [False]
    decided(EDITED, *({"talks", "floods"} - set(card.topics)), editor="oleh")
    assert [told.differs for told in earlier_answers(store, desk, seen, card)] == [True, False]


def test_each_colleague_is_told_once_with_the_latest_answer(store, desk, card, decided):
    decided(EDITED, "talks")
    decided(EDITED.replace("forty", "fifty"), "floods")
    for number in range(4):
        decided(EDITED, editor=f"editor {number}")
    told = earlier_answers(store, desk, DecidedCopies(store), card)
    assert [one.answer.editor for one in told] == ["editor 3", "editor 2", "editor 1"]
    store.undo("editor 3", key="z")
    told = earlier_answers(store, desk, DecidedCopies(store), card)
    assert [one.answer.editor for one in told] == ["editor 2", "editor 1", "editor 0"]


def test_the_same_text_is_told_apart_from_a_near_copy(store, desk, model, document, decided):
    queue_documents([document("story", WIRE)], store, model)
    [found] = next_up(store, desk, "ines", checks=False, model=model)
    decided(WIRE, "floods")
    [told] = earlier_answers(store, desk, DecidedCopies(store), found)
    assert told.same


@pytest.mark.parametrize("lane", ["audit", "second", "planted"])
def test_who_is_to_judge_independently_is_told_nothing(store, desk, card, decided, lane):
    decided(EDITED, "floods")
    blind = replace(card, lane=lane)
    assert earlier_answers(store, desk, DecidedCopies(store), blind) == ()


def test_an_answer_to_a_planted_check_is_never_told(store, desk, card, decided):
    decided(EDITED, "floods", reason="planted")
    assert earlier_answers(store, desk, DecidedCopies(store), card) == ()


def test_of_a_long_log_only_the_last_decisions_are_looked_through(
    store, desk, card, decided, monkeypatch
):
    monkeypatch.setattr(copies, "_REMEMBERED", 2)
    decided(EDITED, "floods")
    decided(OTHER)
    seen = DecidedCopies(store)
    assert len(earlier_answers(store, desk, seen, card)) == 1
    decided(f"{OTHER} Tickets are sold at the door.")
    assert len(earlier_answers(store, desk, seen, card)) == 1
    assert earlier_answers(store, desk, DecidedCopies(store), card) == ()
