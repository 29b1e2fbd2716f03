"""What the random audit says about the models: today's, and those before it, week by week.

Two questions, two sets of predictions. *How good is the model that serves?* is asked of all answers
that measure now, with what that model gives their texts: it was never trained on any of them. *Has
it got better?* is asked of every answer ever given, with what the model of that day had given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.cards import AUDIT, PLANTED
from tagger.desk.decisions import Decisions, blind_answers
from tagger.desk.lessons import read_lessons
from tagger.desk.wording import counted
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.audit import Answer, by_version, by_week, measure
from tagger.learning.selection import AUDIT_SHARE, chance
from tagger.learning.training import truth_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tagger.keeping.store import Correction
    from tagger.keeping.taxonomy_changes import History
    from tagger.learning.audit import Measure, Period
    from tagger.learning.model import Model
    from tagger.records import LabeledExample, ParagraphId, Version
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of one model and of the time before.

    Args:
        model: which one is judged.
        today: it on all answers that measure; None where there are none.
        weeks: what was suggested at the time, by the week of the answer.
        versions: the same by the model that suggested it.
        released: answers too old to measure, which teach now.
        left_out: answers that would measure, but their text is learned, is in the frozen test, or
            has a topic that is no more.
        elsewhere: paragraphs of the random sample that were decided outside the audit, with the
            suggestion in view: they measure nothing, and where they are many the sample is thin.
    """

    model: Version
    today: Measure | None
    weeks: tuple[Period, ...]
    versions: tuple[Period, ...]
    released: int
    left_out: int
    elsewhere: int

    @property
    def sentence(self) -> str:
        """The result in words."""
        if self.today is None:
            return "Nothing has been audited yet, so there is no honest figure."
        right = self.today.fully_right
        return (
            f"On {counted(self.today.n, 'audited paragraph')}: {_percent(right.value)} fully right "
            f"({_percent(right.low)[:-1]}-{_percent(right.high)})."
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the figures should know, in sentences."""
        said = (
            ("Older answers, which measure no more and are learned", self.released),
            ("Answers left out, as their text is learned or their topic no more", self.left_out),
            ("Of the sample, decided with the suggestion in view: not counted", self.elsewhere),
        )
        return tuple(f"{words}: {count:,}." for words, count in said if count)


def audit_of(settings: Settings, model: Model) -> Audit:
    """Judge a model by the desk's audit answers.

    Args:
        settings: the desk.
        model: as from :func:`tagger.desk.models.load_model`.

    Raises:
        LabelsError: a labelled file is not valid.
        StoreError: the decisions cannot be read.
        Refused: the log was altered.
    """
    lessons = read_lessons(settings, model.topics)
    decisions = lessons.decisions or Decisions()
    audited = [row for row in decisions.rows if row.reason == AUDIT]
    latest = {row.paragraph: row for row in audited}
    measuring = blind_answers(decisions)
    answers = list(_answers(latest.values(), read_history(settings.labeled)))
    return Audit(
        model=model.version,
        today=_judged(model, lessons.audits),
        weeks=by_week(answers),
        versions=by_version(answers),
        released=len(latest) - len(measuring),
        left_out=len(measuring) - len(lessons.audits),
        elsewhere=_elsewhere(decisions.rows, latest),
    )


def _judged(model: Model, audits: Sequence[LabeledExample]) -> Measure | None:
    if not audits:
        return None
    given = model.given(model.probabilities(example.text for example in audits))
    return measure(model.topics, truth_table(audits, model.topics), given)


def _answers(rows: Iterable[Correction], history: History) -> Iterator[Answer]:
    """What was said and what had been suggested, both in today's topics."""
    for row in rows:
        if row.shown.model:
            version = history.version_at(row.time)
            given = history.read(row.shown.topics, row.text, version).topics
            yield Answer(row.time, row.shown.model, frozenset(row.topics), given)


def _elsewhere(rows: Sequence[Correction], audited: dict[ParagraphId, Correction]) -> int:
    decided = {row.paragraph for row in rows if row.shown.model and row.reason != PLANTED}
    return sum(chance(id_, AUDIT) < AUDIT_SHARE for id_ in decided - audited.keys())


def _percent(share: float) -> str:
    """In whole percent; 0% and 100% only where exact."""
    return f"{share if share in {0, 1} else min(0.99, max(0.01, share)):.0%}"
