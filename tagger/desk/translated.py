"""Decisions as they read under today's topics; the log keeps them as they were given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.desk.cards import AGAIN, PLANTED

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from tagger.keeping.store import Correction
    from tagger.keeping.taxonomy_changes import History
    from tagger.records import LabeledExample, ParagraphId, TopicId


def translated(
    rows: Sequence[Correction], history: History
) -> tuple[list[Correction], dict[int, frozenset[TopicId]]]:
    """The decisions in today's topics, and by number the topics that one of them leaves open.

    What was asked again because of that completes the earlier answer.
    """
    if not len(history):
        return list(rows), {}
    answers = {
        row.sequence: history.read(row.topics, row.text, history.version_at(row.time))
        for row in rows
    }
    read = {row.sequence: _with(row, answers[row.sequence].topics) for row in rows}
    unsaid = {number: answer.unsaid for number, answer in answers.items() if answer.unsaid}
    again = answered_again(read.values(), unsaid)
    for number in [number for number in unsaid if read[number].paragraph in again]:
        said = again[read[number].paragraph] & unsaid.pop(number)
        read[number] = _with(read[number], said.union(read[number].topics))
    return list(read.values()), unsaid


def _with(row: Correction, topics: frozenset[TopicId]) -> Correction:
    return replace(row, topics=tuple(sorted(topics)))


def answered_again(
    rows: Iterable[Correction], unsaid: Container[int]
) -> dict[ParagraphId, frozenset[TopicId]]:
    """The topics of the latest answer to each paragraph that was asked again.

    Args:
        rows: decisions in today's topics.
        unsaid: numbers of those that leave a topic open themselves.
    """
    # A planted check asks about a text of the frozen test, whatever the model makes of it.
    complete = (
        row for row in rows if row.reason in {AGAIN, PLANTED} and row.sequence not in unsaid
    )
    return {row.paragraph: frozenset(row.topics) for row in complete}


def completed(example: LabeledExample, again: frozenset[TopicId] | None) -> LabeledExample:
    """A labelled text whose open topics were asked again."""
    if again is None:
        return example
    said = example.topics | (again & example.unsaid)
    return replace(example, topics=said, unsaid=frozenset())
