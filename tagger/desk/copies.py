"""Which queued or decided paragraphs a text is a near-copy of."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from tagger.learning.near_copies import NearCopyIndex
from tagger.records import ParagraphId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.keeping.store.store import Store
    from tagger.records import Paragraph

_REMEMBERED = 10_000  # decisions: taken in within half a second, and wires come back within days


class QueuedCopies:
    """The texts of a store's queue, to find near-copies among; threads may share one.

    Every copy is near to the paragraph that stands for it in the queue, not only to another copy:
    an editor decides about the copies by that one alone. Keep one of these beside a long-lived
    store, since reading 20,000 paragraphs anew takes a second.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = NearCopyIndex()
        self._groups: dict[str, ParagraphId] = {}
        self._logged = 0
        self._turn = Lock()

    def groups(self, paragraphs: Iterable[Paragraph]) -> dict[ParagraphId, str]:
        """The groups of those paragraphs that are about to be queued and are near-copies.

        A group has the id of its first paragraph for a name; page furniture belongs to none.
        """
        with self._turn:
            self._catch_up()
            texts = {p.id: p.text for p in paragraphs if p.furniture is None}
            found = {id_: self._group(id_, text) for id_, text in texts.items()}
        return {id_: group for id_, group in found.items() if group != id_}

    def _catch_up(self) -> None:
        """Take in what others queued or decided since the last time."""
        for id_, text in self._store.queue.unscored():
            self._stand(id_, text)
        for row in self._store.export(after=self._logged):
            self._logged = row["sequence"]
            self._index.add(row["paragraph"], row["text"])

    def _group(self, id_: ParagraphId, text: str) -> ParagraphId:
        if id_ in self._groups:
            return self._groups[id_]
        for name in self._index.near(text):
            if name != id_ and (group := self._group_of(ParagraphId(name))):
                return group
        self._stand(id_, text)
        return id_

    def _group_of(self, known: ParagraphId) -> ParagraphId | None:
        """The group of a known text; None for one that was decided without being queued."""
        if known not in self._groups and (item := self._store.queue.item(known)):
            self._groups[known] = item.paragraph
        return self._groups.get(known)

    def _stand(self, id_: ParagraphId, text: str) -> None:
        self._index.add(id_, text)
        self._groups.setdefault(id_, id_)


class DecidedCopies:
    """The texts that were decided last, to find near-copies among; threads may share one.

    Keep one of these beside a long-lived store: the first look reads some thousand decisions, a
    later one only what was decided since.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = NearCopyIndex()
        self._logged: int | None = None
        self._turn = Lock()

    def near(self, text: str) -> list[ParagraphId]:
        """The decided paragraphs that are this text or near-copies of it, the most similar first.

        Raises:
            StoreError: the store cannot be read.
        """
        with self._turn:
            for row in self._store.export(after=self._last()):
                self._logged = row["sequence"]
                self._index.add(row["paragraph"], row["text"])
            return [ParagraphId(name) for name in self._index.near(text)]

    def _last(self) -> int:
        """The number of the last row taken in."""
        if self._logged is None:
            newest = self._store.log(limit=1)
            self._logged = max(0, newest[0].sequence - _REMEMBERED) if newest else 0
        return self._logged
