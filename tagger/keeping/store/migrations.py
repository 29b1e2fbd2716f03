"""The steps that bring a database up to today's tables, each applied once and in order."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select

from tagger.keeping.store.chain import BEGINNING
from tagger.keeping.store.errors import StoreError, StoreNewer
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.schema import MIGRATIONS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tagger.keeping.store.connection import Database


@dataclass(frozen=True, slots=True)
class Migration:
    """One step. In its statements, words in braces differ between the databases.

    A step that was released is never edited: a change to the tables is a new step.
    """

    number: int
    name: str
    statements: tuple[str, ...]
    sqlite: tuple[str, ...] = ()
    postgres: tuple[str, ...] = ()


_LEDGER = """CREATE TABLE tagger_schema (
    number {int} PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL) {strict}"""

_LOG = Migration(
    1,
    "the log of corrections",
    (
        """CREATE TABLE corrections (
            sequence {int} PRIMARY KEY,
            action TEXT NOT NULL CHECK (action IN ('decide', 'undo')),
            undoes {int} REFERENCES corrections (sequence),
            paragraph TEXT NOT NULL,
            text TEXT NOT NULL,
            topics TEXT NOT NULL CHECK ({json_topics}),
            editor TEXT NOT NULL,
            reason TEXT NOT NULL,
            shown TEXT NOT NULL CHECK ({json_shown}),
            seconds {real} CHECK (seconds >= 0),
            key TEXT NOT NULL UNIQUE,
            batch TEXT NOT NULL,
            time TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL,
            CHECK ((action = 'undo') = (undoes IS NOT NULL))) {strict}""",
        # Unique: a decision is undone at most once, whoever asks.
        """CREATE UNIQUE INDEX corrections_undoes ON corrections (undoes)
            WHERE undoes IS NOT NULL""",
        "CREATE INDEX corrections_paragraph ON corrections (paragraph, sequence)",
        "CREATE INDEX corrections_editor ON corrections (editor, sequence)",
        "CREATE INDEX corrections_time ON corrections (time)",
        "CREATE INDEX corrections_batch ON corrections (batch) WHERE batch <> ''",
        """CREATE TABLE chain_head (one {int} PRIMARY KEY CHECK (one = 1),
            sequence {int} NOT NULL, hash TEXT NOT NULL) {strict}""",
        f"INSERT INTO chain_head VALUES (1, 0, '{BEGINNING}')",  # noqa: S608  # a constant of ours
    ),
    sqlite=(
        """CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
            BEGIN SELECT RAISE(ABORT, 'corrections only grow'); END""",
        """CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
            BEGIN SELECT RAISE(ABORT, 'corrections only grow'); END""",
    ),
    postgres=(
        """CREATE FUNCTION corrections_only_grow() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'corrections only grow'; END $$""",
        """CREATE TRIGGER corrections_no_change BEFORE UPDATE OR DELETE ON corrections
            FOR EACH ROW EXECUTE FUNCTION corrections_only_grow()""",
        """CREATE TRIGGER corrections_no_truncate BEFORE TRUNCATE ON corrections
            FOR EACH STATEMENT EXECUTE FUNCTION corrections_only_grow()""",
    ),
)

_QUEUE = Migration(
    2,
    "the queue",
    (
        """CREATE TABLE documents (id {int} PRIMARY KEY, digest TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL, title TEXT, date TEXT, source TEXT, added TEXT NOT NULL)
            {strict}""",
        """CREATE TABLE items (
            id {int} PRIMARY KEY,
            copies_of TEXT NOT NULL UNIQUE,
            paragraph TEXT NOT NULL UNIQUE,
            lane TEXT NOT NULL,
            priority {real} NOT NULL,
            scores TEXT NOT NULL CHECK ({json_scores}),
            topics TEXT NOT NULL CHECK ({json_topics}),
            model TEXT,
            leased_by TEXT,
            leased_until TEXT,
            closed_by {int} REFERENCES corrections (sequence)) {strict}""",
        "CREATE INDEX items_open ON items (priority DESC, id) WHERE closed_by IS NULL",
        "CREATE INDEX items_lane ON items (lane, priority DESC, id) WHERE closed_by IS NULL",
        """CREATE INDEX items_second ON items (priority DESC, id)
            WHERE lane = 'second' AND closed_by IS NOT NULL""",
        "CREATE INDEX items_closed ON items (closed_by) WHERE closed_by IS NOT NULL",
        "CREATE INDEX items_leased ON items (leased_by) WHERE leased_by IS NOT NULL",
        """CREATE TABLE paragraphs (id TEXT PRIMARY KEY, text TEXT NOT NULL,
            item {int} REFERENCES items (id)) {strict}""",
        "CREATE INDEX paragraphs_item ON paragraphs (item)",
        """CREATE TABLE occurrences (
            document {int} NOT NULL REFERENCES documents (id),
            position {int} NOT NULL,
            paragraph TEXT NOT NULL REFERENCES paragraphs (id),
            role TEXT NOT NULL,
            furniture TEXT,
            PRIMARY KEY (document, position)) {strict}""",
        "CREATE INDEX occurrences_paragraph ON occurrences (paragraph, document)",
        """CREATE TABLE skips (item {int} NOT NULL REFERENCES items (id), editor TEXT NOT NULL,
            time TEXT NOT NULL, PRIMARY KEY (editor, item)) {strict}""",
        # Counting 200,000 rows takes PostgreSQL 15 ms and more, reading this row none.
        """CREATE TABLE tally (one {int} PRIMARY KEY CHECK (one = 1),
            total {int} NOT NULL, decided {int} NOT NULL) {strict}""",
        "INSERT INTO tally VALUES (1, 0, 0)",
    ),
)

_STRIKES = Migration(
    3,
    "struck words",
    (
        """CREATE TABLE strikes (
            sequence {int} PRIMARY KEY,
            action TEXT NOT NULL CHECK (action IN ('strike', 'restore')),
            restores {int} REFERENCES strikes (sequence),
            word TEXT NOT NULL,
            topic TEXT NOT NULL,
            editor TEXT NOT NULL,
            why TEXT NOT NULL,
            time TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL,
            CHECK ((action = 'restore') = (restores IS NOT NULL))) {strict}""",
        # Unique: a word is restored at most once, whoever asks.
        """CREATE UNIQUE INDEX strikes_restores ON strikes (restores)
            WHERE restores IS NOT NULL""",
        """CREATE TABLE strike_head (one {int} PRIMARY KEY CHECK (one = 1),
            sequence {int} NOT NULL, hash TEXT NOT NULL) {strict}""",
        f"INSERT INTO strike_head VALUES (1, 0, '{BEGINNING}')",  # noqa: S608  # a constant of ours
    ),
    sqlite=(
        """CREATE TRIGGER strikes_no_update BEFORE UPDATE ON strikes
            BEGIN SELECT RAISE(ABORT, 'strikes only grow'); END""",
        """CREATE TRIGGER strikes_no_delete BEFORE DELETE ON strikes
            BEGIN SELECT RAISE(ABORT, 'strikes only grow'); END""",
    ),
    postgres=(
        """CREATE FUNCTION strikes_only_grow() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'strikes only grow'; END $$""",
        """CREATE TRIGGER strikes_no_change BEFORE UPDATE OR DELETE ON strikes
            FOR EACH ROW EXECUTE FUNCTION strikes_only_grow()""",
        """CREATE TRIGGER strikes_no_truncate BEFORE TRUNCATE ON strikes
            FOR EACH STATEMENT EXECUTE FUNCTION strikes_only_grow()""",
    ),
)

STEPS = (_LOG, _QUEUE, _STRIKES)
_OURS = {
    word
    for step in STEPS
    for statement in step.statements
    for word in re.findall(r"^CREATE TABLE (\w+)", statement)
}


def migrate(
    database: Database, time: datetime, steps: tuple[Migration, ...] = STEPS
) -> tuple[int, ...]:
    """Apply the steps that the database lacks, all or none; give their numbers.

    Raises:
        StoreNewer: the database knows steps that this tagger does not.
        StoreError: it cannot be read or written, or holds another program's tables.
    """
    with database.read() as connection:
        if _applied(connection, database.name, steps) == len(steps):
            return ()
    with database.write() as connection:  # another program may have been first: look again
        missing = steps[_applied(connection, database.name, steps) :]
        for step in missing:
            _apply(connection, step, stamp(time), postgres=database.postgres)
    return tuple(step.number for step in missing)


def _applied(connection: Connection, name: str, steps: tuple[Migration, ...]) -> int:
    there = set(inspect(connection).get_table_names())
    if MIGRATIONS.name not in there:
        _refuse_strangers(there, name)
        return 0
    numbers = connection.execute(select(MIGRATIONS.c.number)).scalars().all()
    newest = max(numbers, default=0)
    if newest > len(steps):
        raise StoreNewer(
            f"{name} was written by a newer tagger (its tables are version {newest}, this "
            f"tagger knows {len(steps)}).",
            "Update this tagger, or open another database.",
        )
    return newest


def _refuse_strangers(there: set[str], name: str) -> None:
    if taken := sorted(there & _OURS):
        raise StoreError(
            f"{name} has tables of another program that are called like ours: {', '.join(taken)}.",
            "Put the file aside, or name another database in TAGGER_DATABASE_URL.",
        )


def _apply(connection: Connection, step: Migration, time: str, *, postgres: bool) -> None:
    ledger = (_LEDGER,) if step.number == 1 else ()
    own = step.postgres if postgres else step.sqlite
    for statement in (*ledger, *step.statements, *own):
        connection.exec_driver_sql(_worded(statement, postgres=postgres))
    connection.execute(insert(MIGRATIONS).values(number=step.number, name=step.name, applied=time))


def _worded(statement: str, *, postgres: bool) -> str:
    strict = sqlite3.sqlite_version_info >= (3, 37) and not postgres
    words = {
        "int": "BIGINT" if postgres else "INTEGER",
        "real": "DOUBLE PRECISION" if postgres else "REAL",
        "strict": "STRICT" if strict else "",
    }
    for column in ("topics", "shown", "scores"):
        words[f"json_{column}"] = (
            f"{column}::json IS NOT NULL" if postgres else f"json_valid({column})"
        )
    for word, meaning in words.items():
        statement = statement.replace("{" + word + "}", meaning)
    return statement
