"""A fresh store for every test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tagger.keeping.store import Article, Decision, open_store
from tagger.records import Paragraph, ParagraphId, TopicId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.keeping.store.store import Store

_NUMBERS = count()


@dataclass
class Clock:
    """A clock that moves only when told to."""

    time: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.time

    def pass_minutes(self, minutes: float) -> None:
        self.time += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def server() -> str:
    """The address of a PostgreSQL database in which tests may make schemas."""
    address = os.environ.get("TAGGER_TEST_POSTGRES", "")
    if not address and os.environ.get("CI") == "true":
        pytest.fail("CI must set TAGGER_TEST_POSTGRES: the store promises PostgreSQL.")
    if not address:
        pytest.skip("TAGGER_TEST_POSTGRES names no PostgreSQL database to test on")
    return address


@contextmanager
def _schema(server: str) -> Iterator[str]:
    import psycopg

    name = f"test_{secrets.token_hex(8)}"  # of no other run, a killed one neither
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            joint = "&" if "?" in server else "?"
            yield f"{server}{joint}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Callable[[], contextmanager[Iterator[str]]]:
    """Makes addresses of empty databases; each lives as long as its ``with``."""
    if request.param == "postgres":
        server = request.getfixturevalue("server")
        return lambda: _schema(server)

    @contextmanager
    def file() -> Iterator[str]:
        yield str(tmp_path / f"corrections-{next(_NUMBERS)}.db")

    return file


@pytest.fixture
def address(fresh: Callable[[], contextmanager[Iterator[str]]]) -> Iterator[str]:
    with fresh() as where:
        yield where


@pytest.fixture
def store(address: str, clock: Clock) -> Iterator[Store]:
    with open_store(address, now=clock) as opened:
        yield opened


@pytest.fixture
def server_store(server: str, clock: Clock) -> Iterator[Store]:
    """A store on PostgreSQL, for what only PostgreSQL can show."""
    with _schema(server) as where, open_store(where, now=clock) as opened:
        yield opened


@pytest.fixture
def file_store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """A store on SQLite, for what only SQLite can show."""
    with open_store(tmp_path / "corrections.db", now=clock, patience=0.1) as opened:
        yield opened


def paragraph_id(text: str) -> ParagraphId:
    return ParagraphId(hashlib.sha256(text.encode()).hexdigest()[:16])


@pytest.fixture
def article() -> Callable[..., Article]:
    """Makes an article of texts; a text in ``furniture`` is page furniture."""

    def make(name: str, *texts: str, furniture: tuple[str, ...] = (), **about: str) -> Article:
        paragraphs = tuple(
            Paragraph(
                paragraph_id(text),
                text,
                name,
                index,
                furniture="share line" if text in furniture else None,
            )
            for index, text in enumerate(texts)
        )
        return Article(name, paragraphs, **about)

    return make


@pytest.fixture
def decision() -> Callable[..., Decision]:
    """Makes a decision on a text, with a key of its own unless one is given."""

    def make(text: str, *topics: str, editor: str = "Anna", **more: object) -> Decision:
        named = tuple(TopicId(topic) for topic in topics)
        values = {"key": f"press {next(_NUMBERS)}", "paragraph": paragraph_id(text), **more}
        return Decision(text=text, topics=named, editor=editor, **values)

    return make


@pytest.fixture
def id_of() -> Callable[[str], ParagraphId]:
    return paragraph_id


@pytest.fixture
def alter(store: Store) -> Callable[..., None]:
    """Does to the tables what only somebody with a database tool can do."""

    def run(*statements: str) -> None:
        database = store._database
        guards = (
            ["ALTER TABLE corrections DISABLE TRIGGER USER"]
            if database.postgres
            else ["DROP TRIGGER corrections_no_update", "DROP TRIGGER corrections_no_delete"]
        )
        with database.write() as connection:
            for statement in [*guards, *statements]:
                connection.exec_driver_sql(statement)

    return run
