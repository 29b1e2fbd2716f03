"""The nouns of the log: what editors decided and struck, and whether it is as it was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tagger.records import ParagraphId, TopicId, Version

Action = Literal["decide", "undo"]
UndoStatus = Literal["undone", "repeated", "nothing", "already", "not_yours", "unknown"]


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
