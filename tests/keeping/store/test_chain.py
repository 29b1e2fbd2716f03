"""Whatever is done to the log by hand is found."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from tagger.keeping.store import StoreError, chain, verifying


@pytest.fixture
def log(store, decision):
    """A log of four decisions and one undo."""
    for number in range(4):
        store.decide(decision(f"Paragraph {number}.", "peace", seconds=1.5))
    store.undo("Anna", key="z1")
    return store


def test_an_untouched_log_verifies(log):
    checked = log.verify()
    assert (checked.rows, checked.problem) == (5, None)
    assert checked.hash == log.log()[0].hash


def test_an_empty_log_verifies(store):
    checked = store.verify()
    assert (checked.rows, checked.hash, checked.problem) == (0, chain.BEGINNING, None)


@pytest.mark.parametrize(
    "change",
    [
        "text = 'Another text.'",
        "topics = '[]'",
        "topics = '[ \"peace\" ]'",
        "editor = 'Boris'",
        "shown = '{}'",
        "seconds = 1.25",
        "seconds = NULL",
        "time = '2026-11-22T09:00:00.000001Z'",
        "time = 'yesterday'",
        "reason = 'audit'",
        "batch = 'b'",
        "key = 'another'",
        "hash = 'abc'",
    ],
)
def test_an_edited_row_is_found(log, alter, change):
    alter(f"UPDATE corrections SET {change} WHERE sequence = 2")
    problem = log.verify().problem
    assert problem.sequence == 2
    assert "Row 2 was edited" in problem.message


def test_an_undo_turned_to_another_decision_is_found(log, alter):
    alter("UPDATE corrections SET undoes = 1 WHERE sequence = 5")
    assert log.verify().problem.sequence == 5


def test_an_edited_row_with_a_fitting_hash_is_found_at_the_next_row(log, alter):
    row = list(log.export())[1]
    forged = chain.digest({**row, "editor": "Boris"})
    alter(f"UPDATE corrections SET editor = 'Boris', hash = '{forged}' WHERE sequence = 2")
    problem = log.verify().problem
    assert (problem.sequence, "Row 3 does not follow row 2" in problem.message) == (3, True)


def test_a_last_row_with_a_fitting_hash_is_found_by_the_head(log, alter):
    row = list(log.export())[4]
    forged = chain.digest({**row, "reason": "audit"})
    alter(f"UPDATE corrections SET reason = 'audit', hash = '{forged}' WHERE sequence = 5")
    problem = log.verify().problem
    assert (problem.sequence, "replaced" in problem.message) == (5, True)


def test_a_missing_row_is_found(log, alter):
    alter("DELETE FROM corrections WHERE sequence = 2")
    problem = log.verify().problem
    assert (problem.sequence, problem.message) == (2, "Row 2 is missing.")


def test_a_missing_first_row_is_found(log, alter):
    alter("DELETE FROM corrections WHERE sequence = 1")
    assert log.verify().problem.sequence == 1


def test_a_log_cut_off_at_its_end_is_found(log, alter):
    alter("DELETE FROM corrections WHERE sequence = 5")
    problem = log.verify().problem
    assert (problem.sequence, "ends too early" in problem.message) == (5, True)


def test_a_log_emptied_altogether_is_found(log, alter):
    alter("DELETE FROM corrections")
    assert log.verify().problem.sequence == 1


def test_swapped_rows_are_found(log, alter):
    alter(
        "UPDATE corrections SET sequence = 99 WHERE sequence = 2",
        "UPDATE corrections SET sequence = 2 WHERE sequence = 3",
        "UPDATE corrections SET sequence = 3 WHERE sequence = 99",
    )
    assert log.verify().problem.sequence == 2


@pytest.mark.parametrize("number", [-1, 0, 6])
def test_an_inserted_row_is_found(log, alter, number):
    columns = "action, undoes, paragraph, text, topics, editor, reason, shown, seconds, batch, time"
    alter(
        f"INSERT INTO corrections (sequence, key, previous, hash, {columns}) "
        f"SELECT {number}, 'slipped in', previous, hash, {columns} "
        "FROM corrections WHERE sequence = 1"
    )
    problem = log.verify().problem
    assert (problem.sequence, "inserted" in problem.message) == (number, True)


def test_a_row_in_the_way_stops_the_next_decision_with_a_cure(log, alter, decision):
    alter(
        "UPDATE corrections SET sequence = 6 WHERE sequence = 3",
    )
    with pytest.raises(StoreError, match="refused a row") as failure:
        log.decide(decision("Paragraph 9."))
    assert "tagger log verify" in failure.value.cure


def numbers(checked):
    return [problem.sequence for problem in checked.problems]


def test_every_altered_row_is_named_not_only_the_first(log, alter):
    alter(
        "UPDATE corrections SET editor = 'Boris' WHERE sequence = 1",
        "DELETE FROM corrections WHERE sequence IN (2, 3)",
        "UPDATE corrections SET seconds = 7 WHERE sequence = 5",
    )
    checked = log.verify()
    assert (checked.rows, checked.hash, numbers(checked)) == (0, chain.BEGINNING, [1, 2, 5])
    assert checked.problems[1].message == "Rows 2 to 3 are missing."


def test_an_edited_row_casts_no_doubt_on_its_sound_neighbours(log, alter):
    alter("UPDATE corrections SET text = 'Else.', hash = 'abc' WHERE sequence = 2")
    assert numbers(log.verify()) == [2]


def test_both_of_two_swapped_rows_are_named(log, alter):
    alter(
        "UPDATE corrections SET sequence = 99 WHERE sequence = 2",
        "UPDATE corrections SET sequence = 2 WHERE sequence = 3",
        "UPDATE corrections SET sequence = 3 WHERE sequence = 99",
    )
    assert numbers(log.verify()) == [2, 3]


def test_a_tail_cut_off_is_named_beside_an_edited_row(log, alter):
    alter(
        "DELETE FROM corrections WHERE sequence > 3",
        "UPDATE corrections SET reason = 'audit' WHERE sequence = 3",
    )
    checked = log.verify()
    assert numbers(checked) == [3, 4]
    assert "Rows 4 to 5 are missing: the log ends too early" in checked.problems[1].message


def test_rows_inserted_beyond_a_head_that_was_set_back_are_named(log, alter):
    alter("UPDATE chain_head SET sequence = 3")
    assert numbers(log.verify()) == [3, 4, 5]


def test_a_log_whose_end_nobody_noted_is_found_and_takes_no_decision(log, alter, decision):
    alter("DELETE FROM chain_head")
    assert "written last is gone" in log.verify().problem.message
    with pytest.raises(StoreError, match="gone") as failure:
        log.decide(decision("Paragraph 9."))
    assert "backup" in failure.value.cure


def test_an_export_in_another_order_is_found(log):
    rows = list(log.export())
    rows[1], rows[3] = rows[3], rows[1]
    assert "wrong place" in " ".join(p.message for p in verifying.verify(rows).problems)


INFINITE = "seconds = 9e999"
NO_UTF8 = tuple(
    f"{column} = CAST(x'ff41' AS TEXT)"
    for column in (
        [
            "paragraph",
            "text",
            "editor",
            "reason",
            "key",
            "batch",
            "time",
            "previous",
            "hash",
            "topics",
            "shown",
            "action",
        ]
    )
)
NO_JSON = ("shown = '{'", "topics = ''", f"shown = '{'[' * 2000}'", f"topics = '{'9' * 5000}'")


@pytest.mark.parametrize("change", [INFINITE, *NO_UTF8, *NO_JSON])
def test_a_row_that_cannot_be_read_any_more_is_named_and_shown(file_store, decision, change):
    for number in range(3):
        file_store.decide(decision(f"Paragraph {number}."))
    with file_store._database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER corrections_no_update")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        connection.exec_driver_sql(f"UPDATE corrections SET {change} WHERE sequence = 2")
    assert numbers(file_store.verify()) == [2]
    assert [row.sequence for row in file_store.log()] == [3, 2, 1]
    assert file_store.altered([1, 2, 3]) == {2}
    damaged = file_store.log()[1]
    assert damaged.paragraph.isprintable()
    assert damaged.seconds is None


@pytest.mark.parametrize(
    "change",
    [
        "time = 'yesterday'",
        "time = '2026-11-22'",
        "time = '9999-12-31T23:59:59.999999Z'",
        "seconds = 'Infinity'",
        "topics = '{\"peace\": 1}'",
        "topics = '[1]'",
        "shown = '[1]'",
        'shown = \'{"scores":{},"topics":[],"model":7,"hidden":false}\'',
    ],
)
def test_what_was_written_into_a_row_by_hand_keeps_nobody_from_the_log(log, alter, change):
    if log._database.postgres or "Infinity" not in change:  # SQLite's is 9e999
        alter(f"UPDATE corrections SET {change} WHERE sequence = 2")
        assert numbers(log.verify()) == [2]
        assert log.altered(range(6)) == {2}
        row = log.log()[3]
        assert (row.sequence, row.time.astimezone().year in {1970, 2026}) == (2, True)


def test_rows_added_while_verifying_are_no_problem(log, decision, monkeypatch):
    export = log.export

    def export_while_others_work():
        log.decide(decision("Written in between."))
        yield from export()

    monkeypatch.setattr(log, "export", export_while_others_work)
    checked = log.verify()
    assert (checked.rows, checked.problem) == (5, None)


def test_a_row_added_between_two_looks_is_no_stray(log, decision, monkeypatch):
    strays = verifying.strays

    def strays_while_others_work(connection, last, of):
        log.decide(decision("Written in between."))
        return strays(connection, last)

    monkeypatch.setattr(verifying, "strays", strays_while_others_work)
    assert log.verify().problem is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE corrections SET editor = 'Boris' WHERE sequence = 1",
        "UPDATE corrections SET seconds = 9",
        "DELETE FROM corrections WHERE sequence = 1",
        "DELETE FROM corrections",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(log, statement):
    refusal = pytest.raises((DBAPIError, StoreError), match="only grow")
    with refusal, log._database.write() as connection:
        connection.exec_driver_sql(statement)
    assert log.verify().rows == 5


def test_postgresql_refuses_to_truncate_the_log(server_store):
    refusal = pytest.raises((DBAPIError, StoreError), match="only grow")
    with refusal, server_store._database.write() as connection:
        connection.exec_driver_sql("TRUNCATE corrections CASCADE")
