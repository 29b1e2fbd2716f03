"""A database is brought up to date once, in order, and never by an older tagger."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from tagger.keeping.store import StoreError, StoreNewer, open_store
from tagger.keeping.store.connection import connect
from tagger.keeping.store.migrations import migrate
from tagger.keeping.store.schema import metadata
from tagger.keeping.store.steps import STEPS, Migration


@pytest.fixture
def database(address):
    opened = connect(address, 5)
    yield opened
    opened.close()


def test_steps_are_numbered_without_gaps():
    assert [step.number for step in STEPS] == list(range(1, len(STEPS) + 1))


def test_a_new_database_gets_every_step_and_the_next_opening_none(database, clock):
    assert migrate(database, clock()) == tuple(step.number for step in STEPS)
    assert migrate(database, clock()) == ()


def test_the_tables_made_are_the_tables_the_code_knows(database, clock):
    migrate(database, clock())
    with database.read() as connection:
        found = inspect(connection)
        columns = {name: {c["name"] for c in found.get_columns(name)} for name in metadata.tables}
        assert set(found.get_table_names()) == set(metadata.tables)
    assert columns == {name: set(table.c.keys()) for name, table in metadata.tables.items()}


def test_a_database_of_an_older_version_is_upgraded_with_what_it_holds(address, clock, database):
    assert migrate(database, clock(), STEPS[:1]) == (1,)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE chain_head SET hash = 'kept'")
    with open_store(address, now=clock) as store:
        assert store.queue.counts().total == 0
        with store._database.read() as connection:
            assert connection.exec_driver_sql("SELECT hash FROM chain_head").scalar() == "kept"


def test_a_step_that_fails_leaves_the_database_as_it_was(database, clock):
    statements = ("CREATE TABLE half (one {int})", "CREATE nonsense")
    broken = Migration(len(STEPS) + 1, "broken", statements)
    with pytest.raises(Exception, match="nonsense"):
        migrate(database, clock(), (*STEPS, broken))
    with database.read() as connection:
        assert inspect(connection).get_table_names() == []
    assert len(migrate(database, clock())) == len(STEPS)


def test_a_database_of_a_newer_tagger_is_refused(address, database, clock):
    newer = Migration(len(STEPS) + 1, "something new", ("CREATE TABLE novelty (one {int})",))
    migrate(database, clock(), (*STEPS, newer))
    with pytest.raises(StoreNewer, match=f"this tagger knows {len(STEPS)}\\)") as refused:
        open_store(address)
    assert "Update this tagger" in refused.value.cure


def test_a_database_with_another_program_s_tables_of_our_names_is_refused(database, clock):
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE corrections (page INTEGER)")
    with pytest.raises(StoreError, match=r"another program .*: corrections"):
        migrate(database, clock())
