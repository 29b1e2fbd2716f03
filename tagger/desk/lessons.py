"""What a training learns from: the labelled files, and over them what editors decided.

The latest decision about a paragraph wins, over a file's label too. What measures is never
learned: answers to audits and planted checks, the frozen test, and their near-copies. An audit
answer measures for :data:`tagger.learning.audit.WINDOW`; then the next retrain learns it.
Everything is read in today's topics, whatever they were called when it was said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tagger.desk.cards import AUDIT, PLANTED
from tagger.desk.decisions import (
    Decisions,
    blind_answers,
    has_store,
    origin_of,
    read_decisions,
    refuse_altered,
)
from tagger.desk.struck import standing
from tagger.desk.translated import answered_again, completed
from tagger.keeping.labeled import read_examples, test_files, train_files
from tagger.keeping.store import open_store
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.near_copies import NearCopyIndex
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from tagger.desk.struck import Struck
    from tagger.keeping.store import Correction
    from tagger.keeping.taxonomy_changes import History
    from tagger.records import ParagraphId, TopicId
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Lessons:
    """What to learn from and what to measure with.

    Args:
        examples: the files' texts in their order, then the texts that only editors labelled.
        audits: random audit answers whose text nobody learns from.
        decisions: the log they come from; None where the desk has no store.
        taught: how many decisions are among the examples.
        left_out: the other paragraphs with decisions, and why they are not.
        struck: words that shall have no weight in a topic.
    """

    examples: list[LabeledExample]
    audits: list[LabeledExample] = field(default_factory=list)
    decisions: Decisions | None = None
    taught: int = 0
    left_out: dict[ParagraphId, str] = field(default_factory=dict)
    struck: tuple[Struck, ...] = ()

    def seen(self) -> dict[str, Any]:
        """What a model's card says of the decisions that it saw."""
        if self.decisions is None:
            return {}
        seen = {"last": self.decisions.last, "digest": self.decisions.digest}
        left_out = dict(Counter(self.left_out.values()))
        return {"corrections": {**seen, "taught": self.taught, "left_out": left_out}}


def read_lessons(settings: Settings, topics: Collection[TopicId]) -> Lessons:
    """Labelled files, decisions and struck words together.

    Raises:
        LabelsError: a labelled file is not valid.
        StoreError: the store cannot be read.
        Refused: a row of one of its logs is not as it was written.
    """
    history = read_history(settings.labeled)
    files = read_examples(train_files(settings.labeled), topics, history)
    test = _frozen(settings, topics, history)
    lessons = combine(files, test, read_decisions(settings), topics)
    return replace(lessons, struck=_struck(settings, topics, history))


def _struck(
    settings: Settings, topics: Collection[TopicId], history: History
) -> tuple[Struck, ...]:
    if not has_store(settings):
        return ()
    with open_store(settings.database) as store:
        refuse_altered(store.strikes.verify(), "log of struck words")
        rows = store.strikes.log()
    return tuple(one for one in standing(rows, history, topics) if not one.ended)


def read_test(
    settings: Settings, topics: Collection[TopicId], decisions: Decisions | None = None
) -> list[LabeledExample]:
    """The frozen test in today's topics; empty where the desk has none.

    Texts that leave a topic open, since it was split off after they were labelled, measure nothing
    until an editor was asked again.

    Args:
        settings: the desk.
        topics: today's.
        decisions: as from :func:`read_decisions`; read anew where None and needed.

    Raises:
        LabelsError: a line is not valid.
        StoreError: the decisions are needed and cannot be read.
    """
    test = _frozen(settings, topics, read_history(settings.labeled))
    if not any(example.unsaid for example in test):
        return test
    known = decisions or read_decisions(settings) or Decisions()
    again = answered_again(known.rows, known.unsaid)
    whole = [completed(example, again.get(paragraph_id(example.text))) for example in test]
    return [example for example in whole if not example.unsaid]


def _frozen(
    settings: Settings, topics: Collection[TopicId], history: History
) -> list[LabeledExample]:
    return read_examples(test_files(settings.labeled), topics, history)


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
    taught = {id_: example_of(row, decisions) for id_, row in final.items()}
    over = [_with_decision(example, taught) for example in files]
    new = [example for id_, example in taught.items() if id_ not in named]
    return Lessons([*over, *new], sorter.audits(files), decisions, len(final), left_out)


def example_of(row: Correction, decisions: Decisions) -> LabeledExample:
    """A decision as a labelled text."""
    unsaid = decisions.unsaid.get(row.sequence, frozenset())
    return LabeledExample(row.text, frozenset(row.topics), origin_of(row), unsaid=unsaid)


def _with_decision(
    example: LabeledExample, taught: Mapping[ParagraphId, LabeledExample]
) -> LabeledExample:
    decided = taught.get(paragraph_id(example.text))
    return replace(decided, text=example.text, extra=example.extra) if decided else example


class _Sorter:
    """Tells apart the decisions that teach and those that measure."""

    def __init__(
        self,
        test: Iterable[LabeledExample],
        decisions: Decisions,
        topics: Collection[TopicId],
    ) -> None:
        self._histories = decisions.by_paragraph()
        self._unsaid = decisions.unsaid
        self._topics = frozenset(topics)
        self._measures = NearCopyIndex()
        for number, example in enumerate(test):
            self._measures.add(f"test {number}", example.text)
        self._audits = blind_answers(decisions)
        for id_, rows in self._histories.items():
            if id_ in self._audits or PLANTED in {row.reason for row in rows}:
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
        if rows[-1].paragraph in self._audits:
            return AUDIT
        if PLANTED in {row.reason for row in rows}:
            return PLANTED
        if not self._topics.issuperset(rows[-1].topics):
            return "unknown topic"
        return "copy of what measures" if self._measures.near(rows[-1].text) else ""

    def audits(self, files: Iterable[LabeledExample]) -> list[LabeledExample]:
        """The audit answers that measure: all topics said, no near-copy in files or test."""
        rows = {
            id_: row
            for id_, row in self._audits.items()
            if self._topics.issuperset(row.topics) and row.sequence not in self._unsaid
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
