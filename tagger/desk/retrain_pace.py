"""How far a retrain in the background is and how long it will take, from its stages so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STARTING = "starting"
WAITING = "waiting"

EXPECTED = {
    STARTING: 1.0,
    "reading labels": 1.5,
    "counting terms": 7.5,
    "training": 14.0,
    "judging": 3.0,
    "comparing tags": 4.0,
    "saving": 0.5,
}
"""Seconds by stage where nothing was retrained here before: the shipped corpus, two busy cores."""

_DOUBT = 15.0  # seconds of the usual speed that are believed beside what was measured today

_NEARLY = 0.95  # of a stage that takes longer than it should


@dataclass(frozen=True, slots=True)
class Pace:
    """The stage, the share of the expected time that is over, and the seconds that are left.

    ``left`` is None while it waits for another retrain to end, which may take any time.
    """

    stage: str
    share: float
    left: float | None


def pace_of(lines: Sequence[Mapping[str, Any]], now: datetime) -> Pace:
    """How far the job of a diary is.

    Stages take the shares of the time that they took the last time; how fast this machine is
    today is seen from the stages that are over.
    """
    expected = {**EXPECTED, **lines[0].get("expected", {})}
    stages = _stages(lines)
    stage, begun = stages[-1]
    if stage == WAITING:
        return Pace(stage, 0.0, None)
    took = _seconds(stages)
    known = [name for name in took if name in expected]
    speed = (sum(took[name] for name in known) + _DOUBT) / (
        sum(expected[name] for name in known) + _DOUBT
    )
    within = max(_told(lines[-1]), _ratio((now - begun).total_seconds(), expected.get(stage)))
    later = [name for name in expected if name not in took and name != stage]
    here = expected.get(stage, 0.0) * (1 - min(within, _NEARLY))
    left = speed * (here + sum(expected[name] for name in later))
    over = sum(took.values()) + (now - begun).total_seconds()
    return Pace(stage, min(over / max(over + left, 1e-9), 0.99), left)


def seconds_by_stage(lines: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """How long each stage of an ended job took; what that job expected where it gave up."""
    if not lines:
        return {}
    expected: dict[str, float] = lines[0].get("expected", {})
    ended = next((line["at"] for line in lines if "version" in line), None)
    if ended is None:
        return expected
    took = _seconds([*_stages(lines), ("", datetime.fromisoformat(ended))])
    return {name: seconds for name, seconds in took.items() if name != WAITING}


def _seconds(stages: Sequence[tuple[str, datetime]]) -> dict[str, float]:
    """By stage, how long it was until the next one began."""
    return {name: (end - begun).total_seconds() for (name, begun), (_, end) in pairwise(stages)}


def _stages(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, datetime]]:
    """The stages in order with the times they began."""
    found = [(STARTING, datetime.fromisoformat(lines[0]["at"]))]
    for line in lines[1:]:
        stage = line.get("stage") or (WAITING if "waits_for" in line else "")
        if stage and stage != found[-1][0]:
            found.append((stage, datetime.fromisoformat(line["at"])))
    return found


def _told(line: Mapping[str, Any]) -> float:
    return _ratio(line.get("done", 0), line.get("total"), default=0.0)


def _ratio(part: float, whole: float | None, default: float = 1.0) -> float:
    return part / whole if whole else default
