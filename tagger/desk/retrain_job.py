"""A retrain in a process of its own: ordered by one editor, watched by all.

What is known of it stands on the disk (:mod:`tagger.keeping.diary`), not in the app: a reload, a
second browser and a restarted app see the same. The model that serves is not touched; whether the
new one shall serve is asked afterwards, unless there is none that could serve until then.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from tagger.desk.retrain_pace import Pace, pace_of, seconds_by_stage
from tagger.desk.retrain_stop import who_stopped
from tagger.keeping.diary import Diary
from tagger.records import Version
from tagger.settings import environment_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.settings import Settings

State = Literal["running", "stopping", "stopped", "judged", "serves", "failed", "killed"]
AT_WORK: frozenset[State] = frozenset({"running", "stopping"})
"""The states in which a retrain has not ended yet."""

_AWAKE = timedelta(seconds=60)  # so long a process of another app may take to begin
_ENDS = {"version", "failed"}  # what the line has that ends a job
_STARTED: dict[str, subprocess.Popen[bytes]] = {}  # kept, so that the dead among them are buried


@dataclass(frozen=True, slots=True)
class Job:
    """A retrain as its diary tells it.

    Args:
        id: names it.
        state: ``running``; ``stopping`` and ``stopped``: somebody pressed Stop; ``judged``: the
            new model waits for a yes or no; ``serves``: it serves already; ``failed``, with the
            error; ``killed``: it ended without a word.
        by: who ordered it.
        since: when.
        pace: how far it is; of interest while it runs.
        waits_for: whose retrain it waits for, in words; empty while it works itself.
        version: the new model, once there is one.
        stopped_by: who pressed Stop; empty where nobody did.
        fresh: False where nothing was new since that model, so nothing was trained.
        message: what went wrong.
        cure: what to do about it.
    """

    id: str
    state: State
    by: str
    since: datetime
    pace: Pace
    waits_for: str = ""
    version: Version | None = None
    stopped_by: str = ""
    fresh: bool = True
    message: str = ""
    cure: str = ""


def order_retrain(settings: Settings, *, by: str, now: datetime) -> Job:
    """Start a retrain, or find the one that runs already.

    Raises:
        ModelError: the folder of models cannot be written.
        OutputError: the same.
    """
    diary = Diary(settings.models)
    with diary.my_turn():
        running = job_of(settings, now)
        if running is not None and running.state in AT_WORK:
            return running
        id_, expected = uuid4().hex, seconds_by_stage(diary.lines())
        diary.begin(ordered=id_, by=by, at=now.isoformat(), expected=expected)
        _start(settings, diary, id_)
    return _job(diary.lines(), alive=True, now=now, log=str(diary.log))


def _start(settings: Settings, diary: Diary, id_: str) -> None:
    with diary.log.open("wb") as log:
        _STARTED[id_] = subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-m", "tagger.desk.retrain_worker", id_],
            env=environment_for(settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl+C in the app's terminal is not meant for it
        )


def job_of(settings: Settings, now: datetime) -> Job | None:
    """The desk's latest retrain in the background; None where there is none to speak of."""
    job = _seen(settings, now)
    if job is not None and job.state == "killed":
        return _seen(settings, now)  # it may have begun, or ended, in the middle of the first look
    return job


def _seen(settings: Settings, now: datetime) -> Job | None:
    diary = Diary(settings.models)
    at_work = diary.is_at_work()  # first: what it wrote before it ended is then in the lines
    lines = diary.lines()
    if not lines or "ordered" not in lines[0] or "closed" in lines[-1]:
        return None
    wrote_nothing = all("stop" in line for line in lines[1:])
    alive = at_work or (wrote_nothing and _awakes(lines[0], now))
    return _job(lines, alive=alive, now=now, log=str(diary.log))


def _awakes(ordered: Mapping[str, Any], now: datetime) -> bool:
    """Whether a process that has written nothing yet may still be about to."""
    process = _STARTED.get(ordered["ordered"])
    if process is not None:
        return process.poll() is None
    return now - datetime.fromisoformat(ordered["at"]) < _AWAKE


def _job(lines: Sequence[Mapping[str, Any]], *, alive: bool, now: datetime, log: str) -> Job:
    ordered, last = lines[0], lines[-1]
    ended = next((line for line in lines if line.keys() & _ENDS), {})
    stopped_by = who_stopped(lines)
    state, message, cure = _state(ended, stopped_by, alive=alive, log=log)
    return Job(
        id=ordered["ordered"],
        state=state,
        by=ordered["by"],
        since=datetime.fromisoformat(ordered["at"]),
        pace=pace_of(lines, now),
        waits_for=last.get("waits_for", ""),
        version=Version(ended["version"]) if "version" in ended else None,
        stopped_by=stopped_by,
        fresh=ended.get("fresh", True),
        message=message,
        cure=cure,
    )


def _state(
    ended: Mapping[str, Any], stopped_by: str, *, alive: bool, log: str
) -> tuple[State, str, str]:
    if "version" in ended:  # also where a stop came too late
        return ("serves" if ended["serves"] else "judged"), "", ""
    if "failed" in ended:
        return "failed", ended["failed"], ended["cure"]
    if alive:
        return ("stopping" if stopped_by else "running"), "", ""
    if stopped_by:
        return "stopped", "", ""
    message = "The retrain ended without a word: it was killed, or the machine ran out of memory."
    return "killed", message, f"Retrain again; the current model serves on. It printed to {log}."


def stop_job(settings: Settings, job: Job, *, by: str, now: datetime) -> bool:
    """Have a running retrain stopped, within seconds; False where it runs no more.

    The model that serves is not touched, and the next retrain begins from the beginning.
    """
    diary = Diary(settings.models)
    with diary.my_turn():
        here = job_of(settings, now)
        if here is None or here.id != job.id or here.state != "running":
            return False
        diary.add(stop=by, at=now.isoformat())
    return True


def close_job(settings: Settings, job: Job, *, by: str, now: datetime) -> bool:
    """Put away a job that ended, for everybody; False where a colleague was faster."""
    diary = Diary(settings.models)
    with diary.my_turn():
        here = job_of(settings, now)
        if here is None or here.id != job.id or here.state in AT_WORK:
            return False
        diary.add(closed=by, at=now.isoformat())
    return True


def flips_of(settings: Settings, version: Version) -> list[dict[str, Any]]:
    """The stored paragraphs that a job's new model tags otherwise: text, before, after, decided."""
    kept = Diary(settings.models).result()
    found: list[dict[str, Any]] = kept.get("flips", [])
    return found if kept.get("version") == version else []
