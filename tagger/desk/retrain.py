"""Learn anew from labels and corrections, and let the result serve if it passes the gate.

::

    labels + decisions -> candidate -> judged against the current model -> saved
        -> refused, with the figures; or not wanted; or promoted

Nothing that serves is touched before the last step, which is one rename: whatever interrupts a
retrain, the current model serves on.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from tagger.desk.lessons import Lessons, read_lessons
from tagger.desk.models import quality_summary, registry_of, taxonomy_of
from tagger.desk.trial import try_out
from tagger.errors import Refused
from tagger.keeping.labeled import read_examples, test_file
from tagger.keeping.turn import PATIENCE, retrain_turn
from tagger.learning.evaluation import evaluate
from tagger.learning.training import Recipe, train, truth_table
from tagger.paragraphs import paragraph_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tagger.desk.flips import Flip
    from tagger.learning.gate import Verdict
    from tagger.learning.model import Model
    from tagger.learning.training import Progress, Training
    from tagger.records import LabeledExample, Version
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy

_LIBRARIES = ("numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Retrained:
    """A freshly trained and saved model, and whether it serves now.

    Args:
        version: its name.
        card: its card.
        promoted: whether it serves.
        verdict: what the gate says; None where there was no model to compare with.
        flips: the stored paragraphs that it tags otherwise than the model before it.
    """

    version: Version
    card: dict[str, Any]
    promoted: bool
    verdict: Verdict | None = None
    flips: tuple[Flip, ...] = ()


class Ask(Protocol):
    """Somebody who sees figures and flips and says whether the model shall serve."""

    def __call__(self, done: Retrained) -> bool:
        """Say yes or no."""


def retrain(
    settings: Settings,
    *,
    by: str,
    now: datetime,
    promote: bool = True,
    reason: str = "",
    show: Callable[[Retrained], None] = lambda _: None,
    ask: Ask = lambda done: True,  # noqa: ARG005 - named as the protocol says
    recipe: Recipe | None = None,
    progress: Progress | None = None,
    on_wait: Callable[[str], None] = lambda _: None,
    patience: float = PATIENCE,
) -> Retrained:
    """Train a model on the desk's labels and corrections, judge it, save it and promote it.

    Args:
        settings: the desk.
        by: who retrains, for the record.
        now: the time of the model.
        promote: whether it may serve at all.
        reason: why it shall serve even where the gate says no; kept in card and history.
        show: is handed the saved candidate before anything is decided.
        ask: has the last word on a candidate that may serve.
        recipe: how to train; the usual way for None.
        progress: is told how far the work is.
        on_wait: is told whose retrain is waited for.
        patience: seconds to wait for it.

    Raises:
        Refused: the gate says no and there is no reason to override it; the model is saved.
        LabelsError: a training file is not valid, or there is nothing to learn from.
        StoreError: the decisions cannot be read.
        ModelError: the model cannot be saved, or another retrain does not end.
    """
    with retrain_turn(settings.models, by=by, now=now, patience=patience, on_wait=on_wait):
        done = _candidate(settings, by, now, reason, recipe or Recipe(), progress or _silent)
        show(done)
        if not promote:
            return done
        objected = done.verdict is not None and not done.verdict.passed
        if objected and not reason:
            raise _refusal(done)
        if not ask(done):
            return done
        why = f"{reason} (against the gate)" if objected else reason
        registry_of(settings).promote(done.version, by=by, now=now, reason=why)
        return replace(done, promoted=True)


def _refusal(done: Retrained) -> Refused:
    objections = "; ".join(done.verdict.objections) if done.verdict else ""
    return Refused(
        f"Model {done.version} is worse than the current one and does not serve: {objections}.",
        "See what it learned wrongly with 'tagger suspects'; or let it serve nonetheless with "
        f"'tagger models promote {done.version} --reason WHY'.",
    )


def _candidate(
    settings: Settings, by: str, now: datetime, reason: str, recipe: Recipe, progress: Progress
) -> Retrained:
    """Train, judge and save."""
    taxonomy = taxonomy_of(settings)
    lessons = read_lessons(settings, taxonomy.ids)
    training = train(lessons.examples, taxonomy.ids, recipe, progress)
    model = replace(training.model, taxonomy=taxonomy.digest)
    tests = [test_file(settings.labeled)] if test_file(settings.labeled).exists() else []
    test = read_examples(tests, taxonomy.ids)
    found = try_out(settings, model, lessons, test, progress)
    card = {
        **_about(lessons, training, recipe, taxonomy),
        "quality": _quality(model, training, test),
        "untrained": training.untrained,
        **found.card,
        **({"reason": reason} if reason else {}),
    }
    version = registry_of(settings).save(model, card, by=by, now=now)
    return Retrained(version, card, promoted=False, verdict=found.verdict, flips=found.flips)


def _about(
    lessons: Lessons, training: Training, recipe: Recipe, taxonomy: Taxonomy
) -> dict[str, Any]:
    """Where a model comes from."""
    return {
        "taxonomy": taxonomy.digest,
        "data": {
            "examples": len(training.truth),
            "digest": digest_of_examples(lessons.examples),
        },
        **lessons.seen(),
        "recipe": asdict(recipe),
        "libraries": {name: importlib.metadata.version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
    }


def _quality(model: Model, training: Training, test: Sequence[LabeledExample]) -> dict[str, Any]:
    """Quality on out-of-fold scores and, where there is one, on the frozen test."""
    probabilities, truth = training.probabilities, training.truth
    quality = {"out_of_fold": evaluate(model.topics, probabilities, model.thresholds, truth)}
    if test:
        scores = model.probabilities(example.text for example in test)
        labels = truth_table(test, model.topics)
        quality["test"] = evaluate(model.topics, scores, model.thresholds, labels)
    return {name: quality_summary(one) for name, one in quality.items()}


def digest_of_examples(examples: Sequence[LabeledExample]) -> str:
    """SHA-256 of texts and labels, whatever their order and files."""
    lines = sorted(f"{paragraph_id(e.text)} {' '.join(sorted(e.topics))}" for e in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
