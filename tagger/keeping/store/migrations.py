"""The steps that bring a database up to today's tables, each applied once and in order."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select

from tagger.keeping.store.errors import StoreError, StoreNewer
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.schema import MIGRATIONS
from tagger.keeping.store.steps import STEPS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from tagger.keeping.store.connection import Database
    from tagger.keeping.store.steps import Migration


_LEDGER = """CREATE TABLE tagger_schema (
    number {int} PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL) {strict}"""

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
