"""What became of each correction: learned, still disagreed with, or outvoted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagger.desk.flips import stored_texts
from tagger.desk.lessons import Decisions, Lessons, read_lessons
from tagger.desk.models import load_model, taxonomy_of
from tagger.desk.served import given, learned_by, moved_neighbours, versions_in_service
from tagger.learning.near_copies import NearCopyIndex
from tagger.paragraphs import paragraph_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.keeping.store import Correction
    from tagger.records import TopicId, Version
    from tagger.settings import Settings

Outcome = Literal["learned", "disagrees", "outvoted", "measures"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one decision that stands.

    Args:
        correction: the decision.
        outcome: ``learned``: the current model gives exactly its topics. ``outvoted``: a later
            decision, or a near-copy that is learned from, says otherwise. ``measures``: it is kept
            apart, such as an audit answer. ``disagrees``: none of these.
        gives: what the current model gives, in the desk's order.
        waiting: whether the current model was trained before the decision.
        learned_by: the first model in service that had seen the decision and gave its topics.
        against: what outvoted it, or why it is kept apart; empty otherwise.
        neighbours: how many stored near neighbours changed tag with the first model in service
            that had seen it.
    """

    correction: Correction
    outcome: Outcome
    gives: tuple[TopicId, ...]
    waiting: bool
    learned_by: Version | None
    against: str
    neighbours: int


def receipts(settings: Settings, editor: str | None = None) -> list[Receipt]:
    """The receipts of the decisions that stand, the latest first.

    Args:
        settings: the desk.
        editor: whose; everybody's for None.

    Raises:
        NoModel: nothing was trained yet.
        StoreError: the store cannot be read.
    """
    model, topics = load_model(settings), taxonomy_of(settings).ids
    lessons = read_lessons(settings, topics)
    if lessons.decisions is None:
        return []
    rows = [row for row in lessons.decisions.rows if editor is None or row.editor == editor]
    teaching = [row for row in rows if row.paragraph not in lessons.left_out]
    gives = given(model, [row.text for row in rows])
    against = _against(lessons, lessons.decisions, rows, gives)
    served = versions_in_service(settings)
    first = learned_by(settings, served, teaching)
    texts = stored_texts(settings, lessons.decisions)
    moved = moved_neighbours(model, served, teaching, texts)
    seen = next((one.last for one in served if one.version == model.version), 0)
    found = [
        Receipt(
            correction=row,
            outcome=_outcome(row, gives[number], lessons, against),
            gives=tuple(topic for topic in topics if topic in gives[number]),
            waiting=row.sequence > seen,
            learned_by=first.get(row.sequence),
            against=lessons.left_out.get(row.paragraph) or against.get(row.sequence, ""),
            neighbours=moved.get(row.sequence, 0),
        )
        for number, row in enumerate(rows)
    ]
    return found[::-1]


def _outcome(
    row: Correction, gives: frozenset[TopicId], lessons: Lessons, against: dict[int, str]
) -> Outcome:
    if row.paragraph in lessons.left_out:
        return "measures"
    if row.sequence in against:
        return "outvoted"
    return "learned" if gives == frozenset(row.topics) else "disagrees"


def _against(
    lessons: Lessons,
    decisions: Decisions,
    rows: Sequence[Correction],
    gives: Sequence[frozenset[TopicId]],
) -> dict[int, str]:
    """What outvotes decisions, by their numbers."""
    final = {id_: history[-1] for id_, history in decisions.by_paragraph().items()}
    later = {
        row.sequence: f"decision {final[row.paragraph].sequence} by {final[row.paragraph].editor}"
        for row in rows
        if final[row.paragraph].topics != row.topics
    }
    pairs = zip(rows, gives, strict=True)
    unlearned = [row for row, given_ in pairs if given_ != frozenset(row.topics)]
    return _other_copies(lessons, [row for row in unlearned if row.sequence not in later]) | later


def _other_copies(lessons: Lessons, rows: Sequence[Correction]) -> dict[int, str]:
    """Near-copies with other topics that training learns from, by the decisions' numbers."""
    index = NearCopyIndex()
    decided: dict[str, list[Correction]] = {}
    for row in rows:
        index.add(row.paragraph, row.text)
        decided.setdefault(row.paragraph, []).append(row)
    found: dict[int, str] = {}
    for example in lessons.examples if rows else ():
        near = [row for name in index.near(example.text) for row in decided[name]]
        for row in near:
            other = row.paragraph != paragraph_id(example.text)
            if other and example.topics != frozenset(row.topics):
                found.setdefault(row.sequence, f"near-copy, {example.origin}")
    return found
