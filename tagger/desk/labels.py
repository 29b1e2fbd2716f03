"""Check labelled files: those of a desk, or others before they go there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagger.desk.models import taxonomy_of
from tagger.keeping.labeled import Finding, sifted, test_files, train_files
from tagger.keeping.labels_check import check_files, check_labels
from tagger.keeping.taxonomy_changes import History
from tagger.keeping.taxonomy_history import read_history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Labelled:
    """How many valid lines there are, and how many of them have each topic or ``none``."""

    paragraphs: int = 0
    topics: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class LabelsReport:
    """What a check found, and what each side (train, test) or file holds."""

    findings: Sequence[Finding]
    counts: Mapping[str, Labelled]

    @property
    def sound(self) -> bool:
        """Whether nothing worse than a warning was found."""
        return not any(finding.grade == "error" for finding in self.findings)


def check_desk(settings: Settings) -> LabelsReport:
    """Check a desk's training files and frozen test.

    Raises:
        TaxonomyError: the topics themselves are not valid.
    """
    findings = check_labels(settings.labeled, taxonomy_of(settings).ids)
    history = read_history(settings.labeled)
    sides = {"train": train_files(settings.labeled), "test": test_files(settings.labeled)}
    return LabelsReport(findings, {side: _count(paths, history) for side, paths in sides.items()})


def check_these(files: Sequence[Path], settings: Settings | None) -> LabelsReport:
    """Check labelled files by themselves.

    Args:
        files: JSONL of ``{"text", "topics"}``.
        settings: the desk whose topics they shall have; None accepts any.

    Raises:
        LabelsError: a file cannot be read.
        TaxonomyError: the desk's topics are not valid.
    """
    files = list(dict.fromkeys(files))
    topics = taxonomy_of(settings).ids if settings else None
    history = read_history(settings.labeled) if settings else History()
    findings = check_files(files, topics, history)
    return LabelsReport(findings, {str(file): _count([file], history) for file in files})


def _count(paths: Sequence[Path], history: History) -> Labelled:
    kept, _ = sifted(paths, None, history)  # what is wrong is among the findings already
    topics: Counter[str] = Counter()
    for example in kept:
        topics.update(example.topics or ("asked again" if example.unsaid else "none",))
    return Labelled(len(kept), Counter(dict(topics.most_common())))
