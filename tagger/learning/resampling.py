"""Chance in what was measured: texts drawn again and again (the bootstrap), and F1 from counts.

Efron and Tibshirani, *An Introduction to the Bootstrap* (1993). Rows of an array of "samples" are
the texts as they are, first, and then every resample of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value with its 95% bootstrap interval; NaN where it is not defined."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def resampled_sums(columns: NDArray[np.bool_], resamples: int, seed: int) -> Floats:
    """Column sums of the texts, then of each of B resamples of them, shape (1 + B, columns)."""
    n, random = len(columns), np.random.default_rng(seed)
    values, chance = columns.astype(np.float64), np.full(n, 1 / n)
    # All resamples at once would be large: 64 rows of a million texts are 0.5 GB.
    steps = [min(64, resamples - done) for done in range(0, resamples, 64)]
    drawn = [random.multinomial(n, chance, size=step) @ values for step in steps]
    return np.vstack([values.sum(axis=0, keepdims=True), *drawn])


def divide(over: Floats, under: Floats) -> Floats:
    """``over / under``; NaN where ``under`` is 0."""
    ratio = np.full(over.shape, np.nan)
    np.divide(over, under, out=ratio, where=under > 0)
    return ratio


def f1_of(hits: Floats, support: Floats, given: Floats) -> Floats:
    """F1 from counts; NaN where nothing was labelled nor given."""
    return divide(2 * hits, support + given)


def mean_of_defined(f1_of_topics: Floats) -> Floats:
    """The mean of each row over its topics that are no NaN, shape (1 + B,)."""
    defined = np.isfinite(f1_of_topics)
    total = np.where(defined, f1_of_topics, 0).sum(axis=1)
    return divide(total, defined.sum(axis=1).astype(np.float64))


def figure_of(samples: Floats) -> Figure:
    """The first of the samples is the value, the others give the interval."""
    resampled = defined_resamples(samples)
    if not len(resampled):
        return Figure(float(samples[0]), float("nan"), float("nan"))
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Figure(float(samples[0]), float(low), float(high))


def defined_resamples(samples: Floats) -> Floats:
    """The resamples in which the value is defined, without the value itself."""
    return samples[1:][np.isfinite(samples[1:])]
