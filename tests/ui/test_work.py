"""Working through the queue: what a press records, and what it leaves on the screen."""

import sqlite3
from contextlib import closing

from tagger.desk.models import load_model
from tagger.taxonomy import make_taxonomy, write_taxonomy
from tagger.ui import session


def test_accepting_records_the_suggestion_with_what_was_shown_and_shows_the_next(
    visit, queued, rows
):
    page = visit(queued, "desk")
    first = page.shown
    on = {label.split(" · ")[0] for label, on in page.toggles.items() if on}
    page.press("Accept", wait=3.0)
    assert page.shown != first
    assert next(t.value for t in page.toast).startswith("Saved")
    (row,) = rows(queued)
    assert (row.action, row.text, row.editor) == ("decide", first, "Ines")
    assert set(row.topics) == set(row.shown.topics) == on
    assert row.shown.model == load_model(queued).version
    assert row.shown.hidden is False
    assert row.seconds == 3.0


def test_toggles_change_what_is_accepted(visit, queued, rows):
    page = visit(queued, "desk")
    suggested = set(load_model(queued).chosen(load_model(queued).probabilities([page.shown]))[0])
    page.click("floods")
    page.press("Accept")
    assert set(rows(queued)[0].topics) == suggested ^ {"floods"}


def test_a_topic_s_own_key_works_unless_it_means_something_else_here(visit, queued):
    keyed = [{"id": t, "key": k} for t, k in (("talks", "c"), ("energy", "A"), ("floods", "x"))]
    path = queued.labeled / "taxonomy.toml"
    path.write_text(write_taxonomy(make_taxonomy(keyed)), encoding="utf-8")
    page = visit(queued, "desk")
    assert not page.exception
    keys = [b.proto.shortcut for b in page.button if b.key.startswith("topic-")]
    assert keys == ["", "", "x"]


def test_none_of_them_is_a_decision_whatever_is_on(visit, queued, rows):
    page = visit(queued, "desk")
    page.press("None of them")
    assert rows(queued)[0].topics == ()


def test_a_skipped_paragraph_is_not_decided_and_is_counted(visit, queued, rows):
    page = visit(queued, "desk")
    first = page.shown
    page.press("Skip")
    assert page.shown != first
    assert rows(queued) == []
    assert "**32** left of 32, 1 skipped" in page.words


def test_undo_names_what_it_takes_back_and_shows_it_again(visit, queued, rows):
    page = visit(queued, "desk")
    assert not page.has("Undo")
    first = page.shown
    page.press("None of them")
    assert "Undo: none of them for '" + first[:20] in page.words
    page.press("Undo")
    assert page.shown == first
    assert [row.action for row in rows(queued)] == ["decide", "undo"]


def test_a_press_before_anybody_could_read_is_no_decision(visit, queued, rows):
    page = visit(queued, "desk")
    first = page.shown
    page.press("Accept", wait=0.2)
    assert page.shown == first
    assert rows(queued) == []


def test_after_five_fast_decisions_the_page_pauses_until_the_editor_says_so(visit, queued, rows):
    page = visit(queued, "desk")
    for _ in range(5):
        page.press("Accept", wait=0.5)
    assert "5 decisions in a row" in page.words
    assert not page.has("Accept")
    page.press("I am reading")
    page.press("Accept")
    assert len(rows(queued)) == 6


def test_hiding_the_suggestion_hides_all_of_it_and_is_recorded(visit, queued, rows):
    page = visit(queued, "desk")
    page.click("Hide suggestion")
    assert "%" not in "".join(page.labels)
    assert "<mark" not in page.words
    assert page.toggles == {"talks": False, "energy": False, "floods": False}
    page.press("Accept")
    assert rows(queued)[0].shown.hidden is True


def test_reasons_and_definitions_come_when_asked_for(visit, queued):
    page = visit(queued, "desk")
    assert "given (from" not in page.words
    page.click("Reasons")
    assert "given (from" in page.words
    page.click("Hide suggestion")
    assert "The suggestion is covered, and its reasons with it." in page.words


def test_the_whole_story_is_one_click_away_unless_it_would_tell_what_is_covered(visit, queued):
    page = visit(queued, "desk")
    assert '<a href="article?article=' in page.words
    page.click("Hide suggestion")
    assert "<a href=" not in page.words


def test_what_is_being_read_stays_in_front_when_the_page_is_fetched_anew(visit, queued, clock):
    page = visit(queued, "desk")
    page.press("Skip")
    reading = page.shown
    clock.now += 3600.0
    page.click("Reasons")
    assert page.shown == reading


def test_an_audit_covers_the_suggestion_and_cannot_uncover_it(visit, home, examples, rows, queue):
    queue(home, [f"{a.text} {b.text}" for a in examples[:12] for b in examples[30:38]])
    page = visit(home, "audit")
    assert "%" not in "".join(page.labels)
    assert "until the next retrain" not in page.words  # nothing is learned from an audit
    assert "Hide suggestion" not in page.labels
    page.press("Accept")
    (row,) = rows(home)
    assert (row.reason, row.shown.hidden, row.topics) == ("audit", True, ())


def test_when_all_is_decided_the_page_says_so_and_can_still_undo(visit, home, examples, queue):
    queue(home, [examples[0].text])
    page = visit(home, "desk")
    while page.has("Accept"):
        page.press("Accept")
    assert "The one paragraph is decided. Queue more on the **Article** page" in page.words
    page.press("Undo")
    assert page.has("Accept")
    while page.shown != examples[0].text:  # a planted check that was taken back comes back too
        page.press("Undo")
    assert "**1** left of 1" in page.words


def test_what_colleagues_hold_is_said_not_hidden(visit, home, examples, queue):
    queue(home, [examples[0].text])
    visit(home, "desk", editor="Oleh")
    page = visit(home, "desk", editor="Ines")
    assert "The last one is with colleagues" in page.words


def test_a_decision_that_could_not_be_written_stays_on_the_screen_until_it_is(visit, queued, rows):
    page = visit(queued, "desk")
    first = page.shown
    page.click("floods")
    with closing(sqlite3.connect(queued.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.press("Accept")
        assert "is busy" in page.words
        assert page.shown == first
        other.rollback()
    page.press("Accept")
    assert not page.error
    assert [(row.text, "floods" in row.topics) for row in rows(queued)] == [(first, True)]


def allow_pages(number):
    """Let the database grow to so many pages, or to what it has where that is more."""
    with session.store()._database.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={number}")


def test_a_full_disk_is_named_and_what_was_pressed_is_kept(visit, queued, rows):
    page = visit(queued, "desk")
    allow_pages(1)
    while not page.error:
        written, reading = len(rows(queued)), page.shown
        page.press("Accept")
    assert "the disk is full" in page.words
    assert "Free some space" in page.words
    assert page.shown == reading
    assert len(rows(queued)) == written
    allow_pages(100_000)
    page.press("Accept")
    assert not page.error
    assert rows(queued)[-1].text == reading
