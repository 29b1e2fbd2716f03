"""The nouns of the queue: articles, the items that wait in them, and how much is left."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tagger.records import Paragraph, ParagraphId, TopicId, Version

State = Literal["left", "decided", "skipped"]

SECOND = "second"
"""The lane of second opinions: it also holds items that a colleague has decided."""


@dataclass(frozen=True, slots=True)
class Article:
    """A document with its paragraphs in order, as the queue keeps it."""

    name: str
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    date: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands: the ``article`` is a number for :meth:`Store.article`."""

    article: int
    name: str
    title: str | None
    date: str | None
    source: str | None
    index: int
    paragraph: ParagraphId
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """A model's word on a queued paragraph. Items of higher ``priority`` come first."""

    paragraph: ParagraphId
    scores: Mapping[TopicId, float]
    topics: tuple[TopicId, ...]
    model: Version
    priority: float = 0.0
    lane: str = ""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A paragraph to decide, standing for its near-copies.

    ``copies`` counts the further places where it or a near-copy stands; ``before`` and
    ``after`` are its neighbours' texts in order. ``decision`` is the log's number of the
    decision that closed it, if any.
    """

    paragraph: ParagraphId
    text: str
    lane: str
    priority: float
    scores: Mapping[TopicId, float]
    topics: tuple[TopicId, ...]
    model: Version | None
    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]
    copies: int
    leased_by: str | None
    leased_until: datetime | None
    decision: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """``left`` of ``total``; of those left, ``skipped`` by this editor, ``held`` by others."""

    total: int
    decided: int
    left: int
    skipped: int
    held: int


@dataclass(frozen=True, slots=True)
class Spot:
    """One paragraph where it stands in an article.

    ``topics`` is None where nobody has decided it and no model has judged it yet.
    """

    date: str | None
    source: str | None
    topics: tuple[TopicId, ...] | None
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A queued article in a list: its number, what it is called, how much of it is decided."""

    article: int
    name: str
    title: str | None
    date: str | None
    source: str | None
    paragraphs: int
    decided: int


@dataclass(frozen=True, slots=True)
class Added:
    """What became of articles given to the queue.

    ``articles`` are new and ``known`` were there already. Of the new articles' paragraphs,
    ``queued`` are new items, ``copies`` joined an item as equal or near-copies, ``furniture`` was
    set aside; ``decided`` items were closed at once by an earlier decision on that text.
    """

    articles: int = 0
    known: int = 0
    queued: int = 0
    decided: int = 0
    copies: int = 0
    furniture: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(*map(sum, zip(astuple(self), astuple(other), strict=True)))
