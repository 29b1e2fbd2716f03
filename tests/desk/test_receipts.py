"""What an editor is told about each of their corrections."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from tagger.desk.models import load_model, registry_of
from tagger.desk.receipts import receipts
from tagger.desk.retrain import retrain
from tagger.desk.serving import roll_back
from tagger.errors import NoModel
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id

RIVER = "The ferry stayed in harbour on Friday as the river stood above the quay and the market."
RIVER_AGAIN = RIVER.replace("Friday", "Monday")


@pytest.fixture
def taught(desk):
    """Retrain an hour later each time, whatever the gate says."""
    hours = count(9)

    def run():
        now = datetime(2026, 11, 22, next(hours), tzinfo=UTC)
        return retrain(desk, by="tests", now=now, reason="tests").version

    return run


@pytest.fixture
def say(store):
    def record(text, *topics, editor="ann", reason="doubt"):
        key = f"{store.count()} {text[:50]}"
        return store.decide(
            Decision(paragraph_id(text), text, topics, editor, key, reason)
        ).correction.sequence

    return record


@pytest.fixture
def receipt(desk):
    """The receipt of a decision by its number."""

    def find(sequence):
        return next(r for r in receipts(desk) if r.correction.sequence == sequence)

    return find


def test_without_a_store_there_are_no_receipts(desk, taught):
    taught()
    assert receipts(desk) == []
    assert not (desk.labeled / "corrections.db").exists()


def test_without_a_model_there_is_nothing_to_tell(desk, store):
    with pytest.raises(NoModel):
        receipts(desk)


def test_a_correction_waits_is_learned_and_names_the_model_that_learned_it(
    desk, say, taught, receipt, examples
):
    taught()
    model = load_model(desk)
    text = next(e.text for e in examples if "floods" in e.topics and e not in examples[::5])
    number = say(text, "talks")
    before = receipt(number)
    assert (before.outcome, before.learned_by) == ("waiting for the next retrain", None)
    assert set(before.gives) == set(model.chosen(model.probabilities([text]))[0])
    for copy in range(30):
        say(f"{text} Version {copy} of it adds {copy * 7} words on the pier.", "talks")
    version = taught()
    after = receipt(number)
    assert (after.outcome, after.words, after.learned_by) == ("learned", "learned", version)
    assert after.gives == ("talks",)
    taught()
    assert receipt(number).learned_by == version


def test_what_the_model_says_already_waits_too_and_is_learned_after(
    desk, say, taught, receipt, examples
):
    taught()
    model = load_model(desk)
    text = f"{examples[1].text} {examples[2].text}"
    number = say(text, *model.chosen(model.probabilities([text]))[0])
    found = receipt(number)
    assert (found.outcome, found.learned_by) == ("waiting for the next retrain", None)
    version = taught()
    found = receipt(number)
    assert (found.outcome, found.learned_by) == ("learned", version)


def test_what_was_taught_and_is_given_otherwise_still_disagrees(say, taught, receipt, examples):
    rivers = [e.text for e in examples if e.topics == {"floods"} and e not in examples[::5]]
    number = say(" ".join(rivers), "energy")
    taught()
    found = receipt(number)
    assert (found.outcome, found.words) == ("still disagrees", "still disagrees")
    assert set(found.gives) != {"energy"}
    assert found.learned_by is None


def test_after_a_rollback_what_the_older_model_never_saw_waits_again(desk, say, taught, receipt):
    taught()
    number = say(RIVER, "floods")
    taught()
    assert receipt(number).outcome in {"learned", "still disagrees"}
    roll_back(desk, by="tests", now=datetime(2026, 11, 23, tzinfo=UTC))
    found = receipt(number)
    assert (found.outcome, found.learned_by) == ("waiting for the next retrain", None)


def test_a_decision_is_outvoted_by_a_later_one_with_other_topics(say, taught, receipt):
    first, same = say(RIVER, "talks"), say(RIVER, "talks", editor="bob")
    last = say(RIVER, "floods", editor="eve")
    taught()
    for number in (first, same):
        assert receipt(number).outcome == "outvoted"
        assert receipt(number).against == f"decision {last} by eve"
    assert receipt(last).outcome != "outvoted"


def test_a_decision_that_near_copies_contradict_is_outvoted_by_them(say, taught, receipt):
    copies = [RIVER.replace("Friday", day) for day in ("Monday", "Tuesday", "Sunday", "Thursday")]
    others = [say(copy, "floods") for copy in copies]
    number = say(RIVER, "energy")
    taught()
    found = receipt(number)
    assert found.outcome == "outvoted"
    assert found.against == f"near-copy, decision {others[0]} by ann"


@pytest.mark.parametrize("reason", ["audit", "planted"])
def test_what_measures_is_kept_apart_and_never_called_learned(say, taught, receipt, reason):
    number = say(RIVER, "floods", reason=reason)
    taught()
    found = receipt(number)
    assert (found.outcome, found.words) == ("measures only", f"measures only: {reason}")
    assert found.learned_by is None


def test_a_copy_of_a_frozen_test_paragraph_is_set_aside(say, taught, receipt, examples):
    number = say(examples[0].text, "floods")
    taught()
    assert receipt(number).words == "set aside: copy of what measures"


def test_receipts_are_of_the_editor_asked_for_and_the_latest_comes_first(desk, say, taught):
    numbers = [say(f"{RIVER} {n}.", "floods", editor=("ann", "bob")[n % 2]) for n in range(4)]
    taught()
    assert [r.correction.sequence for r in receipts(desk)] == numbers[::-1]
    assert [r.correction.sequence for r in receipts(desk, "bob")] == [numbers[3], numbers[1]]


def test_a_decision_taken_back_has_no_receipt(desk, store, say, taught):
    say(RIVER, "floods")
    store.undo("ann", key="undo")
    taught()
    assert receipts(desk) == []


def test_neighbours_that_changed_tag_are_counted_with_the_model_that_learned_first(
    desk, say, taught, receipt, examples
):
    taught()
    rivers = [e.text for e in examples if e.topics == {"floods"} and e not in examples[::5]]
    other = say("The choir of the school sings a new song about apples on Sunday.", "energy")
    numbers = [say(text, "talks") for text in rivers]
    version = taught()
    changed = registry_of(desk).card(version)["flips"]["paragraphs"]
    assert len(changed) > 1
    found = receipt(numbers[0])
    assert 0 < found.neighbours <= len(changed)
    assert receipt(other).neighbours < found.neighbours
    taught()
    assert receipt(numbers[0]).neighbours == found.neighbours


def test_a_model_deleted_by_hand_is_passed_over(desk, say, taught, receipt):
    number = say(RIVER, "floods")
    for path in (desk.models / taught()).iterdir():
        path.unlink()
    (desk.models / "current").unlink()
    second = taught()
    found = receipt(number)
    assert found.outcome in {"learned", "still disagrees"}
    assert found.learned_by in {None, second}
