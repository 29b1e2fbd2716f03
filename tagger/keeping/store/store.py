"""The store that desk verbs talk to: the log of corrections, and the queue behind it."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Self

from tagger.errors import InputError
from tagger.keeping.store import chain, corrections, log
from tagger.keeping.store.checks import checked_name, decided_row
from tagger.keeping.store.queue import Queue
from tagger.keeping.store.records import Problem
from tagger.keeping.store.schema import CORRECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from tagger.keeping.store.connection import Database
    from tagger.keeping.store.records import Correction, Decided, Decision, Undone, Verification
    from tagger.records import ParagraphId


class Store:
    """Decisions in, corrections out. What a method reported is in the database.

    Safe to share among threads; programs open their own. All methods raise
    :class:`StoreError` where the database cannot be read or written, and then nothing of the
    call is in it.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self.queue = Queue(database, now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def decide(self, decision: Decision) -> Decided:
        """Record a decision and close its item, both or neither.

        Raises:
            InputError: the decision cannot be kept, or its key was used for another one.
        """
        row = decided_row(decision)
        with self._database.write() as connection:
            return corrections.decide(connection, row, "", self._now())

    def decide_many(self, decisions: Sequence[Decision], batch: str) -> list[Decided]:
        """Record decisions as one press: all or none, and one undo takes back all.

        Args:
            decisions: in order; those whose key is known are not recorded again.
            batch: a name for the press or the file, used once.

        Raises:
            InputError: one cannot be kept; the message says which, counted from 1.
        """
        batch = checked_name(batch, "batch's name")
        rows = [_numbered_row(number, one) for number, one in enumerate(decisions, 1)]
        with self._database.write() as connection:
            time = self._now()
            return [corrections.decide(connection, row, batch, time) for row in rows]

    def undo(self, editor: str, sequence: int | None = None, *, key: str) -> Undone:
        """Take back an editor's own decision.

        Args:
            editor: who undoes.
            sequence: which decision; the last press with its whole batch where None.
            key: names the press: the same key a second time undoes nothing more.

        Raises:
            InputError: the key was used for something else.
        """
        editor, key = checked_name(editor, "editor's name"), checked_name(key, "key")
        with self._database.write() as connection:
            return corrections.undo(connection, editor, sequence, key, self._now())

    def latest(
        self, paragraphs: Iterable[ParagraphId] | None = None, *, by_editor: bool = False
    ) -> list[Correction]:
        """The decision that holds for each paragraph, in the order they were made.

        Args:
            paragraphs: which ones (some hundreds at most); all where None.
            by_editor: one for each paragraph and editor instead.
        """
        wanted = [] if paragraphs is None else [CORRECTIONS.c.paragraph.in_(list(paragraphs))]
        with self._database.read() as connection:
            return log.latest(connection, *wanted, by_editor=by_editor)

    def last(self, editor: str) -> tuple[Correction, ...]:
        """What an undo would take back now: the editor's last press; empty where nothing."""
        with self._database.read() as connection:
            return corrections.last_press(connection, editor)

    def log(
        self,
        *,
        editor: str | None = None,
        paragraph: ParagraphId | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Correction]:
        """Rows of the log, newest first. ``before`` is the sequence to go on from."""
        conditions = log.fitting(
            editor=editor, paragraph=paragraph, since=since, until=until, before=before
        )
        with self._database.read() as connection:
            return log.newest_rows(connection, *conditions, limit=limit)

    def undone(self, sequences: Iterable[int]) -> frozenset[int]:
        """Which of these decisions have been taken back."""
        taken_back = CORRECTIONS.c.undoes.in_(list(sequences))
        with self._database.read() as connection:
            rows = log.rows(connection, taken_back)
        return frozenset(row.undoes for row in rows if row.undoes is not None)

    def count(
        self, *, editor: str | None = None, since: datetime | None = None, after: int = 0
    ) -> int:
        """How many decisions stand: an editor's, since a time, after a sequence."""
        conditions = log.fitting(editor=editor, since=since)
        with self._database.read() as connection:
            return log.count(connection, log.stands(), CORRECTIONS.c.sequence > after, *conditions)

    def export(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """The log's rows after a sequence as JSON objects, in order, read a page at a time.

        An object's hash is the SHA-256 of the object without it, as :func:`chain.canonical`
        JSON: a colleague can check an export without this database.
        """
        while True:
            with self._database.read() as connection:
                page = chain.page(connection, after)
            if not page:
                return
            yield from page
            after = page[-1]["sequence"]

    def verify(self) -> Verification:
        """Read the whole log and say which row, if any, is not as it was written."""
        with self._database.read() as connection:
            head = chain.head(connection)
            stray = chain.stray(connection, head[0])
        rows = takewhile(lambda row: row["sequence"] <= head[0], self.export())
        checked = chain.against_head(chain.verify(rows), head)
        if checked.problem or stray is None:
            return checked
        return replace(checked, problem=Problem(stray, f"Row {stray} was inserted by hand."))


def _numbered_row(number: int, decision: Decision) -> dict[str, Any]:
    try:
        return decided_row(decision)
    except InputError as error:
        raise InputError(f"Decision {number}: {error.message}", error.cure) from error
