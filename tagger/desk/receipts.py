"""What became of each correction, in one word that screens, JSON and documents share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from tagger.desk.cards import AUDIT, PLANTED
from tagger.desk.decisions import Decisions
from tagger.desk.flips import stored_texts
from tagger.desk.learned import given, learned_by, moved_neighbours, versions_in_service
from tagger.desk.lessons import Lessons, read_lessons
from tagger.desk.models import load_model, taxonomy_of
from tagger.learning.near_copies import NearCopyIndex
from tagger.paragraphs import paragraph_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.keeping.store import Correction
    from tagger.records import TopicId, Version
    from tagger.settings import Settings

Outcome = Literal[
    "learned",
    "still disagrees",
    "outvoted",
    "waiting for the next retrain",
    "measures only",
    "set aside",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
_MEASURES = {AUDIT, PLANTED}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one decision that stands.

    Args:
        correction: the decision.
        outcome: the first of these that holds. ``measures only``: an answer to an audit or a
            planted check, never learned while it measures. ``set aside``: it cannot be learned.
            ``outvoted``: a later decision, or a near-copy that was learned, says otherwise.
            ``waiting for the next retrain``: the current model was trained before it.
            ``learned``: the current model gives exactly its topics. ``still disagrees``: it gives
            others, though it was taught these.
        gives: what the current model gives, in the desk's order.
        learned_by: of what is learned, the first model in service that had seen it and gave its
            topics; None otherwise.
        against: what outvoted it, or why it measures only or is set aside; empty otherwise.
        neighbours: how many stored near neighbours changed tag with the first model in service
            that had seen it.
    """

    correction: Correction
    outcome: Outcome
    gives: tuple[TopicId, ...]
    learned_by: Version | None
    against: str
    neighbours: int

    @property
    def words(self) -> str:
        """The outcome with what is behind it."""
        return f"{self.outcome}: {self.against}" if self.against else self.outcome


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
    served = versions_in_service(settings)
    seen = next((one.last for one in served if one.version == model.version), 0)
    outcomes = _outcomes(lessons, rows, gives, seen)
    first = learned_by(settings, served, teaching)
    texts = stored_texts(settings, lessons.decisions)
    moved = moved_neighbours(model, served, teaching, texts)
    found = [
        Receipt(
            correction=row,
            outcome=outcome,
            gives=tuple(topic for topic in topics if topic in gives[number]),
            learned_by=first.get(row.sequence) if outcome == "learned" else None,
            against=against,
            neighbours=moved.get(row.sequence, 0),
        )
        for number, (row, (outcome, against)) in enumerate(zip(rows, outcomes, strict=True))
    ]
    return found[::-1]


def _outcomes(
    lessons: Lessons,
    rows: Sequence[Correction],
    gives: Sequence[frozenset[TopicId]],
    seen: int,
) -> list[tuple[Outcome, str]]:
    """Each decision's outcome, and what is behind it."""
    decisions = lessons.decisions or Decisions()
    later = _later(decisions, rows)
    agreeing = {
        row.sequence
        for row, given_ in zip(rows, gives, strict=True)
        if not (given_ ^ set(row.topics)) - decisions.unsaid.get(row.sequence, frozenset())
    }
    taught = [row for row in rows if row.sequence <= seen and row.sequence not in later]
    copies = _other_copies(lessons, [row for row in taught if row.sequence not in agreeing])

    def outcome(row: Correction) -> tuple[Outcome, str]:
        if why := lessons.left_out.get(row.paragraph):
            return ("measures only" if why in _MEASURES else "set aside"), why
        if against := later.get(row.sequence) or copies.get(row.sequence):
            return "outvoted", against
        if row.sequence > seen:
            return "waiting for the next retrain", ""
        return ("learned" if row.sequence in agreeing else "still disagrees"), ""

    return [outcome(row) for row in rows]


def _later(decisions: Decisions, rows: Sequence[Correction]) -> dict[int, str]:
    """Later decisions with other topics, by the numbers of those that they outvote."""
    final = {id_: history[-1] for id_, history in decisions.by_paragraph().items()}
    return {
        row.sequence: f"decision {final[row.paragraph].sequence} by {final[row.paragraph].editor}"
        for row in rows
        if final[row.paragraph].topics != row.topics
    }


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
