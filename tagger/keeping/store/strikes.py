"""Struck words: a log of its own that only grows, chained as the corrections are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tagger.errors import InputError
from tagger.keeping.store import chain, verifying
from tagger.keeping.store.chain import STRUCK
from tagger.keeping.store.checks import checked_name, checked_text
from tagger.keeping.store.moments import moment, stamp
from tagger.keeping.store.records import Strike
from tagger.keeping.store.schema import STRIKES
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from tagger.keeping.store.connection import Database
    from tagger.keeping.store.records import Verification


class Strikes:
    """Words struck for a topic and restored. All methods raise :class:`StoreError` as a store's."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def strike(
        self, word: str, topic: str, editor: str, why: str = "", *, seen: int = 0
    ) -> tuple[Strike, bool]:
        """Record that a word says nothing about a topic; False where that stands already.

        Args:
            word: folded.
            topic: its id today.
            editor: who says so.
            why: may be empty.
            seen: rows up to this number do not count as standing; the caller has read them.

        Raises:
            InputError: a name is blank or too long.
        """
        row = {
            "action": "strike",
            "restores": None,
            "word": checked_name(word, "word"),
            "topic": checked_name(topic, "topic"),
            **_said(editor, why),
        }
        with self._database.write() as connection:
            for one in _standing(_rows(connection)):
                same = (one.word, one.topic) == (row["word"], row["topic"])
                if same and one.sequence > seen:
                    return one, False
            stamped = {**row, "time": stamp(self._now())}
            return _strike(chain.append(connection, [stamped], of=STRUCK)[0]), True

    def restore(self, sequence: int, editor: str, why: str = "") -> tuple[Strike, bool]:
        """Take a strike back, whoever made it; give the restoring row.

        False where somebody was faster: the row is theirs.

        Raises:
            InputError: no strike has that number, or a name is blank or too long.
        """
        said = _said(editor, why)
        with self._database.write() as connection:
            rows = _rows(connection)
            if done := next((row for row in rows if row.restores == sequence), None):
                return done, False
            struck = next((row for row in rows if row.sequence == sequence), None)
            if struck is None or struck.action != "strike":
                raise InputError(
                    f"No word was struck under number {sequence}.",
                    "'tagger words list' names those that are.",
                )
            row = {"action": "restore", "restores": sequence, **said, "time": stamp(self._now())}
            row |= {"word": struck.word, "topic": struck.topic}
            return _strike(chain.append(connection, [row], of=STRUCK)[0]), True

    def standing(self) -> list[Strike]:
        """The strikes that nobody took back, in order."""
        return _standing(self.log())

    def log(self) -> list[Strike]:
        """All rows, restoring ones too, in order."""
        with self._database.read() as connection:
            return _rows(connection)

    def export(self) -> Iterator[dict[str, Any]]:
        """All rows as JSON objects, in order, whose hashes fit as those of corrections do."""
        return chain.pages(self._database, of=STRUCK)

    def verify(self) -> Verification:
        """Read all rows and name those that are not as they were written."""
        return verifying.whole(self._database, STRUCK)


def _said(editor: str, why: str) -> dict[str, str]:
    return {"editor": checked_name(editor, "editor's name"), "why": checked_text(why, "reason")}


def _rows(connection: Connection) -> list[Strike]:
    found = connection.execute(select(STRIKES).order_by(STRIKES.c.sequence))
    return [_strike(chain.exported(row, of=STRUCK)) for row in found]


def _standing(rows: Iterable[Strike]) -> list[Strike]:
    rows = list(rows)
    restored = {row.restores for row in rows}
    return [row for row in rows if row.action == "strike" and row.sequence not in restored]


def _strike(row: Mapping[str, Any]) -> Strike:
    values = {**row, "time": moment(row["time"]), "topic": TopicId(row["topic"])}
    return Strike(**values)
