"""The store that desk verbs talk to: the log of corrections, and the queue behind it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Self

from tagger.errors import InputError
from tagger.keeping.store import chain, corrections, identity, log, restoring, verifying
from tagger.keeping.store.checks import checked_name, decided_row
from tagger.keeping.store.queue import Queue
from tagger.keeping.store.schema import CORRECTIONS
from tagger.keeping.store.slices import slices
from tagger.keeping.store.strikes import Strikes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
        self.strikes = Strikes(database, now)

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
            return corrections.decide(connection, [row], "", self._now())[0]

    def decide_many(
        self,
        decisions: Sequence[Decision],
        batch: str,
        told: Callable[[int], None] = lambda _: None,
    ) -> list[Decided]:
        """Record decisions as one press: all or none, and one undo takes back all.

        Colleagues' decisions wait meanwhile: three seconds for 40,000 on two cores.

        Args:
            decisions: in order; those whose key is known are not recorded again.
            batch: a name for the press or the file, used once.
            told: is told how many more were written; they hold once the call returns.

        Raises:
            InputError: one cannot be kept; the message says which, counted from 1.
        """
        batch = checked_name(batch, "batch's name")
        rows = [_numbered_row(number, one) for number, one in enumerate(decisions, 1)]
        with self._database.write() as connection:
            return corrections.decide(connection, rows, batch, self._now(), told)

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
            paragraphs: which ones, however many; all where None.
            by_editor: one for each paragraph and editor instead.
        """
        with self._database.read() as connection:
            if paragraphs is None:
                return log.latest(connection, by_editor=by_editor)
            parts = slices(dict.fromkeys(paragraphs))
            wanted = [CORRECTIONS.c.paragraph.in_(part) for part in parts]
            found = [log.latest(connection, among, by_editor=by_editor) for among in wanted]
        return sorted(itertools.chain.from_iterable(found), key=lambda row: row.sequence)

    def last(self, editor: str) -> tuple[Correction | None, int]:
        """What an undo would take back: the last press's first decision, and how many it made.

        None and 0 where nothing.
        """
        with self._database.read() as connection:
            return corrections.last_press(connection, editor)

    def log(
        self,
        *,
        editor: str | None = None,
        paragraph: ParagraphId | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> list[Correction]:
        """Rows of the log, newest first."""
        conditions = log.fitting(editor=editor, paragraph=paragraph, since=since, until=until)
        with self._database.read() as connection:
            return log.newest_rows(connection, *conditions, limit=limit)

    def undone(self, sequences: Iterable[int]) -> frozenset[int]:
        """Which of these decisions have been taken back."""
        with self._database.read() as connection:
            return log.undone(connection, sequences)

    def altered(self, sequences: Iterable[int]) -> frozenset[int]:
        """Which of these rows are not as they were written, as far as they show it themselves."""
        with self._database.read() as connection:
            return log.altered(connection, sequences)

    def recorded(self, keys: Iterable[str]) -> dict[str, int]:
        """The numbers of the rows that were recorded under these keys."""
        with self._database.read() as connection:
            return log.numbers(connection, keys)

    def texts(self, paragraphs: Iterable[ParagraphId]) -> dict[ParagraphId, str]:
        """The texts of those of these paragraphs that an article brought or somebody decided."""
        with self._database.read() as connection:
            return identity.texts(connection, paragraphs)

    def beginning(self, prefix: str, limit: int = 10) -> dict[ParagraphId, str]:
        """Paragraphs, queued or decided, whose id begins so, with their texts."""
        with self._database.read() as connection:
            return identity.texts(connection, identity.beginning(connection, prefix, limit))

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
        return chain.pages(self._database, after)

    def restore(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Write an export, from its first row on, into this log as it was; tell how many rows.

        Raises:
            InputError: something was decided or queued here already, or a row is not as it was
                exported.
        """
        with self._database.write() as connection:
            return restoring.restore(connection, rows)

    def verify(self) -> Verification:
        """Read the whole log and name the rows that are not as they were written."""
        return verifying.whole(self._database)


def _numbered_row(number: int, decision: Decision) -> dict[str, Any]:
    try:
        return decided_row(decision)
    except InputError as error:
        raise InputError(f"Decision {number}: {error.message}", error.cure) from error
