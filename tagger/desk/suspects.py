"""Labels that deserve a second look, and how far editors agree."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from tagger.desk.cards import PLANTED
from tagger.desk.decisions import Decisions, origin_of
from tagger.desk.lessons import read_lessons
from tagger.desk.models import taxonomy_of
from tagger.desk.struck import by_topic
from tagger.learning.suspects import DOUBTED, Kappa, contradictions, doubted_labels, kappa
from tagger.learning.training import Recipe, train

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from tagger.keeping.store import Correction
    from tagger.learning.training import Progress, Training
    from tagger.records import LabeledExample, ParagraphId, TopicId
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Label:
    """The topics somebody gave a text. A training file's has no editor and no time.

    ``origin`` is its file, named from the desk's folder, and line, or the decision's number.
    """

    text: str
    topics: frozenset[TopicId]
    origin: str
    editor: str | None = None
    time: datetime | None = None


@dataclass(frozen=True, slots=True)
class DoubtedLabel:
    """A label that a model which had not seen it gives the probability ``belief``.

    ``topic`` is the most doubted one: given, though the model says no, or missing, though it says
    yes. ``suggested`` is what that model gives.
    """

    label: Label
    topic: TopicId
    belief: float
    suggested: frozenset[TopicId]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two editors, and how far they agree on what both decided."""

    editors: tuple[str, str]
    figures: Kappa


@dataclass(frozen=True, slots=True)
class Suspects:
    """What deserves a second look.

    Args:
        doubted: single labels, the most doubted first.
        contradictions: groups of near-copies with different topics.
        disputes: for a paragraph the editors' latest answers, where they differ, the latest
            paragraph first; planted checks are left out, as a list would give them away.
        agreements: pairs of editors, those who share most first.
    """

    doubted: tuple[DoubtedLabel, ...]
    contradictions: tuple[tuple[Label, ...], ...]
    disputes: tuple[tuple[Label, ...], ...]
    agreements: tuple[Agreement, ...]


def find_suspects(
    settings: Settings, *, recipe: Recipe | None = None, progress: Progress | None = None
) -> Suspects:
    """Look through the labelled files and the decisions that a retrain would learn from.

    Takes as long as a retrain, for only a model that has not seen a label can doubt it.

    Raises:
        LabelsError: a training file is not valid, or there is nothing to learn from.
        StoreError: the decisions cannot be read.
    """
    taxonomy = taxonomy_of(settings)
    topics = taxonomy.ids
    lessons = read_lessons(settings, topics)
    decisions = lessons.decisions or Decisions()
    struck = by_topic(lessons.struck)
    training = train(
        lessons.examples, topics, recipe or Recipe(), progress, struck, taxonomy.labels
    )
    labels = _labels(lessons.examples, decisions, f"{settings.home}{os.sep}")
    answers = _answers(decisions)
    return Suspects(
        doubted=tuple(_doubted(labels, training)),
        contradictions=tuple(
            tuple(labels[row] for row in rows) for rows in contradictions(lessons.examples)
        ),
        disputes=tuple(_disputes(answers)),
        agreements=tuple(_agreements(answers)),
    )


def _labels(examples: Iterable[LabeledExample], decisions: Decisions, home: str) -> list[Label]:
    made = {origin_of(row): row for row in decisions.rows}
    return [
        _label(made[e.origin])
        if e.origin in made
        else Label(e.text, e.topics, e.origin.removeprefix(home))
        for e in examples
    ]


def _label(row: Correction) -> Label:
    return Label(row.text, frozenset(row.topics), origin_of(row), row.editor, row.time)


def _doubted(labels: Sequence[Label], training: Training) -> Iterable[DoubtedLabel]:
    topics = training.model.topics
    given = training.model.given(training.probabilities)
    # Where nothing was said there is no label to doubt: what the model believes stands in for it.
    truth = np.where(training.said, training.truth, training.probabilities >= DOUBTED)
    for doubt in doubted_labels(training.probabilities, truth):
        row = zip(topics, given[doubt.row], strict=True)
        suggested = frozenset(topic for topic, yes in row if yes)
        yield DoubtedLabel(labels[doubt.row], topics[doubt.topic], doubt.belief, suggested)


def _answers(decisions: Decisions) -> dict[ParagraphId, dict[str, Correction]]:
    """The latest answer of each editor to each paragraph, the latest paragraph first."""
    found: dict[ParagraphId, dict[str, Correction]] = {}
    for row in decisions.rows:
        earlier = found.pop(row.paragraph, {})
        found[row.paragraph] = {**earlier, row.editor: row}
    return dict(reversed(found.items()))


def _disputes(
    answers: Mapping[ParagraphId, Mapping[str, Correction]],
) -> Iterable[tuple[Label, ...]]:
    for by_editor in answers.values():
        rows = sorted(by_editor.values(), key=lambda row: row.sequence)
        planted = any(row.reason == PLANTED for row in rows)
        if len({row.topics for row in rows}) > 1 and not planted:
            yield tuple(map(_label, rows))


def _agreements(
    answers: Mapping[ParagraphId, Mapping[str, Correction]],
) -> list[Agreement]:
    said: dict[str, dict[str, tuple[TopicId, ...]]] = {}
    for paragraph, by_editor in answers.items():
        for editor, row in by_editor.items():
            said.setdefault(editor, {})[paragraph] = row.topics
    pairs = combinations(sorted(said), 2)
    found = [
        Agreement((one, other), figures)
        for one, other in pairs
        if (figures := kappa(said[one], said[other]))
    ]
    return sorted(found, key=lambda agreement: -agreement.figures.shared)
