"""Tell how much the topics lean on names, so that editors know which words they might strike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.lessons import read_lessons, read_test
from tagger.desk.steps import silent
from tagger.learning.names import Leaning, find_names, lean_on_names

if TYPE_CHECKING:
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class NamesReport:
    """How much each topic leans on names.

    Args:
        topics: in the model's order.
        known: how many names the training texts hold.
        measured: on which paragraphs, in words: "the frozen test".
        paragraphs: how many these are.
    """

    topics: tuple[Leaning, ...]
    known: int
    measured: str
    paragraphs: int


def names_report(settings: Settings, model: Model, progress: Progress = silent) -> NamesReport:
    """Measure on the frozen test; on the training texts where there is none.

    Raises:
        LabelsError: a labelled file is not valid.
        StoreError: the decisions cannot be read.
    """
    lessons = read_lessons(settings, model.topics)
    test = read_test(settings, model.topics, lessons.decisions)
    names = find_names(example.text for example in lessons.examples)
    texts = [example.text for example in test or lessons.examples]
    found = lean_on_names(model, texts, names, progress)
    measured = "the frozen test" if test else "the training texts"
    return NamesReport(tuple(found), len(names), measured, len(texts))
