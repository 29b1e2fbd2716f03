"""Which model serves: load it, train the first one, retrain."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError
from tagger.keeping.files import write_beside
from tagger.keeping.labeled import read_examples, test_file, train_files
from tagger.keeping.registry import Registry
from tagger.learning.evaluation import Quality, evaluate
from tagger.learning.pipeline import as_pipeline
from tagger.learning.training import Progress, Recipe, Training, train, truth_table
from tagger.paragraphs import paragraph_id
from tagger.taxonomy import Taxonomy, read_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from tagger.learning.model import Model
    from tagger.records import LabeledExample, Version
    from tagger.settings import Settings

_LIBRARIES = ("numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Retrained:
    """A freshly trained model: its version, its card, and whether it serves now."""

    version: Version
    card: dict[str, Any]
    promoted: bool


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


def retrain(
    settings: Settings,
    *,
    by: str,
    now: datetime,
    promote: bool = True,
    recipe: Recipe | None = None,
    progress: Progress | None = None,
) -> Retrained:
    """Train a model on the desk's labelled paragraphs, judge it, save it and promote it.

    Raises:
        LabelsError: a training file is not valid, or there is nothing to learn from.
        ModelError: the model cannot be saved.
    """
    recipe = recipe or Recipe()
    taxonomy = taxonomy_of(settings)
    examples = read_examples(train_files(settings.labeled), taxonomy.ids)
    training = train(examples, taxonomy.ids, recipe, progress)
    model = replace(training.model, taxonomy=taxonomy.digest)
    card = {
        "taxonomy": taxonomy.digest,
        "data": {"examples": len(examples), "digest": digest_of_examples(examples)},
        "recipe": asdict(recipe),
        "quality": _judge(settings, model, training, taxonomy),
        "untrained": training.untrained,
        "libraries": {name: importlib.metadata.version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
    }
    registry = Registry(settings.models)
    version = registry.save(model, card, by=by, now=now)
    if promote:
        registry.promote(version, by=by, now=now)
    return Retrained(version, card, promoted=promote)


def _judge(
    settings: Settings, model: Model, training: Training, taxonomy: Taxonomy
) -> dict[str, Any]:
    """Quality on out-of-fold scores and, where there is one, on the frozen test."""
    probabilities, truth = training.probabilities, training.truth
    judged = {"out_of_fold": evaluate(model.topics, probabilities, model.thresholds, truth)}
    if test_file(settings.labeled).exists():
        test = read_examples([test_file(settings.labeled)], taxonomy.ids)
        scores = model.probabilities(example.text for example in test)
        labels = truth_table(test, model.topics)
        judged["test"] = evaluate(model.topics, scores, model.thresholds, labels)
    return {name: quality_summary(quality) for name, quality in judged.items()}


def quality_summary(quality: Quality) -> dict[str, Any]:
    """A quality as JSON-able data, intervals beside the values."""
    totals = ("macro_f1", "micro_f1", "exact_match", "none_f1")
    return {
        **{name: getattr(quality, name).value for name in totals},
        "calibration_error": quality.calibration_error,
        "n": quality.n,
        "topics": {
            topic.topic: {
                "precision": topic.precision.value,
                "recall": topic.recall.value,
                "f1": topic.f1.value,
                "support": topic.support,
                "threshold": topic.threshold,
            }
            for topic in quality.topics
        },
        "intervals": {
            **{name: [getattr(quality, name).low, getattr(quality, name).high] for name in totals},
            **{topic.topic: [topic.f1.low, topic.f1.high] for topic in quality.topics},
        },
    }


def digest_of_examples(examples: Sequence[LabeledExample]) -> str:
    """SHA-256 of texts and labels, whatever their order and files."""
    lines = sorted(f"{paragraph_id(e.text)} {' '.join(sorted(e.topics))}" for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
