"""Who decided what and when, and that nobody changed it since."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest


def altered(settings, *statements):
    with closing(sqlite3.connect(settings.database)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def decided(visit, queued):
    for editor in ("Ines", "Oleh"):
        visit(queued, "desk", editor=editor).press("None of them")
    return queued


def test_the_log_lists_who_decided_what_newest_first(visit, decided):
    table = visit(decided, "log").dataframe[0].value
    assert list(table["editor"]) == ["Oleh", "Ines"]
    assert set(table["topics"]) == {"none of them"}


def test_the_log_can_be_narrowed_to_an_editor_and_to_days(visit, decided):
    page = visit(decided, "log")
    page.text_input(key="log-editor").set_value("Ines").run()
    assert list(page.dataframe[0].value["editor"]) == ["Ines"]
    today = datetime.now(UTC).astimezone().date()
    page.date_input(key="log-until").set_value(today).run()
    assert len(page.dataframe[0].value) == 1
    page.text_input(key="log-editor").set_value("Nobody").run()
    assert "No decision fits." in page.words


def test_an_undo_is_a_row_that_no_model_suggested(visit, decided):
    visit(decided, "desk", editor="Ines").press("Undo")
    newest = visit(decided, "log").dataframe[0].value.iloc[0]
    assert newest["state"] == "took back 1"
    assert newest["model"] == ""


def test_a_log_that_is_as_it_was_written_is_said_to_be(visit, decided):
    page = visit(decided, "log")
    page.click("Check the chain")
    assert "2 rows, all as they were written." in page.success[0].value


def test_a_row_that_somebody_edited_is_named(visit, decided):
    altered(
        decided,
        "DROP TRIGGER corrections_no_update",
        "UPDATE corrections SET editor = 'Mallory' WHERE sequence = 1",
    )
    page = visit(decided, "log")
    page.click("Check the chain")
    assert any(error.value.startswith("Row 1 was edited") for error in page.error)


@pytest.mark.parametrize(
    "change",
    [
        "time = 'yesterday'",
        "time = '0001-01-01T00:00:00.000000Z'",
        "shown = '[]'",
        "shown = '{\"topics\": 7}'",
        "topics = '\"talks\"'",
        "seconds = 9e999",
        "text = CAST(x'ff41' AS TEXT)",
        "editor = CAST(x'ff41' AS TEXT)",
    ],
)
def test_a_damaged_row_is_shown_as_damaged_and_hides_no_other(visit, decided, change):
    change_it = f"UPDATE corrections SET {change} WHERE sequence = 1"
    altered(decided, "DROP TRIGGER corrections_no_update", change_it)
    page = visit(decided, "log")
    assert not page.exception
    assert list(page.dataframe[0].value["state"]) == ["", "DAMAGED"]
    assert "Not as they were written: rows 1." in page.words
