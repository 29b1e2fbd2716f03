"""Which model serves: load it, judge it, write it elsewhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from tagger.errors import ModelError
from tagger.files import write_beside
from tagger.keeping.registry import Registry
from tagger.learning.pipeline import as_pipeline
from tagger.taxonomy import Taxonomy, read_taxonomy

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.learning.evaluation import Quality
    from tagger.learning.model import Model
    from tagger.learning.resampling import Figure
    from tagger.records import Version
    from tagger.settings import Settings


def taxonomy_of(settings: Settings) -> Taxonomy:
    """The desk's topics.

    Raises:
        TaxonomyError: ``taxonomy.toml`` is missing or not valid.
    """
    return read_taxonomy(settings.labeled / "taxonomy.toml")


def known_of(settings: Settings, version: Version | None = None) -> dict[str, Any]:
    """What the card of a model says, of the one that serves where None; empty where none can."""
    try:
        return registry_of(settings).card(version)
    except ModelError:  # none serves, it is in memory only, or its card is damaged
        return {}


def load_model(settings: Settings, name: str | None = None) -> Model:
    """The model that serves, or the named one, checked against today's topics.

    Raises:
        NoModel: nothing was trained yet.
        ModelError: it is damaged, or was trained for other topics.
    """
    return bound(settings, Registry(settings.models).load(name))


def bound(settings: Settings, model: Model) -> Model:
    """The same model, if it was trained for today's topics, new ones with seed phrases left out.

    Raises:
        ModelError: it was trained for others.
    """
    taxonomy = taxonomy_of(settings)
    if not suits(model, taxonomy):
        lost, new = set(model.topics) - set(taxonomy.ids), set(taxonomy.ids) - set(model.topics)
        changes = [f"it knows {', '.join(sorted(lost))}"] if lost else []
        changes += [f"it does not know {', '.join(sorted(new))}"] if new else []
        raise ModelError(
            f"Model {model.version} was trained for other topics: {'; '.join(changes)}.",
            "Run 'tagger retrain' to train one for today's taxonomy.toml.",
        )
    return model


def suits(model: Model, taxonomy: Taxonomy) -> bool:
    """Whether a model may serve these topics: rules suggest the ones that it does not know yet."""
    if model.taxonomy == taxonomy.digest:
        return True
    new = [topic for topic in taxonomy if topic.id not in model.topics]
    return set(model.topics) <= set(taxonomy.ids) and all(topic.seeds for topic in new)


def registry_of(settings: Settings) -> Registry:
    """The desk's trained models."""
    return Registry(settings.models)


def export_pipeline(model: Model, path: Path, *, force: bool = False) -> None:
    """Write a model as a plain scikit-learn Pipeline in a joblib file.

    Raises:
        OutputError: the file exists and may not be replaced, or cannot be written.
    """
    with write_beside(path, force=force) as beside, beside.open("wb") as file:
        dump_pipeline(model, file)


def dump_pipeline(model: Model, file: BinaryIO) -> None:
    """The same, to an open file such as a pipe."""
    import joblib  # noqa: PLC0415 - heavy

    joblib.dump(as_pipeline(model), file, compress=3)


def has_model(settings: Settings) -> bool:
    """Whether a model serves already."""
    return Registry(settings.models).current() is not None


@dataclass(frozen=True, slots=True)
class SavedModel:
    """A saved model as a list shows it.

    Args:
        version: its name.
        serves: whether it serves now.
        card: its card; None where that cannot be read.
        problem: why it cannot be read; empty otherwise.
    """

    version: Version
    serves: bool
    card: dict[str, Any] | None
    problem: str = ""


def saved_models(settings: Settings) -> list[SavedModel]:
    """All saved models, the oldest first; a broken card is named and hides no other model."""
    registry = Registry(settings.models)
    try:
        current = registry.current()
    except ModelError:  # 'current' names no model: then none of them serves
        current = None
    found = []
    for version in registry.versions():
        try:
            card = _checked(registry.card(version))
        except ModelError as error:
            found.append(SavedModel(version, version == current, None, error.message))
        else:
            found.append(SavedModel(version, version == current, card))
    return found


def _checked(card: dict[str, Any]) -> dict[str, Any]:
    """A card in which what lists show is there."""
    match card:
        case {"created": str(), "by": str(), "data": {"examples": int()}, "quality": {**judged}}:
            last = list(judged.values())[-1:]
            if last and isinstance(last[0], dict) and {"n", "macro_f1"} <= last[0].keys():
                return card
    raise ModelError(
        f"The card of model {card.get('version')} lacks what it should say.",
        "Train anew with 'tagger retrain', or delete that model's folder.",
    )


def quality_summary(quality: Quality) -> dict[str, Any]:
    """A quality as JSON-able data, intervals beside the values; null where not defined."""
    totals = ("macro_f1", "micro_f1", "exact_match", "none_f1")
    return {
        **{name: _number(getattr(quality, name).value) for name in totals},
        "calibration_error": quality.calibration_error,
        "n": quality.n,
        "topics": {
            topic.topic: {
                "precision": _number(topic.precision.value),
                "recall": _number(topic.recall.value),
                "f1": _number(topic.f1.value),
                "support": topic.support,
                "threshold": _number(topic.threshold),
            }
            for topic in quality.topics
        },
        "intervals": {
            **{name: _interval(getattr(quality, name)) for name in totals},
            **{topic.topic: _interval(topic.f1) for topic in quality.topics},
        },
    }


def _interval(figure: Figure) -> list[float | None]:
    return [_number(figure.low), _number(figure.high)]


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
