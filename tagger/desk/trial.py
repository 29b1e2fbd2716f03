"""A candidate held against the model that serves, before it may follow it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagger.desk.flips import Flip, find_flips, flips_on_card, judged, stored_texts
from tagger.desk.models import load_model
from tagger.errors import ModelError, NoModel
from tagger.learning.gate import FEWEST, Change, Comparison, Sample, Verdict, judge
from tagger.learning.training import truth_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.desk.lessons import Lessons
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.records import LabeledExample
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Trial:
    """How a candidate did.

    Args:
        card: what its card says of that.
        verdict: the gate's; None where no other model can serve.
        flips: the stored paragraphs that change tag.
    """

    card: dict[str, Any]
    verdict: Verdict | None = None
    flips: tuple[Flip, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rival:
    """The model to beat, or the reason why there is none."""

    model: Model | None
    why_none: str = ""


def try_out(
    settings: Settings,
    model: Model,
    lessons: Lessons,
    test: Sequence[LabeledExample],
    progress: Progress,
) -> Trial:
    """Hold a candidate against the model that serves, if one does.

    Args:
        settings: the desk.
        model: the candidate.
        lessons: their audit answers measure, where there are enough.
        test: the frozen test; may be empty.
        progress: is told how far the scoring of stored paragraphs is.

    Raises:
        StoreError: the stored paragraphs cannot be read.
    """
    rival = _rival(settings)
    if rival.model is None:
        return Trial({"gate": {"against": None, "note": rival.why_none}})
    samples = [_sample("test", test, rival.model, model)]
    if len(lessons.audits) >= FEWEST:
        samples.append(_sample("audit", lessons.audits, rival.model, model))
    verdict = judge(samples, model.topics)
    texts = stored_texts(settings, lessons.decisions)
    flips = find_flips(texts, lessons.decisions, rival.model, model, progress)
    card = {
        "gate": {"against": rival.model.version, **gate_summary(verdict)},
        "flips": flips_on_card(flips, len(texts)),
    }
    return Trial(card, verdict, flips)


def _rival(settings: Settings) -> _Rival:
    try:
        return _Rival(load_model(settings))
    except NoModel:
        return _Rival(None, "It is the first model.")
    except ModelError as error:  # it cannot serve either, so anything is better
        return _Rival(None, error.message)


def _sample(
    name: str, examples: Sequence[LabeledExample], current: Model, candidate: Model
) -> Sample:
    texts, topics = [example.text for example in examples], candidate.topics
    return Sample(
        name,
        truth_table(examples, topics),
        judged(current, texts, topics)[1],
        judged(candidate, texts, topics)[1],
    )


def gate_summary(verdict: Verdict) -> dict[str, Any]:
    """A verdict as JSON-able data; what is not defined is null."""
    return {
        "passed": verdict.passed,
        "objections": list(verdict.objections),
        "comparisons": [_comparison(one) for one in verdict.comparisons],
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    topics = {topic: _change(change) for topic, change in one.topics.items()}
    return {"sample": one.sample, "n": one.n, "macro_f1": _change(one.macro_f1), "topics": topics}


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
