"""Preview what the desk's aims would do on paragraphs that nobody learned from: work, and errors.

That is the frozen test and, best of all since it is the desk's own stream, the random audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.lessons import read_lessons, read_test
from tagger.desk.wording import counted
from tagger.learning.gate import FEWEST
from tagger.learning.training import truth_table
from tagger.learning.workload import Workload, workload

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tagger.learning.automation import Automation
    from tagger.learning.model import Model
    from tagger.records import LabeledExample
    from tagger.settings import Settings

__all__ = ["Held", "Workload", "held_out", "preview", "workload_in_words"]


@dataclass(frozen=True, slots=True)
class Held:
    """Labelled paragraphs that nobody learned from, and what the model says of them.

    Args:
        name: ``frozen test`` or ``random audit``.
        texts: n of them.
        probabilities: shape (n, K).
        truth: shape (n, K).
    """

    name: str
    texts: Sequence[str]
    probabilities: NDArray[np.float64]
    truth: NDArray[np.bool_]


def held_out(settings: Settings, model: Model) -> list[Held]:
    """What the desk can measure with: its frozen test, and its audit where that has 30 answers.

    Raises:
        LabelsError: a labelled file is not valid.
        StoreError: the decisions cannot be read.
    """
    lessons = read_lessons(settings, model.topics)
    test = read_test(settings, model.topics, lessons.decisions)
    found = [_held("frozen test", test, model)] if test else []
    if len(lessons.audits) >= FEWEST:
        found.append(_held("random audit", lessons.audits, model))
    return found


def _held(name: str, examples: Sequence[LabeledExample], model: Model) -> Held:
    texts = [example.text for example in examples]
    return Held(name, texts, model.probabilities(texts), truth_table(examples, model.topics))


def preview(automation: Automation, held: Sequence[Held]) -> dict[str, Workload]:
    """What would become of the paragraphs that the desk can measure with, by their name."""
    return {one.name: workload(automation, one.texts, one.probabilities, one.truth) for one in held}


def workload_in_words(name: str, found: Workload) -> str:
    """Work and achievement in two sentences."""
    by_itself = found.by_itself
    words = (
        f"On the {counted(found.n, 'paragraph')} of the {name}: "
        f"{_share(by_itself.of, found.n)} by itself ({_share(found.tagged.of, found.n)} tagged, "
        f"{_share(found.none.of, found.n)} none), {_share(found.asked, found.n)} to review."
    )
    if not by_itself.of:
        return words
    return words + (
        f" Of what it does by itself {by_itself.value:.1%} is exactly right "
        f"({by_itself.low:.0%}-{by_itself.high:.0%})."
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}"
