"""The nouns of the store: what editors decided and what waits for them."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tagger.records import Paragraph, ParagraphId, TopicId, Version

Action = Literal["decide", "undo"]
State = Literal["left", "decided", "skipped"]
UndoStatus = Literal["undone", "repeated", "nothing", "already", "not_yours", "unknown"]

SECOND = "second"
"""The lane of second opinions: it also holds items that a colleague has decided."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the editor saw when deciding. ``hidden`` means the suggestion was covered."""

    scores: Mapping[TopicId, float] = field(default_factory=dict)
    topics: tuple[TopicId, ...] = ()
    model: Version | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What an editor wants recorded: these topics for this paragraph.

    ``key`` names the press of a key or the line of a file: the same key a second time records
    nothing. ``reason`` is why the paragraph was asked (doubt, confident, audit, planted,
    second, search, import and so on); ``seconds`` is how long the editor took.
    """

    paragraph: ParagraphId
    text: str
    topics: tuple[TopicId, ...]
    editor: str
    key: str
    reason: str = ""
    shown: Shown = Shown()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of the log. ``topics`` is sorted; empty means "none of them", a real answer.

    An undo repeats the paragraph, text, topics and reason of the decision it takes back, whose
    sequence is ``undoes``. Rows written by one press share a ``batch``. ``hash`` is the SHA-256
    of the row with the ``previous`` row's hash in it.
    """

    sequence: int
    action: Action
    undoes: int | None
    paragraph: ParagraphId
    text: str
    topics: tuple[TopicId, ...]
    editor: str
    reason: str
    shown: Shown
    seconds: float | None
    key: str
    batch: str
    time: datetime
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did.

    ``repeated`` says the key was known and ``correction`` is its first row; ``before`` is the
    decision that stood for this item until now; ``closed`` says an item left the queue.
    """

    correction: Correction
    repeated: bool = False
    before: Correction | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did.

    ``status`` is undone, repeated (that key was known), nothing (the editor has no decision
    left), already (undone before), not_yours or unknown (no decision has that number).
    ``decisions`` are those it was about, ``corrections`` the rows written, ``reopened`` the
    paragraphs that are back in the queue.
    """

    status: UndoStatus
    decisions: tuple[Correction, ...] = ()
    corrections: tuple[Correction, ...] = ()
    reopened: tuple[ParagraphId, ...] = ()


@dataclass(frozen=True, slots=True)
class Strike:
    """An editor's word that a word says nothing about a topic, or that it does after all.

    ``word`` is folded as the model reads it. ``restores`` is the sequence of the strike that a
    ``restore`` takes back, whose word and topic it repeats. ``hash`` is the SHA-256 of the row
    with the ``previous`` row's hash in it.
    """

    sequence: int
    action: Literal["strike", "restore"]
    restores: int | None
    word: str
    topic: TopicId
    editor: str
    why: str
    time: datetime
    previous: str
    hash: str


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


@dataclass(frozen=True, slots=True)
class Problem:
    """A row of the log that is not as it was written, and what is wrong with it."""

    sequence: int
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """How many rows were found sound before the first problem, and the hash of the last of them.

    ``problems`` are in the log's order, rows that were inserted outside it at last.
    """

    rows: int
    hash: str
    problems: tuple[Problem, ...] = ()

    @property
    def problem(self) -> Problem | None:
        """The first problem; None where the log is as it was written."""
        return next(iter(self.problems), None)
