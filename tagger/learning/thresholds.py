"""The probability from which a topic is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def choose_threshold(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """Choose a topic's threshold on out-of-fold probabilities.

    For calibrated probabilities the cut that gives the best expected F1 is half of that best F1
    (Lipton, Elkan and Naryanaswamy, 2014): a bounded, smooth rule that needs no search for a
    lucky cut, and so travels better to texts whose topic rates differ from training.

    Args:
        probabilities: out-of-fold and calibrated, shape (n,).
        truth: whether each text has the topic, shape (n,).

    Returns:
        a probability between 0.25 and 0.5.
    """
    return float(np.clip(best_f1(probabilities, truth) / 2, 0.25, 0.5))


def best_f1(probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> float:
    """The highest F1 that any single cut reaches; 0 where nothing is true."""
    if not truth.any():
        return 0.0
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(truth[order])
    f1 = 2 * hits / (np.arange(1, len(truth) + 1) + truth.sum())
    # No cut runs between equal probabilities.
    cuts = np.append(np.diff(probabilities[order]) != 0, True)
    return float(np.max(f1[cuts]))
