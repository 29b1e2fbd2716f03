"""What a model is made from, so that the same is not made twice."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import platform
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tagger import __version__
from tagger.desk.models import known_of, registry_of
from tagger.desk.struck import on_card
from tagger.errors import ModelError
from tagger.paragraphs import paragraph_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.desk.lessons import Lessons
    from tagger.learning.training import Recipe
    from tagger.records import LabeledExample, Version
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy

_LIBRARIES = ("numpy", "scipy", "scikit-learn")


def origin_of_model(
    lessons: Lessons, test: Sequence[LabeledExample], recipe: Recipe, taxonomy: Taxonomy
) -> dict[str, Any]:
    """Where a model comes from, as its card says it.

    Whatever changes a model or its trial belongs in here: where all of it is the same as on a
    saved model's card, another training would only give the same model again.
    """
    return {
        "taxonomy": taxonomy.digest,
        "labels": _digest(json.dumps(taxonomy.labels, sort_keys=True)),  # they teach rare topics
        "data": {
            "examples": len(lessons.examples),
            "digest": digest_of_examples(lessons.examples),
        },
        "test": {"examples": len(test), "digest": digest_of_examples(test)},
        **lessons.seen(),
        "strikes": on_card(lessons.struck),
        "recipe": asdict(recipe),
        "libraries": {
            "tagger": __version__,
            **{name: importlib.metadata.version(name) for name in _LIBRARIES},
        },
        "python": platform.python_version(),
    }


def digest_of_examples(examples: Sequence[LabeledExample]) -> str:
    """SHA-256 of texts and labels, whatever their order and files."""
    lines = sorted(f"{paragraph_id(e.text)} {_labels(e)}" for e in examples)
    return _digest("\n".join(lines))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _labels(example: LabeledExample) -> str:
    """The topics it has and, with a question mark, those that nobody was asked about."""
    marked = [*sorted(example.topics), *(f"?{topic}" for topic in sorted(example.unsaid))]
    return " ".join(topic.replace(" ", ",") for topic in marked)  # an id may hold blanks, no commas


def find_twin(
    settings: Settings, origin: Mapping[str, Any]
) -> tuple[Version, dict[str, Any]] | None:
    """The sound model that was made from the same, and its card: the one that serves comes first.

    One that does not serve counts only if it was judged against the one that does.
    """
    registry = registry_of(settings)
    try:
        current = registry.current()
    except ModelError:  # nothing serves, so a training is wanted anyway
        return None
    wanted = json.dumps(origin, sort_keys=True)
    for version in sorted(registry.versions(), key=lambda v: (v == current, v), reverse=True):
        card = known_of(settings, version)
        same = json.dumps({key: card.get(key) for key in origin}, sort_keys=True) == wanted
        if same and (version == current or _judged_against(card) == current):
            return None if registry.problems(version) else (version, card)
    return None


def _judged_against(card: Mapping[str, Any]) -> object:
    gate = card.get("gate")
    return gate.get("against") if isinstance(gate, dict) else None
