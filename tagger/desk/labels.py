"""Check the labelled files of a desk."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.models import taxonomy_of
from tagger.errors import LabelsError
from tagger.keeping.labeled import Finding, check_labels, read_examples, test_files, train_files
from tagger.keeping.taxonomy_history import read_history

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.keeping.taxonomy_changes import History
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class LabelsReport:
    """What a check found, and how many paragraphs each side has of each topic and of none."""

    findings: Sequence[Finding]
    train: Counter[str]
    test: Counter[str]

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
    train = _counts(train_files(settings.labeled), history)
    return LabelsReport(findings, train, _counts(test_files(settings.labeled), history))


def _counts(paths: Sequence[Path], history: History) -> Counter[str]:
    counts: Counter[str] = Counter()
    with suppress(LabelsError):  # a broken line is among the findings already
        for example in read_examples(paths, history=history):
            counts.update(example.topics or ("asked again" if example.unsaid else "none",))
            counts["paragraphs"] += 1
    return Counter(dict(counts.most_common()))
