"""Which topics a model takes for which: a report's table of tinted cells, and its worst pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.learning.evaluation import confusion

if TYPE_CHECKING:
    from tagger.learning.evaluation import Evaluation
    from tagger.records import TopicId

PAIRS = 20
_STRONGEST_TINT = 0.45  # of a table cell; text on it keeps a contrast of 4.5


@dataclass(frozen=True, slots=True)
class Cell:
    """How many texts of a label got an answer; ``tint`` grows with it, 0 to 0.45."""

    count: int
    right: bool
    tint: float


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the wrong answer given instead; None is "none of them"."""

    labelled: TopicId | None
    given: TopicId | None
    count: int


def heat(evaluation: Evaluation) -> list[tuple[TopicId | None, list[Cell]]]:
    """The confusion table, a row a label, right answers and mistakes tinted apart."""
    table = _confusion(evaluation)
    size = len(table)
    most = {
        right: max(1, *(table[i][j] for i in range(size) for j in range(size) if (i == j) == right))
        for right in (True, False)
    }
    names = (*evaluation.model.topics, None)
    return [
        (name, [_cell(count, most[i == j], right=i == j) for j, count in enumerate(table[i])])
        for i, name in enumerate(names)
    ]


def _cell(count: int, most: int, *, right: bool) -> Cell:
    return Cell(count, right, round(_STRONGEST_TINT * count / most, 2))


def most_confused(evaluation: Evaluation) -> list[Pair]:
    """The pairs most often confused, most frequent first; :data:`PAIRS` at most."""
    names = (*evaluation.model.topics, None)
    pairs = [
        Pair(names[i], names[j], count)
        for i, row in enumerate(_confusion(evaluation))
        for j, count in enumerate(row)
        if i != j and count
    ]
    return sorted(pairs, key=lambda pair: -pair.count)[:PAIRS]


def _confusion(evaluation: Evaluation) -> list[list[int]]:
    given = evaluation.model.given(evaluation.probabilities)
    table: list[list[int]] = confusion(evaluation.truth, given).tolist()
    return table
