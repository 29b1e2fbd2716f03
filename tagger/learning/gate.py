"""May a candidate follow the current model? Both judged on the same texts, pair by pair.

The rule refuses a loss that is both worth minding and no accident: the macro-F1 of the candidate
is lower by more than :data:`TOLERANCE`, and lower in :data:`SURE` of the resamples. A topic's floor
is the same rule, stricter, for one topic's F1 rests on few texts and there are several topics. A
candidate need not be shown to be better: on a thousand texts nobody could show what a day's honest
corrections gain.

With ninety topics there are ninety floors, and by chance alone an equally good candidate falls
through one of them. So from the fifth topic on what chance may do to four is shared out among all
(Dunn, 1961). In simulated rounds of November 2026 (a tenth of the texts answered anew, equally
well) a floor refused 2 of 60 candidates on 25 topics and none of 25 on 90 topics; without sharing
it refused 22 and 22.

Held against the last model only, many small losses in a row would all pass. So a candidate is also
held against the best model that served. Of N equally good models the best on the test was lucky
there, the more so the larger N; a candidate that is as good must not be refused for that. So what
may speak against it by chance is shared out among the N likewise: a loss then has to show in all
but ``(1 - SURE) / N`` of the resamples. In 120 simulated rounds of November 2026 (1,000 texts, 2
topics, the luckiest of 30 equally good models) that refused 8% of the equally good candidates,
where the rule without sharing refused 19%.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.resampling import (
    defined_resamples,
    f1_of,
    figure_of,
    mean_of_defined,
    resampled_sums,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.learning.resampling import Figure
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
"""The share of resamples that must show a topic's loss, where there are four topics or fewer."""

_FEW_TOPICS = 4

FEWEST = 30
"""With fewer texts than this a sample of audits decides nothing."""

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts with people's labels, and what either model gives them; arrays of shape (n, K).

    ``current`` is what the rival gives: the model that serves or, where ``against`` names it in
    words, the best of the ``among`` models that served.
    """

    name: str
    truth: Truth
    current: Truth
    candidate: Truth
    against: str = ""
    among: int = 1


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

    def lost(self, margin: float, sure: float, among: int) -> bool:
        """Whether more than ``margin`` is gone, in at least that share of the resamples.

        ``among`` how many rivals this one is the best makes that share larger.
        """
        return self.difference.value < -margin and self.worse >= 1 - (1 - sure) / among


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidate against a rival on one sample of ``n`` texts; see :class:`Sample`."""

    sample: str
    n: int
    macro_f1: Change
    topics: dict[TopicId, Change]
    against: str = ""
    among: int = 1

    @property
    def objections(self) -> tuple[str, ...]:
        """What speaks against the candidate, in words, with the figures."""
        floors = [
            f"{topic}'s F1 on {self._where}: {_told(change)}"
            for topic, change in self.topics.items()
            if change.lost(FLOOR, self._sure_of_topic, self.among)
        ]
        if not self.macro_f1.lost(TOLERANCE, SURE, self.among):
            return tuple(floors)
        return (f"macro-F1 on {self._where}: {_told(self.macro_f1)}", *floors)

    @property
    def _sure_of_topic(self) -> float:
        judged = sum(not math.isnan(change.difference.value) for change in self.topics.values())
        return 1 - (1 - SURE_OF_TOPIC) * _FEW_TOPICS / max(judged, _FEW_TOPICS)

    @property
    def _where(self) -> str:
        than = f" against {self.against}" if self.against else ""
        return f"{self.n:,} {self.sample} {'paragraph' if self.n == 1 else 'paragraphs'}{than}"


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
    """Compare both models on the same texts by a paired bootstrap.

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
    sums = resampled_sums(np.column_stack([*answers, *hits]), resamples, seed)
    support, old, new, old_hits, new_hits = np.split(sums, 5, axis=1)
    before, after = _f1(old_hits, support, old), _f1(new_hits, support, new)
    changes = [_change(before[:, k], after[:, k]) for k in range(len(topics))]
    return Comparison(
        sample=sample.name,
        n=len(sample.truth),
        macro_f1=_change(mean_of_defined(before), mean_of_defined(after)),
        topics=dict(zip(topics, changes, strict=True)),
        against=sample.against,
        among=sample.among,
    )


def _f1(hits: Floats, support: Floats, given: Floats) -> Floats:
    """F1 of each topic in each resample, shape (1 + B, K); NaN where no text has the topic."""
    return np.where(support > 0, f1_of(hits, support, given), np.nan)


def _change(before: Floats, after: Floats) -> Change:
    gaps = after - before
    resampled = defined_resamples(gaps)
    return Change(
        before=float(before[0]),
        after=float(after[0]),
        difference=figure_of(gaps),
        worse=float((resampled < 0).mean()) if len(resampled) else float("nan"),
    )
