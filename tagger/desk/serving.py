"""Let a model serve, and let the queue follow it: the one way for commands, pages and retrains.

What waits in the queue carries the scores of the model that judged it, and its place follows from
them. So whoever changes the model that serves scores the queue anew. A kill between the two leaves
the new model serving; the desk catches up when editors ask for their next page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagger.desk.decisions import has_store
from tagger.desk.models import bound, registry_of
from tagger.desk.retrain_job import close_job, job_of
from tagger.desk.scoring import score_queue
from tagger.errors import Refused
from tagger.keeping.store import StoreError, open_store

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tagger.desk.retrain_job import Job
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.records import Version
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Serving:
    """A model that serves now.

    Args:
        version: which one.
        rescored: how many queued paragraphs it has judged anew.
        trouble: why it could not judge them, in words; empty where it did.
    """

    version: Version
    rescored: int = 0
    trouble: str = ""


def promote(
    settings: Settings,
    name: str,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    progress: Progress | None = None,
) -> Serving:
    """Let a saved model serve from now on.

    Args:
        settings: the desk.
        name: the version, or a beginning that no other one has.
        by: who wants it, for the history.
        now: when.
        reason: why, for the history; needed where the gate refused the model.
        progress: is told how far the scoring of the queue is.

    Raises:
        ModelError: there is no such version, or it is damaged or bound to other topics.
        Refused: the gate refused it and no reason is given.
    """
    registry = registry_of(settings)
    model, reason = bound(settings, registry.load(name)), reason.strip()
    objections = objections_on_card(registry.card(model.version))
    if objections and not reason:
        raise Refused(
            f"The gate refused model {model.version}: {'; '.join(objections)}.",
            f"Let it serve nonetheless with 'tagger models promote {model.version} --reason WHY'; "
            "the reason is recorded.",
        )
    why = f"{reason} (against the gate)" if objections else reason
    registry.promote(model.version, by=by, now=now, reason=why)
    return _followed(settings, model, progress)


def roll_back(
    settings: Settings,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    progress: Progress | None = None,
) -> Serving:
    """Let the model serve that served before the current one.

    Raises:
        ModelError: there is no earlier one, or it is damaged or bound to other topics.
    """
    registry = registry_of(settings)
    model = bound(settings, registry.load(registry.earlier()))
    registry.roll_back(by=by, now=now, reason=reason.strip())
    return _followed(settings, model, progress)


def promote_judged(
    settings: Settings, job: Job, *, by: str, now: datetime, reason: str = ""
) -> Serving | None:
    """Let the new model of a retrain serve; None where somebody has decided about it before.

    So an editor's word counts once, however often it is pressed.

    Raises:
        ModelError: the model is damaged or bound to other topics.
        Refused: the gate said no and there is no reason.
    """
    here = job_of(settings, now)
    if here is None or here.id != job.id or job.version is None:
        return None
    done = promote(settings, job.version, by=by, now=now, reason=reason)
    close_job(settings, job, by=by, now=now)
    return done


def roll_back_from(
    settings: Settings, version: Version, *, by: str, now: datetime, reason: str = ""
) -> Serving | None:
    """Let the model serve that served before ``version``; None where that serves no more.

    Raises:
        ModelError: there is no earlier one, or it is damaged or bound to other topics.
    """
    if registry_of(settings).current() != version:
        return None
    return roll_back(settings, by=by, now=now, reason=reason)


def objections_on_card(card: Mapping[str, Any]) -> tuple[str, ...]:
    """What the gate had against a model; empty where it passed or was never judged."""
    gate = card.get("gate")
    if not isinstance(gate, dict) or gate.get("passed") is not False:
        return ()
    return tuple(gate.get("objections") or ["it was worse than the model that served"])


def _followed(settings: Settings, model: Model, progress: Progress | None) -> Serving:
    if not has_store(settings):
        return Serving(model.version)
    try:
        with open_store(settings.database) as store:
            return Serving(model.version, score_queue(store, model, progress))
    except StoreError as error:  # it serves all the same, and the desk catches up
        return Serving(model.version, trouble=error.message)
