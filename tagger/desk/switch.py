"""An editor's word on which model serves: it counts once, however often it is pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.desk import serving
from tagger.desk.models import registry_of
from tagger.desk.retrain_job import close_job, job_of

if TYPE_CHECKING:
    from datetime import datetime

    from tagger.desk.retrain_job import Job
    from tagger.desk.serving import Serving
    from tagger.records import Version
    from tagger.settings import Settings


def promote_judged(
    settings: Settings, job: Job, *, by: str, now: datetime, reason: str = ""
) -> Serving | None:
    """Let the new model of a retrain serve; None where somebody has decided about it before.

    Raises:
        ModelError: the model is damaged or bound to other topics.
        Refused: the gate said no and there is no reason.
    """
    here = job_of(settings, now)
    if here is None or here.id != job.id or job.version is None:
        return None
    done = serving.promote(settings, job.version, by=by, now=now, reason=reason)
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
    return serving.roll_back(settings, by=by, now=now, reason=reason)
