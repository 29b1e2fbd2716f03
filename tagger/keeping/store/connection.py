"""One database, SQLite or PostgreSQL, read at one moment and written by one at a time."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from sqlalchemy import URL, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import ArgumentError, OperationalError

from tagger.keeping.store.errors import StoreError
from tagger.keeping.store.failures import translated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

_LOCK = 0x7A66E2  # any fixed number: PostgreSQL's advisory locks are told apart by number
_BEGIN = "tagger_begin"


class Database:
    """Connections to one database; its transactions are short and all or nothing."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.name = name
        self.postgres = engine.dialect.name == "postgresql"
        _OPEN.add(self)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database and waits for nobody.

        Raises:
            StoreError: the database cannot be read.
        """
        with translated(self.name), self.engine.connect() as connection:
            if self.postgres:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes alone: on both databases writers take turns.

        One turn for all writers costs little (a decision takes milliseconds) and rules out
        forked chains, items leased twice and deadlocks alike.

        Raises:
            StoreBusy: the turn did not come in time.
            StoreError: the database cannot be written; nothing of this block is in it.
        """
        with translated(self.name), self.engine.connect() as connection:
            connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            with connection.begin():
                if self.postgres:
                    connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
                yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


_OPEN: WeakSet[Database] = WeakSet()
_INHERITED: list[object] = []


def _connect_anew() -> None:
    """In a forked process: leave the connections to the parent, whose answers they would take."""
    for database in _OPEN:
        _INHERITED.append(database.engine.pool)  # kept: closing them would disturb the parent
        database.engine.dispose(close=False)


if hasattr(os, "register_at_fork"):  # a web server may fork its workers after loading
    os.register_at_fork(after_in_child=_connect_anew)


def connect(where: str | Path, patience: float) -> Database:
    """A database at a file's path or a ``postgresql://`` address.

    Args:
        where: the path or address.
        patience: seconds to wait for another writer.

    Raises:
        StoreError: the address is of another kind, the server does not answer or refuses, or
            the file cannot be opened.
    """
    if "://" not in str(where):
        return _sqlite(Path(where), patience)
    url = _parse(str(where))
    kind = url.get_backend_name()
    if kind == "sqlite" and url.database:
        return _sqlite(Path(url.database), patience)
    if kind in {"postgresql", "postgres"}:
        return _postgres(url, patience)
    raise StoreError(
        f"Corrections cannot be kept in a {kind} database.",
        "Give a file's path or a postgresql:// address.",
    )


@contextmanager
def _closed_on_failure(database: Database) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def _parse(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError):  # not repeated in the message: it may hold a password
        raise StoreError(
            "The address of the corrections database cannot be understood.",
            "Write it like postgresql://role:password@host:5432/database.",
        ) from None


def _sqlite(path: Path, patience: float) -> Database:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{path.parent} could not be made: {error.strerror}.", "Choose another folder."
        ) from error
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(url, connect_args={"timeout": patience})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    database = Database(engine, str(path))
    with _closed_on_failure(database), translated(database.name):
        _keep_a_write_ahead_log(engine, patience)
    return database


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Somebody's bytes that are no text must not keep the rest of the log from being read.
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    connection.isolation_level = None  # transactions begin where _begin_sqlite says, not earlier
    # Every commit is on the disk before it is acknowledged: a power cut loses no decision.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA fullfsync=ON")  # without it a Mac's disk may still hold it back
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later may be refused without waiting, so
    # writers say at the start what they are.
    if statement := connection.get_execution_options().get(_BEGIN, "BEGIN"):
        connection.exec_driver_sql(statement)


def _keep_a_write_ahead_log(engine: Engine, patience: float) -> None:
    # SQLite does not wait here by itself when two programs open a new file at once.
    deadline = time.monotonic() + patience
    while True:
        try:
            with engine.connect() as connection:
                connection.execution_options(**{_BEGIN: None})  # not inside a transaction
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _postgres(url: URL, patience: float) -> Database:
    name = url.set(drivername="postgresql", password=None, query={}).render_as_string()
    url = url.set(drivername="postgresql+psycopg")
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except ImportError:
        raise StoreError(
            f"{name} needs the package psycopg, which is not installed.",
            "Install it with: pip install 'newsroom-tagger[postgres]'",
        ) from None
    event.listen(engine, "connect", _prepare_postgres(patience))
    database = Database(engine, name)
    with _closed_on_failure(database), database.read() as connection:
        _refuse_other_encodings(connection, name)
    return database


def _prepare_postgres(patience: float) -> Any:
    def prepare(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = {int(patience * 1000)}")
        # A frozen program must not keep its colleagues from writing.
        connection.execute("SET idle_in_transaction_session_timeout = '60s'")
        connection.commit()

    return prepare


def _refuse_other_encodings(connection: Connection, name: str) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise StoreError(
            f"{name} holds text as {encoding}, which cannot keep every language.",
            "Make one with: createdb --encoding=UTF8 --template=template0 NAME",
        )
