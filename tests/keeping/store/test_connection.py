"""What the store says when its database is away, full, locked, strange or new."""

from __future__ import annotations

import os
import secrets
import sqlite3
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tagger.keeping.store import StoreBusy, StoreError, open_store
from tagger.keeping.store.failures import translated


def says(failure: pytest.ExceptionInfo[StoreError], *words: str) -> bool:
    return all(word in str(failure.value) for word in words) and bool(failure.value.cure)


def test_the_package_can_be_imported_without_waiting_for_sqlalchemy():
    code = "import sys, tagger.keeping.store; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_store_can_be_opened_by_path_or_by_sqlite_address(tmp_path, decision):
    path = tmp_path / "labeled" / "corrections.db"
    with open_store(path) as store:
        store.decide(decision("The ferry left."))
    for where in (str(path), f"sqlite:///{path}"):
        with open_store(where) as store:
            assert len(store.log()) == 1


def test_a_file_with_marks_in_its_name_is_that_file(tmp_path):
    path = tmp_path / "what? 100%#1.db"
    open_store(path).close()
    assert path.is_file()


def test_sqlite_keeps_a_write_ahead_log_and_strict_tables(file_store):
    with file_store._database.read() as connection:
        ask = connection.exec_driver_sql
        assert ask("PRAGMA journal_mode").scalar() == "wal"
        assert ask("PRAGMA foreign_keys").scalar() == 1
        tables = ask("SELECT sql FROM sqlite_master WHERE type = 'table'").scalars().all()
    assert len(tables) == 12
    assert all(table.endswith("STRICT") for table in tables)


def test_sqlite_acknowledges_a_decision_only_once_it_is_on_the_disk(file_store):
    full = 2
    for transaction in (file_store._database.read, file_store._database.write):
        with transaction() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == full
            assert connection.exec_driver_sql("PRAGMA fullfsync").scalar() == 1


def test_a_busy_database_is_reported_and_nothing_is_recorded(address, decision):
    with open_store(address) as other, open_store(address, patience=0.1) as store:
        with other._database.write(), pytest.raises(StoreBusy) as failure:
            store.decide(decision("The ferry left."))
        assert says(failure, "busy", "Try again")
        assert store.log() == []
        store.decide(decision("The ferry left."))
        assert len(store.log()) == 1


def test_a_new_file_that_another_program_holds_is_reported(tmp_path):
    path = tmp_path / "corrections.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreBusy):
            open_store(path, patience=0.1)
    finally:
        other.close()


def test_a_program_with_too_many_threads_at_once_is_told_to_try_again():
    with pytest.raises(StoreBusy) as failure, translated("the desk's database"):
        raise PoolTimeout
    assert says(failure, "Try again")


def test_a_writer_does_not_keep_others_from_reading(address, decision):
    with open_store(address) as other, open_store(address, patience=0.1) as store:
        store.decide(decision("The ferry left."))
        with other._database.write():
            assert len(store.log()) == 1
            assert store.queue.counts().total == 0


def test_a_full_disk_is_reported_and_nothing_is_half_written(file_store, article, decision):
    file_store.queue.add([article("a.html", "The ferry left.")])

    def fill(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(file_store._database.engine, "checkout", fill)
    with pytest.raises(StoreError, match="disk is full") as failure:
        file_store.decide_many(
            [decision("The ferry left."), decision("x" * 100_000)], batch="page 1"
        )
    assert says(failure, "corrections.db", "Free some space")
    assert file_store.log() == []
    assert file_store.queue.counts().left == 1
    assert file_store.verify().problem is None


def test_a_read_only_database_is_reported(file_store, decision):
    event.listen(
        file_store._database.engine,
        "checkout",
        lambda connection, *_: connection.execute("PRAGMA query_only=ON"),
    )
    with pytest.raises(StoreError, match="read-only") as failure:
        file_store.decide(decision("The ferry left."))
    assert says(failure, "Check who owns the file")


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path):
    path = tmp_path / "corrections.db"
    path.write_text("Notes of the desk meeting. " * 40)
    with pytest.raises(StoreError, match="no database") as failure:
        open_store(path)
    assert says(failure, str(path), "backup")
    assert path.read_text().startswith("Notes")


def test_a_folder_instead_of_a_file_is_reported(tmp_path):
    with pytest.raises(StoreError, match="could not be opened") as failure:
        open_store(tmp_path)
    assert says(failure, str(tmp_path))


def test_a_file_instead_of_a_folder_is_reported(tmp_path):
    (tmp_path / "labeled").write_text("")
    with pytest.raises(StoreError, match="could not be made") as failure:
        open_store(tmp_path / "labeled" / "corrections.db")
    assert says(failure, "labeled")


def test_a_database_that_vanished_is_reported(tmp_path):
    store = open_store(tmp_path / "corrections.db")
    store.close()
    for file in tmp_path.iterdir():
        file.unlink()
    tmp_path.rmdir()
    with pytest.raises(StoreError, match="could not be opened"):
        store.log()


@pytest.mark.parametrize("address", ["mysql://role:secret@host/db", "oracle://role:secret@host"])
def test_other_kinds_of_database_are_refused(address):
    with pytest.raises(StoreError, match="cannot be kept") as failure:
        open_store(address)
    assert says(failure, "postgresql://")
    assert "secret" not in str(failure.value)


@pytest.mark.parametrize("address", ["postgresql://role:secret@host:port/db", "://secret"])
def test_an_address_that_is_none_is_refused_without_repeating_it(address):
    with pytest.raises(StoreError, match="cannot be understood") as failure:
        open_store(address)
    assert "secret" not in str(failure.value)


def test_a_server_that_does_not_answer_is_reported_without_the_password():
    with pytest.raises(StoreError, match="did not answer") as failure:
        open_store("postgresql://role:secret@127.0.0.1:1/corrections")
    assert says(failure, "127.0.0.1:1/corrections", "Check that the server runs")
    assert "secret" not in str(failure.value)


def test_a_missing_driver_is_reported_with_what_to_install():
    hidden = "import sys; sys.modules['psycopg'] = None\n"
    opening = (
        "from tagger.keeping.store import StoreError, open_store\n"
        "try:\n    open_store('postgresql://role@localhost/db')\n"
        "except StoreError as error:\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", hidden + opening], capture_output=True, text=True, check=True
    )
    assert "psycopg" in done.stdout
    assert "pip install" in done.stdout


def test_an_unknown_role_is_reported(server):
    with pytest.raises(StoreError, match="refused the connection") as failure:
        open_store(urlsplit(server)._replace(netloc=_netloc(server, "nobody:wrong")).geturl())
    assert says(failure, "nobody", "Check the role")
    assert "wrong" not in str(failure.value)


def test_an_unknown_database_is_reported(server):
    with pytest.raises(StoreError, match="refused the connection") as failure:
        open_store(urlsplit(server)._replace(path="/no_such_database").geturl())
    assert says(failure, "no_such_database", "createdb")


def _netloc(server: str, login: str) -> str:
    return f"{login}@{urlsplit(server).netloc.rpartition('@')[2]}"


def test_a_database_that_cannot_hold_every_language_is_refused(server):
    import psycopg

    name = f"latin_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        )
        try:
            with pytest.raises(StoreError, match="LATIN1") as failure:
                open_store(urlsplit(server)._replace(path=f"/{name}").geturl())
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert says(failure, "UTF8")


@pytest.fixture
def cut(server_store, server):
    """Ends the store's connection from the server's side."""
    import psycopg

    with server_store._database.read() as connection:
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()

    def end() -> None:
        with psycopg.connect(server, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

    return end


def test_a_connection_the_server_closed_is_opened_again(server_store, cut, decision):
    cut()
    server_store.decide(decision("The ferry left."))
    assert len(server_store.log()) == 1


def test_a_connection_lost_in_the_middle_is_reported_and_nothing_is_recorded(
    server_store, cut, decision, monkeypatch
):
    times = iter([server_store._now()])

    def clock():
        cut()  # the decision reads the clock once it may write
        return next(times)

    monkeypatch.setattr(server_store, "_now", clock)
    given = decision("The ferry left.")
    with pytest.raises(StoreError, match="did not answer") as failure:
        server_store.decide(given)
    assert says(failure, "Try again")
    monkeypatch.undo()
    assert server_store.log() == []
    assert not server_store.decide(given).repeated


def test_postgresql_complaints_are_translated():
    from psycopg import errors

    for kind, words in [
        (errors.DiskFull, "disk is full"),
        (errors.ReadOnlySqlTransaction, "read-only"),
        (errors.InsufficientPrivilege, "rights of the database role"),
        (errors.DeadlockDetected, "busy"),
        (errors.AdminShutdown, "did not answer"),
    ]:
        with pytest.raises(StoreError) as failure, translated("the desk's database"):
            raise DBAPIError.instance(
                "INSERT", {}, kind("complaint"), errors.Error, dialect=_postgres()
            )
        assert says(failure, "the desk's database", words)


def _postgres():
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

    dialect = PGDialect_psycopg()
    dialect.dbapi = dialect.import_dbapi()
    return dialect


def test_our_own_mistakes_are_not_dressed_up_as_failures_of_the_database(store):
    with pytest.raises(DBAPIError), store._database.write() as connection:
        connection.exec_driver_sql("SELECT nonsense FROM nowhere")


def test_errors_of_sqlite_keep_their_cause(tmp_path):
    with pytest.raises(StoreError) as failure:
        open_store(tmp_path)
    assert isinstance(failure.value.__cause__.orig, sqlite3.OperationalError)


FORKED = """
import os, sys
from tagger.keeping.store import Decision, open_store

def decide(editor):
    for number in range(10):
        store.decide(Decision(f"p{number}", "A text.", (), editor, f"{editor} {number}"))

with open_store(sys.argv[1]) as store:
    decide("parent before")
    children = []
    for number in range(3):
        if not (child := os.fork()):
            decide(f"child {number}")
            os._exit(0)
        children.append(child)
    decide("parent after")
    failed = [child for child in children if os.waitpid(child, 0)[1]]
    sys.exit(bool(failed) or store.count() != 50 or bool(store.verify().problem))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX forks")
def test_a_web_server_may_fork_its_workers_after_the_store_was_opened(address):
    done = subprocess.run(
        [sys.executable, "-c", FORKED, address],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
