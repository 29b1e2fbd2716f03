"""A candidate held against the model that serves, before it may follow it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagger.desk.flips import Flip, find_flips, flips_on_card, judged, stored_texts
from tagger.desk.model_origin import digest_of_examples
from tagger.desk.rivals import Rivals, find_rivals
from tagger.learning.gate import FEWEST, Change, Comparison, Sample, Verdict, judge
from tagger.learning.training import truth_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.desk.lessons import Lessons
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.records import LabeledExample, TopicId
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Trial:
    """How a candidate did.

    Args:
        card: what its card says of that.
        verdict: the gate's; None where no other model can be held against it.
        flips: the stored paragraphs that change tag.
    """

    card: dict[str, Any]
    verdict: Verdict | None = None
    flips: tuple[Flip, ...] = ()


def try_out(
    settings: Settings,
    model: Model,
    lessons: Lessons,
    test: Sequence[LabeledExample],
    progress: Progress,
) -> Trial:
    """Hold a candidate against the model that serves, if one does, and the best that served.

    Where the model that serves is damaged, the best sound one that served stands in for it. Topics
    that only one of the models knows cannot be compared; the card names the new ones.

    Args:
        settings: the desk.
        model: the candidate.
        lessons: their audit answers measure, where there are enough.
        test: the frozen test; may be empty.
        progress: is told how far the scoring of stored paragraphs is.

    Raises:
        StoreError: the stored paragraphs cannot be read.
    """
    progress("judging", 0, 1)
    rivals = find_rivals(settings, model.topics, digest_of_examples(test))
    if rivals.current is None:
        unjudged = {"against": None, "note": rivals.note, "ask": rivals.damaged}
        return Trial({"gate": unjudged})
    verdict = judge(list(_samples(rivals, model, lessons, test)), rivals.shared)
    texts = stored_texts(settings, lessons.decisions)
    flips = find_flips(texts, lessons.decisions, rivals.current, model, progress)
    card = {
        "gate": {**_parties(rivals, model), **gate_summary(verdict)},
        "flips": flips_on_card(flips, len(texts)),
    }
    return Trial(card, verdict, flips)


def _samples(
    rivals: Rivals, model: Model, lessons: Lessons, test: Sequence[LabeledExample]
) -> Iterator[Sample]:
    if rivals.current is None:
        return
    whom = ("", 1)
    if rivals.damaged:
        whom = (f"the best sound model that served, {rivals.current.version}", rivals.among)
    yield _sample("test", test, rivals.current, model, rivals.shared, *whom)
    if len(lessons.audits) >= FEWEST:
        yield _sample("audit", lessons.audits, rivals.current, model, rivals.shared, *whom)
    if rivals.best is not None:
        against = f"the best so far, {rivals.best.version}"
        yield _sample("test", test, rivals.best, model, rivals.shared, against, rivals.among)


def _sample(
    name: str,
    examples: Sequence[LabeledExample],
    rival: Model,
    candidate: Model,
    topics: Sequence[TopicId],
    against: str = "",
    among: int = 1,
) -> Sample:
    texts = [example.text for example in examples]
    return Sample(
        name,
        truth_table(examples, topics),
        judged(rival, texts, topics)[1],
        judged(candidate, texts, topics)[1],
        against,
        among,
    )


def _parties(rivals: Rivals, model: Model) -> dict[str, Any]:
    """Whom it would follow, whom else it was held against, and on which topics nobody could be."""
    return {
        "against": rivals.follows,
        **({"note": rivals.note} if rivals.note else {}),
        "best": rivals.best and rivals.best.version,
        "unjudged": [topic for topic in model.topics if topic not in rivals.shared],
    }


def gate_summary(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON-able data; what is not defined is null."""
    return {
        "passed": verdict.passed,
        "objections": list(verdict.objections),
        "comparisons": [_comparison(one) for one in verdict.comparisons],
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    topics = {topic: _change(change) for topic, change in one.topics.items()}
    return {
        "sample": one.sample,
        "n": one.n,
        "against": one.against,
        "macro_f1": _change(one.macro_f1),
        "topics": topics,
    }


def _change(change: Change) -> dict[str, float | None]:
    gap = change.difference
    values = {
        "before": change.before,
        "after": change.after,
        "difference": gap.value,
        "low": gap.low,
        "high": gap.high,
        "worse": change.worse,
    }
    return {name: None if math.isnan(value) else value for name, value in values.items()}
