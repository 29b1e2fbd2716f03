"""Where the marks of a report's plots stand: figures become points of SVG drawings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.learning.evaluation import threshold_curve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagger.learning.evaluation import Bin, Evaluation, TopicQuality

CUTS = [step / 50 for step in range(51)]
SMALLEST_DOT = 2.5
LARGEST_DOT = 13.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing and the margins around its plotting area, in SVG units; both axes are 0 to 1."""

    width: int
    height: int
    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0

    def x(self, share: float) -> float:
        """The horizontal place of a share; 0 stands left."""
        return round(self.left + share * (self.width - self.left - self.right), 1)

    def y(self, share: float) -> float:
        """The vertical place of a share; 0 stands at the bottom."""
        return round(self.height - self.bottom - share * (self.height - self.top - self.bottom), 1)


BAR = Frame(96, 12, left=4, right=4, top=6, bottom=6)
RELIABILITY = Frame(400, 370, left=68, right=18, top=18, bottom=56)
CURVE = Frame(240, 170, left=26, right=10, top=20, bottom=24)


@dataclass(frozen=True, slots=True)
class Dot:
    """A dot of the reliability plot and the bin that it stands for."""

    x: float
    y: float
    radius: float
    bin: Bin


def draw_dots(bins: Sequence[Bin]) -> list[Dot]:
    """A dot a bin, its area in proportion to the bin's count unless too small to be seen.

    The largest come first, so that small ones are drawn on top of them.
    """
    most = max(b.count for b in bins)
    dots = [
        Dot(RELIABILITY.x(b.predicted), RELIABILITY.y(b.observed), _radius(b.count / most), b)
        for b in bins
    ]
    return sorted(dots, key=lambda dot: -dot.radius)


def _radius(share: float) -> float:
    return round(max(SMALLEST_DOT, LARGEST_DOT * math.sqrt(share)), 1)


@dataclass(frozen=True, slots=True)
class Curve:
    """One topic's precision, recall and F1 against the cut, as ``points`` of polylines."""

    topic: TopicQuality
    precision: list[str]
    recall: list[str]
    f1: list[str]


def draw_curves(evaluation: Evaluation) -> list[Curve]:
    """A curve a topic, most labels first."""
    curves = [_curve(evaluation, k) for k in range(len(evaluation.quality.topics))]
    return sorted(curves, key=lambda curve: -curve.topic.support)


def _curve(evaluation: Evaluation, k: int) -> Curve:
    rows = threshold_curve(evaluation.probabilities[:, k], evaluation.truth[:, k], CUTS)
    precision, recall, f1 = (
        polylines(CURVE, [(row[0], row[column]) for row in rows]) for column in (1, 2, 3)
    )
    return Curve(evaluation.quality.topics[k], precision, recall, f1)


def polylines(frame: Frame, points: Iterable[tuple[float, float]]) -> list[str]:
    """The ``points`` attributes of the lines through (x, y) shares, broken where y is NaN."""
    lines: list[list[str]] = [[]]
    for x, y in points:
        if math.isnan(y):
            lines.append([])
        else:
            lines[-1].append(f"{frame.x(x)},{frame.y(y)}")
    # A line of one point draws nothing; twice the same point draws a dot.
    return [" ".join(line if len(line) > 1 else line * 2) for line in lines if line]
