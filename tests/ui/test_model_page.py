"""The Model page: quality, a retrain by button, and the way back."""

import time
from datetime import UTC, datetime

import pytest

from tagger.desk import retrain_job
from tagger.desk.models import registry_of, taxonomy_of
from tagger.desk.queue import store_of
from tagger.desk.retrain import retrain
from tagger.desk.retrain_job import AT_WORK, job_of
from tagger.keeping.diary import Diary
from tagger.keeping.labeled import read_examples, train_files
from tagger.keeping.store import Decision
from tagger.keeping.turn import retrain_turn
from tagger.paragraphs import paragraph_id
from tagger.taxonomy import make_taxonomy, write_taxonomy

PATIENCE = 120.0  # seconds; a tiny desk takes three


@pytest.fixture(autouse=True)
def nothing_runs_on():
    yield
    while retrain_job._STARTED:
        _, process = retrain_job._STARTED.popitem()
        process.kill()
        process.wait()


def wait(desk):
    """Wait until the desk's retrain has ended."""
    deadline = time.monotonic() + PATIENCE
    while job_of(desk, datetime.now(UTC)).state in AT_WORK:
        assert time.monotonic() < deadline, Diary(desk.models).log.read_text()
        time.sleep(0.05)


def decide(desk, answers, editor="Ines", reason="doubt"):
    rows = [
        Decision(paragraph_id(text), text, topics, editor, f"{editor} {text}", reason)
        for text, topics in answers
    ]
    with store_of(desk) as store:
        store.decide_many(rows, f"batch of {editor}")


def spoil(desk):
    """Answer every labelled sentence with floods."""
    examples = read_examples(train_files(desk.labeled), taxonomy_of(desk).ids)
    decide(desk, [(e.text, ("floods",) if i % 4 else ()) for i, e in enumerate(examples)])


LETTERS = [(f"A flood of {n} letters reached the museum.", ()) for n in ("ten", "six", "no")]


def test_what_would_be_learned_is_said_before(visit, home):
    assert "Nothing new was decided since the last model." in visit(home, "model").words
    decide(home, LETTERS)
    assert "Learns **3 new decisions** since the last model." in visit(home, "model").words


def test_the_first_model_is_trained_by_a_button_on_any_page(visit, desk):
    page = visit(desk, "article")
    page.click("Train the first model")
    assert "It runs beside the desk" in page.words
    wait(desk)
    page.app.run()
    assert "Tag it" in page.words
    assert "is trained and serves now" in visit(desk, "model").words
    page = visit(desk, "model")
    page.click("OK")
    assert page.has("Retrain")


@pytest.mark.parametrize("name", ["desk", "article", "model"])
def test_for_other_topics_a_retrain_is_offered_where_the_model_is_missed(visit, queued, name):
    taxonomy = [{"id": "talks"}, {"id": "energy"}, {"id": "strikes"}]
    path = queued.labeled / "taxonomy.toml"
    path.write_text(write_taxonomy(make_taxonomy(taxonomy)), encoding="utf-8")
    page = visit(queued, name)
    assert "was trained for other topics" in page.words
    assert page.has("Retrain")


def test_a_model_that_passed_is_promoted_by_a_button_and_rolled_back_by_another(
    visit, home, queue, rows
):
    queue(home, [text for text, _ in LETTERS])
    before = registry_of(home).current()
    decide(home, LETTERS)
    page = visit(home, "model")
    page.click("Retrain")
    wait(home)
    page.app.run()
    assert "The gate has nothing against it." in page.words
    assert "of 3 stored paragraphs would change tag" in "".join(e.label for e in page.expander)
    page.click("Promote")
    promoted = registry_of(home).current()
    assert promoted != before
    assert f"{promoted} serves now" in page.words
    assert "Nothing new was decided since the last model." in page.words
    page.open_tab("Versions")
    page.text_input(key=f"why-{promoted}").set_value("too early").run()
    page.click("Yes, roll back")
    assert registry_of(home).current() == before
    event = registry_of(home).history()[-1]
    assert (event.action, event.by, event.reason) == ("rollback", "Ines", "too early")
    page.click("Let it serve")
    assert registry_of(home).current() == promoted


def test_a_refused_model_is_promoted_only_with_a_reason_and_can_be_discarded(visit, home):
    before = registry_of(home).current()
    spoil(home)
    page = visit(home, "model")
    page.click("Retrain")
    wait(home)
    page.app.run()
    assert "The gate says no" in page.words
    assert "macro-F1 on 13 test paragraphs" in page.words
    assert next(b for b in page.button if b.label == "Promote nonetheless").disabled
    page.text_input(key="promote-reason").set_value("floods it is").run()
    assert not next(b for b in page.button if b.label == "Promote nonetheless").disabled
    page.click("Discard")
    assert registry_of(home).current() == before
    assert page.has("Retrain")
    page.open_tab("Versions")
    assert next(b for b in page.button if b.label == "Let it serve").disabled


def test_where_the_only_model_is_damaged_the_editor_decides_about_the_next_one(visit, home):
    damaged = registry_of(home).current()
    (home.models / damaged / "idf.npy").write_bytes(b"gone")
    page = visit(home, "model")
    page.click("Retrain")
    wait(home)
    page.app.run()
    assert f"Model {damaged} is damaged: idf.npy was altered." in page.words
    assert "The gate cannot judge it: you decide." in page.words
    assert registry_of(home).current() == damaged
    page.click("Promote")
    assert registry_of(home).current() != damaged


def test_a_second_editor_sees_the_first_one_s_progress(visit, home):
    with retrain_turn(home.models, by="night job", now=datetime.now(UTC)):
        ines = visit(home, "model", editor="Ines")
        oleh = visit(home, "model", editor="Oleh")
        ines.click("Retrain")
        oleh.click("Retrain")
        assert "Ines was faster" in oleh.words
        assert not oleh.has("Retrain")
        assert len(retrain_job._STARTED) == 1
    wait(home)


def test_a_killed_retrain_is_told_and_put_away(visit, home):
    with retrain_turn(home.models, by="night job", now=datetime.now(UTC)):
        page = visit(home, "model")
        page.click("Retrain")
        [process] = retrain_job._STARTED.values()
        process.kill()
        process.wait()
        page.app.run()
    assert "ended without a word" in page.words
    assert page.has("Retrain")
    page.click("Put away")
    assert "ended without a word" not in page.words


def test_a_retrain_is_stopped_by_a_button_by_any_editor_and_the_next_one_starts(visit, home):
    serving = registry_of(home).current()
    with retrain_turn(home.models, by="night job", now=datetime.now(UTC)):
        visit(home, "model", editor="Ines").click("Retrain")
        page = visit(home, "model", editor="Oleh")
        page.click("Stop")
        assert (
            "Oleh pressed Stop. What serves is not touched" in page.words or "stopped" in page.words
        )
        wait(home)
    page.app.run()
    assert "Oleh stopped the retrain." in page.words
    assert registry_of(home).current() == serving
    page.click("Retrain")
    wait(home)
    page.app.run()
    assert "stopped the retrain" not in page.words
    assert page.has("Promote") or "serves already" in page.words


def test_stopping_what_has_ended_says_so(visit, home):
    page = visit(home, "model")
    with retrain_turn(home.models, by="night job", now=datetime.now(UTC)):
        page.click("Retrain")
        [process] = retrain_job._STARTED.values()
        process.kill()
        process.wait()
    page.click("Stop")
    assert "nothing was stopped" in page.words
    assert "ended without a word" in page.words


def test_only_the_open_tab_is_worked_out(visit, home):
    page = visit(home, "model")
    assert "Do the percentages mean what they say?" in page.words
    assert not page.has("Use these aims")
    page.open_tab("Tag by itself")
    assert page.has("Use these aims")
    assert "Do the percentages mean what they say?" not in page.words


def test_a_page_sees_what_a_colleague_promoted_meanwhile(visit, home):
    decide(home, LETTERS)
    page = visit(home, "model", editor="Oleh")
    made = retrain(home, by="Ines", now=datetime(2026, 11, 23, tzinfo=UTC))
    assert made.version not in page.words
    page.app.run()
    assert f"Serving: {made.version}, trained by Ines" in page.words


def test_receipts_say_what_became_of_this_editor_s_corrections(visit, home):
    decide(home, LETTERS)
    decide(home, [("The river flooded the cellar of the museum.", ("floods",))], editor="Oleh")
    retrain(home, by="tests", now=datetime(2026, 11, 23, tzinfo=UTC))
    page = visit(home, "model")
    page.open_tab("Your corrections")
    assert page.toggle(key="receipts").label == "Follow up my 3 decisions"
    page.toggle(key="receipts").set_value(True).run()
    assert "Waiting for the next retrain" not in {m.label for m in page.metric}
    table = next(d.value for d in page.dataframe if "you said" in d.value)
    assert sorted(table["paragraph"]) == sorted(text for text, _ in LETTERS)
    decide(home, [("A flood of nine letters reached the castle.", ())])
    page = visit(home, "model")
    page.open_tab("Your corrections")
    page.toggle(key="receipts").set_value(True).run()
    assert {m.label: m.value for m in page.metric}["Waiting for the next retrain"] == "1"


def test_two_versions_make_a_learning_curve(visit, home):
    assert "How quality went" not in visit(home, "model").words
    decide(home, LETTERS)
    retrain(home, by="tests", now=datetime(2026, 11, 23, tzinfo=UTC))
    page = visit(home, "model")
    assert not page.exception
    assert "How quality went" in page.words
    page.selectbox[0].select("floods").run()
    assert not page.exception


def test_the_desk_says_how_many_decisions_are_missing_until_a_retrain(visit, queued):
    assert "100 more until the next retrain" in visit(queued, "desk").words
    page = visit(queued, "desk")
    page.press("Accept")
    assert "99 more until the next retrain" in page.words
    decide(queued, [(f"Paragraph number {n}.", ()) for n in range(120)])
    assert "time to retrain (**Model** page)" in visit(queued, "desk").words


def test_audits_alone_make_no_retrain_due_however_many_they_are(visit, queued):
    decide(queued, [(f"Paragraph number {n}.", ()) for n in range(120)], reason="audit")
    assert "100 more until the next retrain" in visit(queued, "desk").words
    decide(queued, [(f"Story number {n}.", ()) for n in range(150)], "Oleh", reason="audit")
    assert "100 more until the next retrain" in visit(queued, "desk").words
    assert "Nothing new was decided since the last model; 270 answers" in (
        visit(queued, "model").words
    )


def test_who_has_decided_nothing_is_told_where_receipts_will_be(visit, home):
    decide(home, LETTERS)
    for editor, told in (("Oleh", True), ("Ines", False)):
        page = visit(home, "model", editor=editor)
        page.open_tab("Your corrections")
        assert ("You have decided nothing yet." in page.words) is told


def test_hostile_names_and_reasons_are_text_on_the_model_page(visit, home):
    bad = "<b>*Olha*</b> $x$ \u202e:smile: [a](javascript:1)" + "x" * 300
    decide(home, LETTERS, editor="Ines")
    retrain(home, by=bad, now=datetime(2026, 11, 23, tzinfo=UTC), promote=False)
    page = visit(home, "model")
    assert not page.exception
    page.click("Retrain")
    wait(home)
    page.app.run()
    assert not page.exception
