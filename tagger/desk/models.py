"""Which model serves: load it, judge it, write it elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError
from tagger.files import write_beside
from tagger.keeping.registry import Registry
from tagger.learning.pipeline import as_pipeline
from tagger.taxonomy import Taxonomy, read_taxonomy

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.learning.evaluation import Figure, Quality
    from tagger.learning.model import Model
    from tagger.settings import Settings


def taxonomy_of(settings: Settings) -> Taxonomy:
    """The desk's topics.

    Raises:
        TaxonomyError: ``taxonomy.toml`` is missing or not valid.
    """
    return read_taxonomy(settings.labeled / "taxonomy.toml")


def load_model(settings: Settings, name: str | None = None) -> Model:
    """The model that serves, or the named one, checked against today's topics.

    Raises:
        NoModel: nothing was trained yet.
        ModelError: it is damaged, or was trained for other topics.
    """
    model = Registry(settings.models).load(name)
    taxonomy = taxonomy_of(settings)
    if model.taxonomy != taxonomy.digest:
        lost, new = set(model.topics) - set(taxonomy.ids), set(taxonomy.ids) - set(model.topics)
        changes = [f"it knows {', '.join(sorted(lost))}"] if lost else []
        changes += [f"it does not know {', '.join(sorted(new))}"] if new else []
        raise ModelError(
            f"Model {model.version} was trained for other topics: {'; '.join(changes)}.",
            "Run 'tagger retrain' to train one for today's taxonomy.toml.",
        )
    return model


def registry_of(settings: Settings) -> Registry:
    """The desk's trained models."""
    return Registry(settings.models)


def export_pipeline(model: Model, path: Path, *, force: bool = False) -> None:
    """Write a model as a plain scikit-learn Pipeline in a joblib file.

    Raises:
        OutputError: the file exists and may not be replaced, or cannot be written.
    """
    import joblib  # noqa: PLC0415 - heavy

    with write_beside(path, force=force) as beside:
        joblib.dump(as_pipeline(model), beside, compress=3)


def has_model(settings: Settings) -> bool:
    """Whether a model serves already."""
    return Registry(settings.models).current() is not None


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
