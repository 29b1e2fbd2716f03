"""Linear scores as probabilities that mean what they say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.model import sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

_STEPS = 100
_GENTLEST = 1e-3  # a sigmoid must rise: more evidence is never less probable

FEW = 30
"""A topic with fewer examples than this, and less than :data:`SELDOM` of all, is a rare one."""
SELDOM = 0.01
_TELLING = 10  # a topic with as many examples says how a topic's sigmoid looks
_TEACHERS = 5  # as many such topics tell enough to lend to a rare one
_WHERE = -0.7  # the margin at which an offset is borrowed; there a rare topic's first hits are
_LOOSE = np.array([1 / 2**2, 1 / 1**2])  # precision of a borrowed slope and offset
_LEAST_SLOPE = 1.0


def is_rare(truth: Truth) -> bool:
    """Whether a topic has too few examples to stand on its own, given who has it, shape (n,)."""
    return bool(truth.sum() < FEW and truth.mean() < SELDOM)


def fit_sigmoids(margins: list[Floats], truth: list[Truth]) -> tuple[Floats, Floats]:
    """Fit every topic's sigmoid; rare topics borrow from the others.

    Platt's fit (see :func:`fit_sigmoid`) to a handful of examples hangs on the one that was missed
    by most. So a rare topic's slope and offset are drawn towards what topics of its size usually
    have: a line in the logarithm of the number of examples, through the topics that have enough
    (empirical Bayes). With that, macro-F1 on the 90 topics of Reuters-21578 was 0.002 to 0.011
    higher in nested cross-validation, by three settings. The other topics are fitted alone.

    Args:
        margins: each topic's out-of-fold linear scores of the texts that say something about it.
        truth: whether they have it.

    Returns:
        slopes and offsets, shape (K,) each.
    """
    found = np.array([fit_sigmoid(*both) for both in zip(margins, truth, strict=True)])
    sizes = np.array([max(int(has.sum()), 1) for has in truth])
    usual = _usual(found, sizes)
    for k, has in enumerate(truth):
        if usual is not None and is_rare(has):
            found[k] = _drawn_towards(usual[k], margins[k], has)
    return found[:, 0], found[:, 1]


def _usual(sigmoids: Floats, sizes: NDArray[np.int64]) -> Floats | None:
    """What slope and offset at :data:`_WHERE` topics of these sizes have, shape (K, 2)."""
    telling = sizes >= _TELLING
    if telling.sum() < _TEACHERS:
        return None
    centred = sigmoids @ np.array([[1.0, _WHERE], [0.0, 1.0]])
    design = np.stack([np.ones(len(sizes)), np.log(sizes)], axis=1)
    weight = sizes[telling, None] ** 0.25
    line = np.linalg.lstsq(design[telling] * weight, centred[telling] * weight)[0]
    usual = design @ line
    return np.column_stack([np.maximum(usual[:, 0], _LEAST_SLOPE), usual[:, 1]])


def _drawn_towards(usual: Floats, margins: Floats, truth: Truth) -> tuple[float, float]:
    """The sigmoid of highest posterior probability around the usual one."""
    design = np.stack([margins - _WHERE, np.ones_like(margins)], axis=1)
    slope, offset = _solve(design, truth.astype(np.float64), usual, (usual, _LOOSE))
    slope = max(slope, _GENTLEST)
    return slope, offset - slope * _WHERE


def fit_sigmoid(margins: Floats, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit ``P(topic | margin) = sigmoid(slope * margin + offset)`` (Platt, 1999).

    The targets are smoothed as Platt proposed, so that a topic with few examples does not become
    certain; solved by damped Newton steps (after Lin, Lin and Weng, 2007). Where the margins point
    the wrong way, as the few left-out examples of a rare topic may, every text gets the base rate.

    Args:
        margins: out-of-fold linear scores, shape (n,).
        truth: whether each text has the topic, shape (n,).

    Returns:
        slope (positive) and offset.
    """
    positive, negative = int(truth.sum()), int((~truth).sum())
    target = np.where(truth, (positive + 1) / (positive + 2), 1 / (negative + 2))
    design = np.stack([margins, np.ones_like(margins)], axis=1)
    start = np.array([0.0, np.log((positive + 1) / (negative + 1))])
    point = _solve(design, target, start, (start, np.zeros(2)))
    if point[0] <= 0:
        return _GENTLEST, _log_odds(float(target.mean())) - _GENTLEST * float(margins.mean())
    return max(float(point[0]), _GENTLEST), float(point[1])


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _solve(
    design: Floats, target: Floats, point: Floats, prior: tuple[Floats, Floats]
) -> tuple[float, float]:
    """Slope and offset of highest posterior probability; the prior's mean and precision."""
    for _ in range(_STEPS):
        step = _newton_step(design, target, point, prior)
        point = _descend(design, target, point, step, prior)
        if np.abs(step).max() < 1e-10:
            break
    return float(point[0]), float(point[1])


def _newton_step(
    design: Floats, target: Floats, point: Floats, prior: tuple[Floats, Floats]
) -> Floats:
    mean, precision = prior
    probability = sigmoid(design @ point)
    gradient = design.T @ (probability - target) + precision * (point - mean)
    curvature = design.T @ (design * (probability * (1 - probability))[:, None])
    return np.asarray(
        np.linalg.solve(curvature + np.diag(precision) + 1e-9 * np.eye(2), gradient), np.float64
    )


def _descend(
    design: Floats, target: Floats, point: Floats, step: Floats, prior: tuple[Floats, Floats]
) -> Floats:
    before, size = _loss(design, target, point, prior), 1.0
    while size > 1e-8 and _loss(design, target, point - size * step, prior) > before:
        size /= 2
    return point - size * step


def _loss(design: Floats, target: Floats, point: Floats, prior: tuple[Floats, Floats]) -> float:
    mean, precision = prior
    z = design @ point
    fit = np.sum(np.logaddexp(0, z) - target * z)
    return float(fit + np.sum(precision * (point - mean) ** 2) / 2)
