"""An evaluation as one HTML page for editors and data journalists: no network, no script."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from tagger.learning.evaluation import reliability, worst_mistakes
from tagger.learning.explanation import explain
from tagger.writing.confusion import heat, most_confused
from tagger.writing.svg import BAR, CURVE, RELIABILITY, draw_curves, draw_dots

if TYPE_CHECKING:
    from tagger.learning.evaluation import Evaluation, Quality, TopicQuality
    from tagger.learning.explanation import Explanation, Word
    from tagger.learning.resampling import Figure
    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy

MISTAKES = 30
WORDS = 5  # for and against each wrong topic
LONGEST = 1500  # characters shown of a mistaken text: whole articles may be labelled too
EXPANDED = 12  # topics whose threshold curves are open; up to as many make a confusion table
NONE = "none of them"
DASH = "–"


def render_report(evaluation: Evaluation, taxonomy: Taxonomy) -> str:
    """One self-contained HTML page about an evaluation.

    Texts, topics and names may be hostile: all of it is escaped and kept apart from the page's
    writing direction. The page quotes the worst mistakes and should be treated as the texts are.

    Args:
        evaluation: as from ``evaluate``, with at least one text.
        taxonomy: gives the topics' labels; a topic it does not know is shown by its id.
    """
    quality, mistakes = evaluation.quality, worst_mistakes(evaluation, evaluation.quality.n)
    bins = reliability(evaluation.probabilities, evaluation.truth)
    curves = draw_curves(evaluation)
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            label=taxonomy.label,
            evaluation=evaluation,
            quality=quality,
            file=PurePath(evaluation.file).name,
            summary=_summary(quality),
            extremes=_extremes(quality),
            bins=bins,
            dots=draw_dots(bins),
            curves=curves[:EXPANDED],
            folded_curves=curves[EXPANDED:],
            heat=heat(evaluation) if len(quality.topics) <= EXPANDED else [],
            pairs=most_confused(evaluation),
            mistakes=[_mistake(evaluation, row) for row in mistakes[:MISTAKES]],
            mistaken=len(mistakes),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("tagger.writing", ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"score": score, "percent": percent, "interval": interval}
    environment.tests["never"] = math.isinf
    environment.globals |= {
        "NONE": NONE,
        "bar": BAR,
        "reliability_frame": RELIABILITY,
        "curve_frame": CURVE,
    }
    return environment


def score(value: float) -> str:
    """A figure between 0 and 1 with two decimals, or a dash where it is not defined."""
    return DASH if math.isnan(value) else f"{value:.2f}"


def percent(value: float) -> str:
    """A probability, 0% and 100% only where exact; ``never`` for an infinite threshold."""
    if math.isinf(value):
        return "never"
    if 0 < value < 0.0005:
        return "<0.1%"
    return ">99.9%" if 0.9995 <= value < 1 else f"{value:.1%}"


def interval(figure: Figure) -> str:
    """The 95% interval of a figure, empty where it is not defined."""
    if math.isnan(figure.value) or math.isnan(figure.low):
        return ""
    return f"{figure.low:.2f}–{figure.high:.2f}"


def _summary(quality: Quality) -> list[str]:
    """What the figures say, in plain sentences for someone who never heard of recall."""
    sentences = [_headline(quality.exact_match)]
    hits, labelled, given = (
        sum(getattr(topic, field) for topic in quality.topics)
        for field in ("hits", "support", "given")
    )
    if given:
        sentences.append(
            f"Of 100 topics that the model gives, people agree with {_in_a_hundred(hits / given)}."
        )
    if labelled:
        sentences.append(
            f"Of 100 topics that people gave, the model finds {_in_a_hundred(hits / labelled)}."
        )
    return sentences


def _headline(exact: Figure) -> str:
    right = _in_a_hundred(exact.value)
    verb = "gets" if right == "1" else "get"
    answer = f"Of 100 paragraphs, {right} {verb} exactly the topics people gave them"
    if not interval(exact):
        return f"{answer}."
    low, high = _in_a_hundred(exact.low), _in_a_hundred(exact.high)
    return f"{answer} (95% interval: {low} to {high})."


def _in_a_hundred(share: float) -> str:
    """A share as a whole number of a hundred; 0 and 100 only where they are exact."""
    return str(round(100 * share) if share in {0, 1} else min(99, max(1, round(100 * share))))


def _extremes(quality: Quality) -> tuple[TopicQuality, TopicQuality] | None:
    """The topics with the highest and the lowest F1, of those that people gave at all."""
    known = [t for t in quality.topics if t.support and not math.isnan(t.f1.value)]
    ranked = sorted(known, key=lambda topic: -topic.f1.value)
    return (ranked[0], ranked[-1]) if len(ranked) > 1 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people and the model say about one topic of a text, and the words that spoke."""

    topic: TopicId
    probability: float
    threshold: float
    labelled: bool
    given: bool
    speak_for: list[Word]
    speak_against: list[Word]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text with the topics that people or the model gave it, most probable first.

    ``line`` is its line in the file, if known; ``left_out`` characters of it are not shown.
    """

    line: str
    text: str
    left_out: int
    verdicts: list[Verdict]


def _mistake(evaluation: Evaluation, row: int) -> Mistake:
    example, model = evaluation.examples[row], evaluation.model
    line = example.origin.rpartition(":")[2]
    labelled, probabilities = evaluation.truth[row], evaluation.probabilities[row]
    named = np.flatnonzero(labelled | model.given(probabilities[None, :])[0])
    explanations = explain(model, example.text)
    verdicts = [
        _verdict(explanations[k], float(probabilities[k]), labelled=bool(labelled[k]))
        for k in sorted(named.tolist(), key=lambda k: -probabilities[k])
    ]
    return Mistake(
        line=line if line.isdecimal() else "",
        text=example.text[:LONGEST],
        left_out=max(0, len(example.text) - LONGEST),
        verdicts=verdicts,
    )


def _verdict(explanation: Explanation, probability: float, *, labelled: bool) -> Verdict:
    return Verdict(
        topic=explanation.topic,
        probability=probability,
        threshold=explanation.threshold,
        labelled=labelled,
        given=explanation.given,
        speak_for=explanation.strongest(WORDS),
        speak_against=explanation.strongest(WORDS, against=True),
    )
