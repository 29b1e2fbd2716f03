"""Learn anew from labels and corrections, and let the result serve if it passes the gate.

::

    labels + decisions -> candidate -> judged against the current model -> saved
        -> refused, with the figures; or not wanted; or promoted, and the queue scored anew

Nothing that serves is touched before the promotion, which is one rename: whatever interrupts a
retrain, a whole model serves on. Where nothing is new since a saved model, that one is the
candidate and nothing is trained.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from tagger.desk import automation
from tagger.desk.lessons import read_lessons, read_test
from tagger.desk.model_origin import find_twin, origin_of_model
from tagger.desk.models import quality_summary, registry_of, taxonomy_of
from tagger.desk.rules import judge_rules
from tagger.desk.serving import objections_on_card
from tagger.desk.serving import promote as let_serve
from tagger.desk.steps import silent
from tagger.desk.struck import by_topic
from tagger.desk.trial import try_out
from tagger.errors import Refused
from tagger.keeping.turn import PATIENCE, retrain_turn
from tagger.learning.baseline import baseline
from tagger.learning.evaluation import evaluate
from tagger.learning.training import Recipe, train, truth_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tagger.desk.flips import Flip
    from tagger.desk.lessons import Lessons
    from tagger.desk.serving import Serving
    from tagger.learning.gate import Verdict
    from tagger.learning.model import Model
    from tagger.learning.training import Progress, Training
    from tagger.records import LabeledExample, Version
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Retrained:
    """A freshly trained and saved model, and whether it serves now.

    Args:
        version: its name.
        card: its card.
        promoted: whether it serves.
        verdict: what the gate says; None where there was no model to compare with.
        flips: the stored paragraphs that it tags otherwise than the model before it.
        fresh: False where nothing was new since this model, so nothing was trained.
        serving: what its promotion did; None where it was not promoted now.
        taken_back: whether it served before and was rolled back; it needs a reason to serve again.
    """

    version: Version
    card: dict[str, Any]
    promoted: bool
    verdict: Verdict | None = None
    flips: tuple[Flip, ...] = ()
    fresh: bool = True
    serving: Serving | None = None
    taken_back: bool = False

    @property
    def objections(self) -> tuple[str, ...]:
        """What the gate has against it."""
        return self.verdict.objections if self.verdict else objections_on_card(self.card)

    @property
    def unjudged(self) -> str:
        """Why the gate has no say although another model served; empty where it has."""
        gate = self.card.get("gate", {})
        return str(gate["note"]) if self.verdict is None and gate.get("ask") else ""


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
    ask: Ask | None = None,
    again: bool = False,
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
        ask: has the last word on a candidate that may serve; with nobody to ask the gate has it.
        again: train even where nothing is new.
        recipe: how to train; the usual way for None.
        progress: is told how far the work is.
        on_wait: is told whose retrain is waited for.
        patience: seconds to wait for it.

    Raises:
        Refused: the gate says no and there is no reason to override it, or it cannot judge and
            there is nobody to ask; the model is saved.
        LabelsError: a training file is not valid, or there is nothing to learn from.
        StoreError: the decisions cannot be read.
        ModelError: the model cannot be saved, or another retrain does not end.
    """
    reason, progress = reason.strip(), progress or silent
    with retrain_turn(settings.models, by=by, now=now, patience=patience, on_wait=on_wait):
        done = _candidate(settings, by, now, reason, recipe or Recipe(), progress, again=again)
        show(done)
        if done.promoted or not promote:
            return done
        if done.taken_back and not reason:
            return done
        if done.objections and not reason:
            raise _refusal(done)
        if done.unjudged and not reason and ask is None:
            raise _nobody_judged(done)
        if ask is not None and not ask(done):
            return done
        progress("promoting", 0, 1)
        serving = let_serve(
            settings, done.version, by=by, now=now, reason=reason, progress=progress
        )
        return replace(done, promoted=True, serving=serving)


def _refusal(done: Retrained) -> Refused:
    return Refused(
        f"The gate refused model {done.version}, so it does not serve: "
        f"{'; '.join(done.objections)}.",
        "See what it learned wrongly with 'tagger suspects'; or let it serve nonetheless with "
        f"'tagger models promote {done.version} --reason WHY'.",
    )


def _nobody_judged(done: Retrained) -> Refused:
    return Refused(
        f"The gate cannot judge model {done.version}, so it does not serve: {done.unjudged}",
        f"See its figures with 'tagger models show {done.version}', and let it serve with "
        f"'tagger models promote {done.version}'.",
    )


def _candidate(
    settings: Settings,
    by: str,
    now: datetime,
    reason: str,
    recipe: Recipe,
    progress: Progress,
    *,
    again: bool,
) -> Retrained:
    """Train, judge and save; or find what was made from the same before."""
    progress("reading labels", 0, 1)
    taxonomy = taxonomy_of(settings)
    lessons = read_lessons(settings, taxonomy.ids)
    test = read_test(settings, taxonomy.ids, lessons.decisions)
    origin = origin_of_model(lessons, test, recipe, taxonomy)
    if not again and (twin := find_twin(settings, origin)):
        return _as_before(settings, *twin, lessons, test, progress)
    struck = by_topic(lessons.struck)
    training = train(lessons.examples, taxonomy.ids, recipe, progress, struck, taxonomy.labels)
    model = replace(training.model, taxonomy=taxonomy.digest)
    found = try_out(settings, model, lessons, test, progress)
    card = {
        **origin,
        "quality": _quality(model, training, test),
        "untrained": training.untrained,
        "always_one": model.always_one,
        "rules": judge_rules(taxonomy, model, [*lessons.audits, *test]),
        "baseline": baseline(training, lessons.examples, recipe.idf_power).as_data(),
        "operating": automation.on_card(training),
        **found.card,
        **({"reason": reason} if reason else {}),
    }
    progress("saving", 0, 1)
    version = registry_of(settings).save(model, card, by=by, now=now)
    return Retrained(version, card, promoted=False, verdict=found.verdict, flips=found.flips)


def _as_before(
    settings: Settings,
    version: Version,
    card: dict[str, Any],
    lessons: Lessons,
    test: Sequence[LabeledExample],
    progress: Progress,
) -> Retrained:
    """What was made from the same; where it does not serve, with what speaks for and against it."""
    registry = registry_of(settings)
    if registry.current() == version:
        return Retrained(version, card, promoted=True, fresh=False)
    found = try_out(settings, registry.load(version), lessons, test, progress)
    back = version in registry.taken_back()
    return Retrained(version, card, False, found.verdict, found.flips, fresh=False, taken_back=back)


def _quality(model: Model, training: Training, test: Sequence[LabeledExample]) -> dict[str, Any]:
    """Quality on out-of-fold scores and, where there is one, on the frozen test."""
    whole = training.said.all(axis=1)  # texts that leave no topic open
    probabilities, truth = training.probabilities[whole], training.truth[whole]
    judged = {"out_of_fold": (probabilities, truth)}
    if test:
        scores = model.probabilities(example.text for example in test)
        labels = truth_table(test, model.topics)
        judged["test"] = (scores, labels)
    return {
        name: quality_summary(
            evaluate(model.topics, scores, model.thresholds, labels, given=model.given(scores))
        )
        for name, (scores, labels) in judged.items()
    }
