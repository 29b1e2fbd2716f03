"""May a candidate follow the current model? Both judged on the same texts, pair by pair.

The rule refuses a loss that is both worth minding and no accident: the macro-F1 of the candidate
is lower by more than :data:`TOLERANCE`, and lower in :data:`SURE` of the resamples. A topic's floor
is the same rule, stricter, for one topic's F1 rests on few texts and there are several topics. A
candidate need not be shown to be better: on a thousand texts nobody could show what a day's honest
corrections gain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.evaluation import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.records import TopicId

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

TOLERANCE = 0.008
"""A smaller loss of macro-F1 may come from retraining itself, which the resamples do not show.

On the corpus and frozen test of November 2026, 200 honest corrections moved macro-F1 by -0.006 to
+0.006 (three draws), 800 by +0.003 to +0.005; 800 of which 40% were flipped by -0.012 to -0.005,
1,843 by -0.025 to -0.010. So flips are caught when they are many; a few harm too little to show.
"""

FLOOR = 0.02
"""How much of its F1 a single topic may lose."""

SURE = 0.90
"""The share of resamples that must show a loss of macro-F1."""

SURE_OF_TOPIC = 0.95
"""The share of resamples that must show a topic's loss."""

FEWEST = 30
"""With fewer texts than this a sample of audits decides nothing."""

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts with people's labels, and what either model gives them; arrays of shape (n, K)."""

    name: str
    truth: Truth
    current: Truth
    candidate: Truth


@dataclass(frozen=True, slots=True)
class Change:
    """An F1 before and after, and the difference with its 95% interval.

    ``worse`` is the share of resamples in which the candidate is the worse one. All are NaN where
    no text of the sample has the topic.
    """

    before: float
    after: float
    difference: Figure
    worse: float

    def lost(self, margin: float, sure: float) -> bool:
        """Whether more than ``margin`` is gone, in at least that share of the resamples."""
        return self.difference.value < -margin and self.worse >= sure


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidate against current on one sample of ``n`` texts."""

    sample: str
    n: int
    macro_f1: Change
    topics: dict[TopicId, Change]

    @property
    def objections(self) -> tuple[str, ...]:
        """What speaks against the candidate, in words, with the figures."""
        floors = [
            f"{topic}'s F1 on {self._where}: {_told(change)}"
            for topic, change in self.topics.items()
            if change.lost(FLOOR, SURE_OF_TOPIC)
        ]
        if not self.macro_f1.lost(TOLERANCE, SURE):
            return tuple(floors)
        return (f"macro-F1 on {self._where}: {_told(self.macro_f1)}", *floors)

    @property
    def _where(self) -> str:
        return f"{self.n:,} {self.sample} paragraphs"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says, by sample; without a sample to judge on it has nothing against it."""

    comparisons: tuple[Comparison, ...]

    @property
    def objections(self) -> tuple[str, ...]:
        """What speaks against the candidate; empty where it may serve."""
        return tuple(words for one in self.comparisons for words in one.objections)

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.objections


def _told(change: Change) -> str:
    return (
        f"{change.before:.3f} -> {change.after:.3f} "
        f"({change.difference.value:+.3f}, worse in {change.worse:.0%} of resamples)"
    )


def judge(samples: Sequence[Sample], topics: Sequence[TopicId]) -> Verdict:
    """Compare both models on every sample that is not empty.

    Args:
        samples: such as the frozen test and the audit answers.
        topics: K ids, in the order of the arrays' columns.
    """
    return Verdict(tuple(compare(sample, topics) for sample in samples if len(sample.truth)))


def compare(
    sample: Sample, topics: Sequence[TopicId], *, resamples: int = RESAMPLES, seed: int = 0
) -> Comparison:
    """Compare both models on the same texts by a paired bootstrap (Efron and Tibshirani, 1993).

    Every resample draws texts and scores both models on them, so that a hard text which happens
    to be drawn twice counts against both. Topics that no text has are left out of the mean.

    Args:
        sample: at least one text.
        topics: K ids.
        resamples: how many.
        seed: of the drawing.
    """
    answers = [sample.truth, sample.current, sample.candidate]
    hits = [sample.truth & sample.current, sample.truth & sample.candidate]
    sums = _resampled(np.column_stack([*answers, *hits]), resamples, seed)
    support, old, new, old_hits, new_hits = np.split(sums, 5, axis=1)
    before, after = _f1(old_hits, old, support), _f1(new_hits, new, support)
    changes = [_change(before[:, k], after[:, k]) for k in range(len(topics))]
    return Comparison(
        sample=sample.name,
        n=len(sample.truth),
        macro_f1=_change(_mean(before), _mean(after)),
        topics=dict(zip(topics, changes, strict=True)),
    )


def _resampled(columns: Truth, resamples: int, seed: int) -> Floats:
    """Column sums of the texts, then of each resample of them, shape (1 + B, columns)."""
    n, values = len(columns), columns.astype(np.float64)
    random, chance = np.random.default_rng(seed), np.full(len(columns), 1 / len(columns))
    # All at once would be large: 64 resamples of a million texts are 0.5 GB.
    steps = [min(64, resamples - done) for done in range(0, resamples, 64)]
    drawn = [random.multinomial(n, chance, size=step) @ values for step in steps]
    return np.vstack([values.sum(axis=0, keepdims=True), *drawn])


def _f1(hits: Floats, given: Floats, support: Floats) -> Floats:
    """F1 of each topic in each resample, shape (1 + B, K); NaN where no text has the topic."""
    f1 = np.full(support.shape, np.nan)
    np.divide(2 * hits, support + given, out=f1, where=support > 0)
    return f1


def _mean(f1: Floats) -> Floats:
    defined = np.isfinite(f1)
    mean = np.full(len(f1), np.nan)
    total = np.where(defined, f1, 0).sum(axis=1)
    np.divide(total, defined.sum(axis=1), out=mean, where=defined.any(axis=1))
    return mean


def _change(before: Floats, after: Floats) -> Change:
    """The first of the samples is the value, the others give interval and share."""
    gaps = after - before
    resampled = gaps[1:][np.isfinite(gaps[1:])]
    nan = float("nan")
    low, high = np.quantile(resampled, [0.025, 0.975]) if len(resampled) else (nan, nan)
    return Change(
        before=float(before[0]),
        after=float(after[0]),
        difference=Figure(float(gaps[0]), float(low), float(high)),
        worse=float((resampled < 0).mean()) if len(resampled) else nan,
    )
