"""Rules that suggest new topics by phrases, and when each of them has done its work.

A topic with ``seeds`` in ``taxonomy.toml`` is suggested by them until a model does it better: at
every retrain rule and model are judged on the same paragraphs, and the figures go onto the model's
card. A model that beats the rule retires it; while another model serves, its own card counts.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.desk.models import known_of, taxonomy_of
from tagger.desk.wording import counted
from tagger.learning.gate import Sample, compare
from tagger.learning.rules import met

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from tagger.learning.gate import Change
    from tagger.learning.model import Model
    from tagger.records import LabeledExample, TopicId
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy

FEWEST = 20
"""With fewer paragraphs that have the topic nothing is judged: the rule goes on."""

SURE = 0.90
"""The share of resamples in which the model must be better."""


def active_rules(
    settings: Settings, model: Model, taxonomy: Taxonomy | None = None
) -> dict[TopicId, tuple[str, ...]]:
    """The topics that rules suggest beside a model, with their phrases.

    Args:
        settings: the desk.
        model: serves; its card says which rules it retired.
        taxonomy: today's topics; read anew where None.

    Raises:
        TaxonomyError: the topics are not valid.
    """
    topics = taxonomy_of(settings) if taxonomy is None else taxonomy
    seeded = {topic.id: topic.seeds for topic in topics if topic.seeds}
    judged = _judged(settings, model) if seeded else {}
    return {topic: seeds for topic, seeds in seeded.items() if not _retired(judged, topic, seeds)}


def _judged(settings: Settings, model: Model) -> Mapping[str, Any]:
    found = known_of(settings, model.version).get("rules", {})
    return found if isinstance(found, dict) else {}


def _retired(judged: Mapping[str, Any], topic: TopicId, seeds: Sequence[str]) -> bool:
    """Whether a card retired the topic's rule, as it is today."""
    found = judged.get(topic, {})
    return bool(found.get("retired")) and found.get("seeds") == list(seeds)


def judge_rules(
    taxonomy: Taxonomy, model: Model, examples: Sequence[LabeledExample]
) -> dict[str, Any]:
    """What a model's card says of the rules: both judged on the same paragraphs, pair by pair.

    Args:
        taxonomy: today's topics.
        model: freshly trained.
        examples: audit answers and the frozen test, which no model learned from.
    """
    seeded = [topic for topic in taxonomy if topic.seeds and topic.id in model.topics]
    if not seeded or not examples:
        return {}
    given = model.given(model.probabilities(example.text for example in examples))
    return {
        topic.id: {
            "seeds": list(topic.seeds),
            **_figures(examples, topic.id, topic.seeds, given[:, model.topics.index(topic.id)]),
        }
        for topic in seeded
    }


def _figures(
    examples: Sequence[LabeledExample],
    topic: TopicId,
    seeds: Sequence[str],
    model: NDArray[np.bool_],
) -> dict[str, Any]:
    truth = np.array([topic in example.topics for example in examples])
    rule = np.array([bool(met(seeds, example.text)) for example in examples])
    found = {"n": len(truth), "positives": int(truth.sum()), "retired": False}
    if found["positives"] < FEWEST:
        return found
    sides = [side.reshape(-1, 1) for side in (truth, rule, model)]
    change = compare(Sample("rule", sides[0], sides[1], sides[2]), [topic]).topics[topic]
    precision = float((truth & rule).sum() / rule.sum()) if rule.any() else None
    figures = {"rule": change.before, "model": change.after, "precision": precision}
    return {**found, **figures, "retired": _better(change)}


def _better(change: Change) -> bool:
    gap = change.difference.value
    return not math.isnan(gap) and gap > 0 and change.worse <= 1 - SURE


def told_rules(card: Mapping[str, Any]) -> Iterator[str]:
    """What a card says of the rules, in words: one sentence each."""
    for topic, found in card.get("rules", {}).items():
        asked = f"{found['positives']:,} of {counted(found['n'], 'judged paragraph')} have it"
        if "rule" not in found:
            yield f"The rule for {topic} goes on: {asked}, {FEWEST} are needed to judge it."
            continue
        figures = f"F1 {found['rule']:.2f}, the model's {found['model']:.2f} ({asked})"
        fate = "is retired" if found["retired"] else "goes on beside the model"
        yield f"The rule for {topic} {fate}: its {figures}."
