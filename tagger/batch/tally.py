"""What happened while tagging, for the closing words of a command."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tagger.errors import TaggerError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.records import Prediction


@dataclass
class Tally:
    """What happened while tagging.

    Args:
        documents: how many were read.
        paragraphs: how many were judged.
        topics: how many paragraphs got each topic; ``none`` counts those that got none.
        decisions: how many were marked auto, ask or none; empty where no aim is set.
        furniture: how many paragraphs were set aside, by reason.
        rejects: how many rows could not be read.
        failures: the files that could not be read, with their errors.
        notes: what was passed over.
        assumed: in how many documents of a file something had to be assumed: (file, what).
    """

    documents: int = 0
    paragraphs: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    furniture: Counter[str] = field(default_factory=Counter)
    rejects: int = 0
    failures: list[tuple[str, TaggerError]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    assumed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, prediction: Prediction) -> None:
        """Count a paragraph."""
        if prediction.paragraph.furniture is not None:
            self.furniture[prediction.paragraph.furniture] += 1
            return
        self.paragraphs += 1
        for topic in prediction.topics or ("none",):
            self.topics[topic] += 1
        if prediction.decision:
            self.decisions[prediction.decision] += 1

    def assume(self, file: str, notes: Iterable[str]) -> None:
        """Count what was assumed about one document of a file."""
        for note in notes:
            self.assumed[file, note] += 1

    @property
    def all_notes(self) -> list[str]:
        """Everything a person should know, each thing once a file."""
        told = [
            f"{file}: {note}" + (f" ({count:,} documents)" if count > 1 else "")
            for (file, note), count in self.assumed.items()
        ]
        return [*self.notes, *told]

    @property
    def clean(self) -> bool:
        """Whether everything that was given could be read."""
        return not self.rejects and not self.failures

    def add(self, other: Tally) -> None:
        """Count in what happened elsewhere, after what happened here."""
        self.documents += other.documents
        self.paragraphs += other.paragraphs
        self.rejects += other.rejects
        for mine, more in (
            (self.topics, other.topics),
            (self.decisions, other.decisions),
            (self.furniture, other.furniture),
        ):
            mine.update(more)
        self.assumed.update(other.assumed)
        self.failures += other.failures
        self.notes += other.notes

    def as_json(self) -> dict[str, Any]:
        """The tally as JSON-able data."""
        return {
            "documents": self.documents,
            "paragraphs": self.paragraphs,
            "topics": dict(self.topics),
            "decisions": dict(self.decisions),
            "furniture": dict(self.furniture),
            "rejects": self.rejects,
            "failures": [[file, e.message, e.cure] for file, e in self.failures],
            "notes": self.notes,
            "assumed": [[file, note, count] for (file, note), count in self.assumed.items()],
        }

    @classmethod
    def from_json(cls, there: dict[str, Any]) -> Tally:
        """The tally that :meth:`as_json` wrote."""
        counted = ("documents", "paragraphs", "rejects", "notes")
        return cls(
            **{name: there[name] for name in counted},
            topics=Counter(there["topics"]),
            decisions=Counter(there.get("decisions", {})),
            furniture=Counter(there["furniture"]),
            failures=[(file, TaggerError(words, cure)) for file, words, cure in there["failures"]],
            assumed=Counter({(file, note): count for file, note, count in there["assumed"]}),
        )
