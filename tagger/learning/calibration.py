"""Linear scores as probabilities that mean what they say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.model import sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 100
_GENTLEST = 1e-3  # a sigmoid must rise: more evidence is never less probable


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
    point = np.array([0.0, np.log((positive + 1) / (negative + 1))])
    for _ in range(_STEPS):
        step = _newton_step(design, target, point)
        point = _descend(design, target, point, step)
        if np.abs(step).max() < 1e-10:
            break
    if point[0] <= 0:
        return _GENTLEST, _log_odds(float(target.mean())) - _GENTLEST * float(margins.mean())
    return max(float(point[0]), _GENTLEST), float(point[1])


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability))


def _newton_step(design: Floats, target: Floats, point: Floats) -> Floats:
    probability = sigmoid(design @ point)
    gradient = design.T @ (probability - target)
    curvature = design.T @ (design * (probability * (1 - probability))[:, None])
    return np.asarray(np.linalg.solve(curvature + 1e-9 * np.eye(2), gradient), np.float64)


def _descend(design: Floats, target: Floats, point: Floats, step: Floats) -> Floats:
    before, size = _loss(design, target, point), 1.0
    while size > 1e-8 and _loss(design, target, point - size * step) > before:
        size /= 2
    return point - size * step


def _loss(design: Floats, target: Floats, point: Floats) -> float:
    z = design @ point
    return float(np.sum(np.logaddexp(0, z) - target * z))
