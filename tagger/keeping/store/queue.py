"""The queue of paragraphs that wait for an editor."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from tagger.errors import InputError
from tagger.keeping.store import intake, items, leases, loans, overview, scoring
from tagger.keeping.store.checks import checked_name
from tagger.keeping.store.closing import LEASE_MINUTES
from tagger.keeping.store.waiting import Added

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from tagger.keeping.store.connection import Database
    from tagger.keeping.store.waiting import (
        Article,
        Counts,
        Heading,
        Place,
        QueueItem,
        Score,
        Spot,
        State,
    )
    from tagger.records import ParagraphId, Version

_AT_ONCE = 500  # paragraphs written in one transaction: editors wait for it, some 50 ms


class Queue:
    """Every paragraph once, lent to one editor at a time. Every method is a short transaction.

    All methods raise :class:`StoreError` where the database cannot be read or written.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def add(
        self, articles: Iterable[Article], groups: Mapping[ParagraphId, str] | None = None
    ) -> Added:
        """Queue the paragraphs of articles; furniture is kept as context only.

        The articles go in a few at a time and each one whole, so that editors need not wait;
        after an interruption the same call adds what is missing.

        Args:
            articles: in the order to show them; those queued before change nothing.
            groups: for near-copies, any text that names their group. Copies queued now or
                later under the same name are one item.

        Raises:
            InputError: an article cannot be kept; the ones before it may have been.
        """
        total = Added()
        for part in _parts(map(intake.check_article, articles)):
            with self._database.write() as connection:
                total = total + intake.add(connection, part, groups or {}, self._now())
        return total

    def score(self, scores: Iterable[Score]) -> int:
        """Replace what a model said of items; tell how many of them there are.

        Scores of paragraphs that stand for no item, near-copies among them, change nothing.

        Raises:
            InputError: a figure is not finite; the scores before it may have been written.
        """
        rows, changed = map(scoring.scored_row, scores), 0
        while part := list(islice(rows, _AT_ONCE)):
            with self._database.write() as connection:
                changed += scoring.score(connection, part)
        return changed

    def unscored(self, model: Version | None = None) -> Iterator[tuple[ParagraphId, str]]:
        """Paragraphs and texts of items left that this model has not scored; None for all."""
        after = 0
        while True:
            with self._database.read() as connection:
                page = scoring.unscored(connection, model, after, _AT_ONCE)
            if not page:
                return
            yield from ((paragraph, text) for _, paragraph, text in page)
            after = page[-1][0]

    def lease(
        self,
        editor: str,
        n: int = 20,
        *,
        lanes: Mapping[str, int] | None = None,
        fill: bool = True,
        minutes: float = LEASE_MINUTES,
    ) -> list[QueueItem]:
        """Lend up to ``n`` items to an editor; nobody else gets them for some minutes.

        First come those the editor holds already, then ``lanes``, then the most urgent of any
        lane, at last what the editor skipped.

        Args:
            editor: who works on them.
            n: how many at most.
            lanes: how many of each lane, such as ``{"doubt": 12, "second": 1}``. The lane
                ``second`` also holds items a colleague decided.
            fill: whether other lanes may make up for what is missing; False gives only ``lanes``.
            minutes: how long they are the editor's.
        """
        editor, now = checked_name(editor, "editor's name"), self._now()
        until = now + timedelta(minutes=minutes)
        picker = leases.Picker(editor, n, lanes, fill=fill, now=now)
        with self._database.write() as connection:
            chosen = picker.choose(connection)
            leases.lend(connection, editor, chosen, until)
            return items.load(connection, chosen)

    def lend(
        self, editor: str, paragraphs: Sequence[ParagraphId], n: int = 20
    ) -> list[ParagraphId]:
        """Lend up to ``n`` of these paragraphs, which need not be queued, as :meth:`lease` does.

        Those that the editor holds come first, then the others in the order given; none that a
        colleague holds, also as an item of the queue.
        """
        editor, now = checked_name(editor, "editor's name"), self._now()
        until = now + timedelta(minutes=LEASE_MINUTES)
        with self._database.write() as connection:
            return loans.lend(connection, editor, paragraphs, n, now=now, until=until)

    def holds(self, editor: str, paragraph: ParagraphId) -> bool:
        """Whether a paragraph is lent to an editor by :meth:`lend`."""
        with self._database.read() as connection:
            return loans.holds(connection, editor, paragraph, self._now())

    def release(self, editor: str, paragraphs: Iterable[ParagraphId] | None = None) -> int:
        """Give back what the editor holds, all of it where None; tell how many."""
        wanted = None if paragraphs is None else list(paragraphs)
        with self._database.write() as connection:
            given = None
            if wanted is not None:
                given = list(items.numbers(connection, wanted).values())
            lent = loans.give_back(connection, editor, wanted)
            return leases.release(connection, editor, given) + lent

    def skip(self, editor: str, paragraph: ParagraphId) -> None:
        """Pass an item by: it is given back, and comes to this editor again after all others.

        Raises:
            InputError: the paragraph is not in the queue.
        """
        editor = checked_name(editor, "editor's name")
        with self._database.write() as connection:
            item = items.numbers(connection, [paragraph]).get(paragraph)
            if item is None:
                raise InputError(
                    f"Paragraph {paragraph} is not in the queue.",
                    "Add its article with 'tagger queue add'.",
                )
            leases.skip(connection, editor, item, self._now())

    def counts(self, editor: str | None = None) -> Counts:
        """How many items are left, decided, skipped by this editor and held by others."""
        with self._database.read() as connection:
            return overview.counts(connection, editor, self._now())

    def items(
        self,
        state: State = "left",
        *,
        editor: str | None = None,
        lane: str | None = None,
        limit: int = 50,
    ) -> list[QueueItem]:
        """Items in a state (``skipped``: by this editor), lent to nobody.

        The most urgent come first; of ``decided`` items those decided last.
        """
        with self._database.read() as connection:
            return items.load(connection, items.listed(connection, state, editor, lane, limit))

    def item(self, paragraph: ParagraphId) -> QueueItem | None:
        """The item that a paragraph belongs to, also as a near-copy."""
        with self._database.read() as connection:
            found = items.load(connection, list(items.numbers(connection, [paragraph]).values()))
            return next(iter(found), None)

    def places(self, paragraph: ParagraphId, limit: int = 100) -> list[Place]:
        """Where a paragraph and its near-copies stand, the oldest article first."""
        with self._database.read() as connection:
            item = items.numbers(connection, [paragraph]).get(paragraph)
            return [] if item is None else items.places(connection, item, limit)

    def article(self, number: int) -> Article | None:
        """The article of a :class:`Place`, with all its paragraphs."""
        with self._database.read() as connection:
            return overview.article(connection, number)

    def headings(self, limit: int = 50) -> list[Heading]:
        """The articles that were queued last, the newest first."""
        with self._database.read() as connection:
            return overview.headings(connection, limit)

    def spots(self) -> Iterator[Spot]:
        """What holds for every paragraph where it stands, page furniture left out."""
        with self._database.read() as connection:
            yield from overview.spots(connection)


def _parts(articles: Iterable[Article]) -> Iterator[list[Article]]:
    part: list[Article] = []
    size = 0
    for article in articles:
        part.append(article)
        size += 1 + len(article.paragraphs)
        if size >= _AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part
