"""How far a share of a few paragraphs may be from the share of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SURE = 0.95


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``of`` randomly drawn paragraphs; NaN where there are none.

    ``low`` and ``high`` are the exact 95% interval (Clopper and Pearson, 1934): however few the
    paragraphs, it holds the true share in at least 95 of 100 samples. Approximate intervals are
    narrower and miss it more often where nearly all or nearly none are right, as here.
    """

    right: int
    of: int
    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})" if self.of else "not measured"


def share(right: int, of: int) -> Share:
    """The share with its interval."""
    if not of:
        nan = float("nan")
        return Share(right, of, nan, nan, nan)
    beyond = (1 + SURE) / 2
    low, high = float(at_least(right, of, beyond)), 1 - float(at_least(of - right, of, beyond))
    return Share(right, of, right / of, low, high)


def at_least(right: ArrayLike, of: ArrayLike, sure: float) -> Floats:
    """The share that the true one reaches at least, in ``sure`` of the samples; 0 of none.

    Args:
        right: counts, any shape.
        of: counts of the same shape.
        sure: such as 0.9.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - heavy, and tagging needs none of it

    hits, all_ = np.asarray(right, np.float64), np.asarray(of, np.float64)
    bound = betaincinv(np.maximum(hits, 1), all_ - hits + 1, 1 - sure)
    return np.asarray(np.where(hits > 0, bound, 0.0), np.float64)
