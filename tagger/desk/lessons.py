"""What a training learns from: the labelled files, and over them what editors decided.

The latest decision about a paragraph wins, over a file's label too. What measures is never
learned: answers to audits and planted checks, the frozen test, and their near-copies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tagger.errors import Refused
from tagger.keeping.labeled import read_examples, test_file, train_files
from tagger.keeping.store import open_store
from tagger.learning.near_copies import NearCopyIndex
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tagger.keeping.store import Correction
    from tagger.records import ParagraphId, TopicId
    from tagger.settings import Settings

AUDIT, PLANTED = "audit", "planted"
_ALL = 2**31  # rows of a log that nobody will fill


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions that stand, in the order they were made, and where the log ended.

    Args:
        rows: without those taken back.
        last: number of the log's last row, undos included; 0 for an empty log.
        digest: hash of that row, which stands for all rows before it.
    """

    rows: tuple[Correction, ...] = ()
    last: int = 0
    digest: str = ""

    def by_paragraph(self) -> dict[ParagraphId, list[Correction]]:
        """The decisions about each paragraph, the latest last."""
        found: dict[ParagraphId, list[Correction]] = {}
        for row in self.rows:
            found.setdefault(row.paragraph, []).append(row)
        return found


@dataclass(frozen=True, slots=True)
class Lessons:
    """What to learn from and what to measure with.

    Args:
        examples: the files' texts in their order, then the texts that only editors labelled.
        audits: random audit answers whose text nobody learns from.
        decisions: the log they come from; None where the desk has no store.
        taught: how many decisions are among the examples.
        left_out: the other paragraphs with decisions, and why they are not.
    """

    examples: list[LabeledExample]
    audits: list[LabeledExample] = field(default_factory=list)
    decisions: Decisions | None = None
    taught: int = 0
    left_out: dict[ParagraphId, str] = field(default_factory=dict)

    def seen(self) -> dict[str, Any]:
        """What a model's card says of the decisions that it saw."""
        if self.decisions is None:
            return {}
        seen = {"last": self.decisions.last, "digest": self.decisions.digest}
        left_out = dict(Counter(self.left_out.values()))
        return {"corrections": {**seen, "taught": self.taught, "left_out": left_out}}


def has_store(settings: Settings) -> bool:
    """Whether editors' decisions are kept anywhere yet; does not open the store."""
    return settings.database_url is not None or (settings.labeled / "corrections.db").exists()


def read_decisions(settings: Settings) -> Decisions | None:
    """The desk's decisions that stand; None where it has no store.

    Raises:
        StoreError: the store cannot be read.
        Refused: a row of the log is not as it was written.
    """
    if not has_store(settings):
        return None
    with open_store(settings.database) as store:
        if problem := store.verify().problem:
            raise Refused(
                f"The log of corrections was altered, so nothing is learned from it: "
                f"row {problem.sequence}: {problem.message}",
                "Restore the database from a backup; 'tagger log verify' checks it.",
            )
        rows = store.log(limit=_ALL)
    undone = {row.undoes for row in rows}
    stand = [r for r in reversed(rows) if r.action == "decide" and r.sequence not in undone]
    return Decisions(tuple(stand), rows[0].sequence, rows[0].hash) if rows else Decisions()


def origin_of(row: Correction) -> str:
    """What stands for a decision where an example of a file has its file and line."""
    return f"decision {row.sequence} by {row.editor}"


def read_lessons(settings: Settings, topics: Collection[TopicId]) -> Lessons:
    """Labelled files and decisions together.

    Raises:
        LabelsError: a labelled file is not valid.
        StoreError: the store cannot be read.
    """
    files = read_examples(train_files(settings.labeled), topics)
    tests = [test_file(settings.labeled)] if test_file(settings.labeled).exists() else []
    test = read_examples(tests, topics)
    return combine(files, test, read_decisions(settings), topics)


def combine(
    files: Sequence[LabeledExample],
    test: Sequence[LabeledExample],
    decisions: Decisions | None,
    topics: Collection[TopicId],
) -> Lessons:
    """Put decisions over the files' labels, and keep apart what measures."""
    frozen = {paragraph_id(example.text) for example in test}
    named = {paragraph_id(e.text): e for e in files}
    files = [e for e in files if paragraph_id(e.text) not in frozen]
    if decisions is None or not decisions.rows:
        return Lessons(list(files), decisions=decisions)
    sorter = _Sorter(test, decisions, topics)
    final, left_out = sorter.lessons()
    over = [_with_decision(example, final) for example in files]
    new = [
        LabeledExample(row.text, frozenset(row.topics), origin_of(row))
        for id_, row in final.items()
        if id_ not in named
    ]
    return Lessons([*over, *new], sorter.audits(files), decisions, len(final), left_out)


def _with_decision(example: LabeledExample, final: dict[ParagraphId, Correction]) -> LabeledExample:
    row = final.get(paragraph_id(example.text))
    if row is None:
        return example
    return replace(example, topics=frozenset(row.topics), origin=origin_of(row))


class _Sorter:
    """Tells apart the decisions that teach and those that measure."""

    def __init__(
        self,
        test: Iterable[LabeledExample],
        decisions: Decisions,
        topics: Collection[TopicId],
    ) -> None:
        self._histories = decisions.by_paragraph()
        self._topics = frozenset(topics)
        self._measures = NearCopyIndex()
        for number, example in enumerate(test):
            self._measures.add(f"test {number}", example.text)
        for id_, rows in self._histories.items():
            if {AUDIT, PLANTED} & {row.reason for row in rows}:
                self._measures.add(id_, rows[-1].text)

    def lessons(self) -> tuple[dict[ParagraphId, Correction], dict[ParagraphId, str]]:
        """The decisions to learn, and the paragraphs left out with the reasons why."""
        final: dict[ParagraphId, Correction] = {}
        left_out: dict[ParagraphId, str] = {}
        for id_, rows in self._histories.items():
            if why := self._why_not(rows):
                left_out[id_] = why
            else:
                final[id_] = rows[-1]
        return final, left_out

    def _why_not(self, rows: Sequence[Correction]) -> str:
        reasons = {row.reason for row in rows}
        for measure in (AUDIT, PLANTED):
            if measure in reasons:
                return measure
        if not self._topics.issuperset(rows[-1].topics):
            return "unknown topic"
        return "copy of what measures" if self._measures.near(rows[-1].text) else ""

    def audits(self, files: Iterable[LabeledExample]) -> list[LabeledExample]:
        """The audit answers that measure: known topics, no near-copy in files or test."""
        rows = {
            id_: rows[-1]
            for id_, rows in self._histories.items()
            if AUDIT in {row.reason for row in rows} and self._topics.issuperset(rows[-1].topics)
        }
        if not rows:
            return []
        learned = {name for example in files for name in self._measures.near(example.text)}
        return [
            LabeledExample(row.text, frozenset(row.topics), origin_of(row))
            for id_, row in rows.items()
            if id_ not in learned and not self._in_test(row.text)
        ]

    def _in_test(self, text: str) -> bool:
        return any(name.startswith("test ") for name in self._measures.near(text))
