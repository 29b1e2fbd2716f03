"""Which paragraphs to ask an editor about, in which order, and why.

What is queued falls into three lanes::

    audit      a random 5%, whatever the model thinks: an honest measure of its quality
    doubt      some topic's probability is near its threshold: an answer teaches most
    confident  no probability is: an answer finds the quiet errors

Two more lanes come from elsewhere: ``planted`` checks have a known answer, ``second`` opinions
are wanted on what a colleague decided. Chance is a hash of the paragraph's id, so that a paragraph
keeps its luck whenever and wherever it is scored.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

Lane = Literal["doubt", "confident", "audit", "planted", "second"]

AUDIT_SHARE = 0.05
"""How much of all paragraphs measures the model instead of being chosen for it."""

SECOND_SHARE = 0.05
"""How much of what was decided a colleague judges again."""

CONFIDENT = 2.0
"""From this distance (in log-odds) to the nearest threshold on the model is called confident.

On the frozen test of 22 November 2026 (1,124 paragraphs, four topics) the model was exactly right
on 94% of the paragraphs beyond it, and on 65% of those nearer.
"""

MIX: dict[Lane, int] = {"doubt": 12, "confident": 4, "audit": 2, "planted": 1, "second": 1}
"""How many of each lane a page of 20 holds."""

# Priorities: doubt from FRONT down to 1, confident between 1 and 0, audit below, so that a page
# with a lane missing is filled up with doubt first.
FRONT = 2.0
_STEP = 1e-6  # from one turn to the next: room for a million turns
_CERTAIN = 1e-12  # probabilities nearer to 0 or 1 than this count as this


@dataclass(frozen=True, slots=True)
class Choice:
    """The lane a paragraph waits in, and its priority: higher ones come first."""

    lane: Lane
    priority: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Doubtful paragraphs that have their place in the queue already, each array of shape (m,).

    Args:
        topics: the number of each one's nearest topic.
        distances: to that topic's threshold.
        priorities: what they were given.
    """

    topics: Ints
    distances: Floats
    priorities: Floats


@dataclass(frozen=True, slots=True)
class Slot:
    """One place on an editor's page: its lane, and which of the editor's pages it is on."""

    page: int
    lane: Lane


def select(
    ids: Sequence[str],
    probabilities: Floats,
    thresholds: Floats,
    standing: Standing | None = None,
) -> list[Choice]:
    """Choose lane and priority of newly scored paragraphs.

    Args:
        ids: their ids, length n.
        probabilities: calibrated, shape (n, K).
        thresholds: shape (K,); infinite for a topic that is never given.
        standing: the front of the doubt lane; the new ones are put among them.
    """
    topics, distances = nearest(margins(probabilities, thresholds))
    lanes = [_lane(id_, distance) for id_, distance in zip(ids, distances, strict=True)]
    doubt = np.array([lane == "doubt" for lane in lanes], bool)
    priorities = np.empty(len(ids))
    priorities[doubt] = doubt_priorities(topics[doubt], distances[doubt], standing)
    for row in np.flatnonzero(~doubt).tolist():
        priorities[row] = _drawn(ids[row], lanes[row], distances[row])
    return [Choice(*pair) for pair in zip(lanes, priorities.tolist(), strict=True)]


def margins(probabilities: Floats, thresholds: Floats) -> Floats:
    """How far each probability is above its topic's threshold, in log-odds, shape (n, K).

    Log-odds, because 2% and 1% differ as much as 98% and 99%, and much more than 50% and 51%.
    """
    return _log_odds(probabilities) - np.where(
        np.isfinite(thresholds), _log_odds(np.minimum(thresholds, 1.0)), np.inf
    )


def _log_odds(probabilities: Floats) -> Floats:
    clipped = np.clip(probabilities, _CERTAIN, 1 - _CERTAIN)
    return np.asarray(np.log(clipped) - np.log1p(-clipped))


def nearest(above: Floats) -> tuple[Ints, Floats]:
    """Of :func:`margins`, each paragraph's nearest topic and the distance to it, shape (n,) each.

    A paragraph's distance is that of its most doubtful topic: one doubt is enough to ask.
    """
    distances = np.abs(above)
    return np.argmin(distances, axis=1), np.min(distances, axis=1)


def chance(name: str, purpose: str) -> float:
    """A number from 0 to below 1 that is random, yet always the same for a name and purpose."""
    digest = hashlib.blake2b(f"{purpose}:{name}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


def _lane(id_: str, distance: float) -> Lane:
    if chance(id_, "audit") < AUDIT_SHARE:
        return "audit"
    return "doubt" if distance < CONFIDENT else "confident"


def _drawn(id_: str, lane: Lane, distance: float) -> float:
    """The priority of a paragraph whose turn comes by lot.

    Audit is a plain lot. In the confident lane the lot is weighted by the distance (Efraimidis
    and Spirakis, 2006): what the model is surest of comes more often, because nobody would find
    an error there, but not always, because the very surest are all alike.
    """
    lot = chance(id_, lane)
    return lot - 1 if lane == "audit" else float(lot ** (1 / distance))


def doubt_priorities(topics: Ints, distances: Floats, standing: Standing | None = None) -> Floats:
    """Priorities, shape (n,), by which topics take turns, each with its most doubtful first.

    By distance alone a topic that is often met, or badly learned, would keep the rare ones from
    ever being asked.

    Args:
        topics: each paragraph's nearest topic, shape (n,).
        distances: to its threshold, shape (n,).
        standing: paragraphs placed earlier; the new ones go between those of their topic.
    """
    there = standing or Standing(np.zeros(0, np.int64), np.zeros(0), np.zeros(0))
    front = float(there.priorities.max()) if len(there.priorities) else FRONT
    priorities = np.empty(len(topics))
    for topic in np.unique(topics):
        rows = np.flatnonzero(topics == topic)
        rows = rows[np.argsort(distances[rows], kind="stable")]
        own = there.topics == topic
        ladder = _ladder(there.distances[own], there.priorities[own])
        priorities[rows] = _between(distances[rows], *ladder, front)
    return np.asarray(np.maximum(priorities, 1.0), np.float64)


def _ladder(distances: Floats, priorities: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(distances, kind="stable")
    # Where earlier scorings disagree a little, the lower priority holds for what is farther.
    return distances[order], np.minimum.accumulate(priorities[order])


def _between(new: Floats, distances: Floats, priorities: Floats, front: float) -> Floats:
    """Priorities for ascending new distances, evenly in the gaps between those that stand."""
    if not len(distances):
        return np.asarray(front - _STEP * np.arange(len(new)), np.float64)
    gaps = np.searchsorted(distances, new, side="right")
    sizes = np.bincount(gaps, minlength=len(distances) + 1)
    last = priorities[-1] - _STEP * (sizes[-1] + 1)
    edges = np.concatenate([[priorities[0] + _STEP], priorities, [last]])
    places = np.arange(len(new)) - np.searchsorted(gaps, gaps) + 1
    share = places / (sizes[gaps] + 1)
    return np.asarray(edges[gaps] + share * (edges[gaps + 1] - edges[gaps]))


def slots(editor: str, done: int, n: int) -> list[Slot]:
    """The next ``n`` places of an editor who has decided ``done`` paragraphs so far.

    Every page of 20 holds the lanes of :data:`MIX` in an order of its own, drawn for the editor:
    nobody can tell a planted check by its place. The places follow from ``done`` alone, so a page
    that is loaded again, or topped up after every decision, stays in order.
    """
    size = sum(MIX.values())
    pages = range(done // size, (done + n) // size + 1)
    places = [slot for page in pages for slot in _page(editor, page)]
    return places[done % size :][:n]


def _page(editor: str, page: int) -> Iterator[Slot]:
    lanes = [lane for lane, count in MIX.items() for _ in range(count)]
    order = sorted(range(len(lanes)), key=lambda i: chance(f"{editor}/{page}/{i}", "slot"))
    return (Slot(page, lanes[i]) for i in order)
