"""The nouns that every room shares. Read this first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NewType

TopicId = NewType("TopicId", str)
"""A topic's stable name in files and commands, such as ``peace_talks``."""

ParagraphId = NewType("ParagraphId", str)
"""A hash of a paragraph's normalised text: equal text is one paragraph, wherever it stands."""

Version = NewType("Version", str)
"""A model's name: the UTC time of its training and the first letters of its digest."""

Handling = Literal["auto", "ask", "none"]
"""What becomes of a tagged paragraph where an editor set an aim: tagged by itself, asked, or none
of the topics by itself."""

Role = Literal["text", "paragraph", "title", "heading", "item", "caption"]
"""What the source says a passage is; ``text`` is raw text that is still to be split."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document as its source marked it."""

    text: str
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class Document:
    """One article, or one row of a table: what a reader hands on.

    ``name`` tells it apart for people (a path, a path with a row number, an id column);
    ``notes`` say what the reader had to assume, such as a detected encoding.
    """

    name: str
    passages: tuple[Passage, ...]
    title: str | None = None
    date: str | None = None
    source: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or line that could not be read, kept so that nothing is lost silently."""

    file: str
    row: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a document, with the reason why it is page furniture, if it is."""

    id: ParagraphId
    text: str
    document: str
    index: int
    role: Role = "paragraph"
    furniture: str | None = None


@dataclass(frozen=True, slots=True)
class Prediction:
    """A paragraph's topics. The empty tuple means "none of them", a real answer.

    ``scores`` holds a calibrated probability for every topic of the model; it is empty for
    furniture, which is not judged. ``decision`` is None for furniture too, and wherever no editor
    set an aim (see ``tagger automation``). ``rules`` holds what no model said: topics that are yet
    to be learned, each with the phrase of the text that suggests it.
    """

    paragraph: Paragraph
    topics: tuple[TopicId, ...]
    scores: dict[TopicId, float]
    model: Version
    decision: Handling | None = None
    rules: dict[TopicId, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabeledExample:
    """A text with the topics that people gave it. ``origin`` is its ``file:line``.

    ``unsaid`` are topics that were no choice when it was labelled: it is no example of them, nor
    one of their absence.
    """

    text: str
    topics: frozenset[TopicId]
    origin: str = ""
    extra: dict[str, object] = field(default_factory=dict, compare=False)
    unsaid: frozenset[TopicId] = frozenset()
