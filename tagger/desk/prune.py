"""Delete old models: those that serve nobody, no way back, no comparison and no receipt.

What a model's files alone can tell, namely which decisions it was the first to learn, is written
into its card before they go; cards stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.decisions import read_decisions
from tagger.desk.learned import learned_by, versions_in_service
from tagger.desk.models import known_of, registry_of, taxonomy_of
from tagger.desk.retrain_job import job_of
from tagger.desk.rivals import best_under_each_test
from tagger.errors import ModelError
from tagger.keeping.history import append_event
from tagger.keeping.pruned import bring_back, delete, keep_card, set_aside
from tagger.keeping.turn import retrain_turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from tagger.keeping.registry import Registry
    from tagger.records import Version
    from tagger.settings import Settings

PATIENCE = 5.0
"""Seconds to wait for a retrain: it may be about to let one of the models serve."""


@dataclass(frozen=True, slots=True)
class Pruning:
    """Which models go and which stay.

    Args:
        kept: the reason why each of them stays, the oldest first.
        gone: how many bytes each of them takes, the oldest first.
    """

    kept: Mapping[Version, str]
    gone: Mapping[Version, int]


def plan_prune(settings: Settings, *, now: datetime, keep: int) -> Pruning:
    """What pruning would do; nothing is changed.

    Args:
        settings: the desk.
        now: the time, by which a retrain in the app is known to run.
        keep: how many of the newest models stay in any case.

    Raises:
        ModelError: no sound model serves, so any other one may be needed.
        TaxonomyError: the topics are not valid.
    """
    registry = registry_of(settings)
    versions = registry.versions()
    why: dict[Version, str] = {}
    for version, reason in _needed(settings, registry, now):
        why.setdefault(version, reason)
    for version in versions[len(versions) - min(keep, len(versions)) :]:
        why.setdefault(version, "one of the newest")
    kept = {version: why[version] for version in versions if version in why}
    return Pruning(kept, {v: _size(registry.folder / v) for v in versions if v not in kept})


def _needed(settings: Settings, registry: Registry, now: datetime) -> Iterator[tuple[Version, str]]:
    """The models that something needs, and what does."""
    if current := registry.current():
        _refuse_damaged(registry, current)
        yield current, "serves"
    for version in registry.served()[-2:-1]:
        yield version, "served before: the way back"
    for version in best_under_each_test(registry, taxonomy_of(settings).ids):
        yield version, "the best that served: the gate compares with it"
    job = job_of(settings, now)
    if job and job.state == "judged" and job.version:
        yield job.version, "waits for a yes or no in the app"


def _refuse_damaged(registry: Registry, current: Version) -> None:
    if problems := registry.problems(current):
        raise ModelError(
            f"Model {current} serves and is damaged, so nothing is deleted: {'; '.join(problems)}.",
            "Go back with 'tagger models rollback', or train anew with 'tagger retrain'.",
        )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


def prune(
    settings: Settings,
    *,
    by: str,
    now: datetime,
    keep: int,
    patience: float = PATIENCE,
    on_wait: Callable[[str], None] = lambda _: None,
) -> Pruning:
    """Delete what a plan made now names; a kill leaves each model whole or gone.

    Args:
        settings: the desk.
        by: who deletes, for the history.
        now: when.
        keep: how many of the newest models stay in any case.
        patience: seconds to wait for a retrain.
        on_wait: is told whose retrain is waited for.

    Raises:
        ModelError: as :func:`plan_prune`; or a retrain does not end, or a folder cannot be renamed.
        OutputError: a card cannot be written.
        Refused: the log of decisions is not as it was written.
        StoreError: the decisions cannot be read.
    """
    with retrain_turn(settings.models, by=by, now=now, patience=patience, on_wait=on_wait):
        plan = plan_prune(settings, now=now, keep=keep)
        _keep_cards(settings, plan.gone, by, now)
        models = settings.models
        for version in plan.gone:
            append_event(models / "history.jsonl", "prune", version, by, now)
        aside = {version: set_aside(models, version, now) for version in plan.gone}
        if (current := registry_of(settings).current()) in aside:  # promoted this very moment
            bring_back(models, current, aside.pop(current))
        for path in aside.values():
            delete(path)
    return Pruning(plan.kept, {version: plan.gone[version] for version in aside})


def _keep_cards(settings: Settings, versions: Iterable[Version], by: str, now: datetime) -> None:
    first = _first_learned(settings) if versions else {}
    for version in versions:
        card = known_of(settings, version)
        if not card:  # damaged: nobody can read it later either
            continue
        learned = [number for number, one in first.items() if one == version]
        note = {"by": by, "time": now.isoformat(), "learned": learned}
        keep_card(settings.models, version, {**card, "pruned": note})


def _first_learned(settings: Settings) -> dict[int, Version]:
    """By the numbers of the decisions that stand, the version that learned them first."""
    decisions = read_decisions(settings)
    if decisions is None:
        return {}
    return learned_by(settings, versions_in_service(settings), decisions.rows)
