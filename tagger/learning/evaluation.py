"""How well probabilities and thresholds agree with people's labels, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.resampling import divide, f1_of, figure_of, mean_of_defined, resampled_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.learning.resampling import Figure
    from tagger.records import LabeledExample, TopicId

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

RESAMPLES = 1000
BINS = 10


@dataclass(frozen=True, slots=True)
class TopicQuality:
    """One topic's quality. ``support`` texts have it, ``given`` texts were given it."""

    topic: TopicId
    precision: Figure
    recall: Figure
    f1: Figure
    support: int
    given: int
    hits: int
    threshold: float


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of a model on ``n`` labelled texts.

    Args:
        macro_f1: mean F1 over the topics that occur or were given.
        micro_f1: F1 over all decisions together.
        exact_match: share of texts whose set of topics is exactly right.
        none_f1: F1 of the answer "none of them".
        calibration_error: mean distance between a probability and how often it came true, over
            ten equally wide bins of all probabilities (expected calibration error).
        n: how many texts.
        topics: per topic, in the order of the model.
    """

    macro_f1: Figure
    micro_f1: Figure
    exact_match: Figure
    none_f1: Figure
    calibration_error: float
    n: int
    topics: tuple[TopicQuality, ...]


def evaluate(
    topics: Sequence[TopicId],
    probabilities: Floats,
    thresholds: Floats,
    truth: Truth,
    *,
    given: Truth | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Quality:
    """Judge predictions against labels.

    Args:
        topics: K ids.
        probabilities: shape (n, K), n at least 1.
        thresholds: shape (K,).
        truth: shape (n, K).
        given: what the model gives, where that is more than what reaches a threshold (see
            :meth:`Model.given`), shape (n, K).
        resamples: how many bootstrap samples of texts give the intervals.
        seed: of the bootstrap.
    """
    given = probabilities >= thresholds if given is None else given
    hits, support, picked = truth & given, truth, given
    none_true, none_given = ~truth.any(axis=1), ~given.any(axis=1)
    none = np.column_stack([none_true & none_given, none_true, none_given])
    exact = (truth == given).all(axis=1)
    sums = resampled_sums(np.column_stack([hits, support, picked, none, exact]), resamples, seed)
    tables = np.split(sums[:, : 3 * len(topics)], 3, axis=1)
    by_topic = [_ratios(*(table[:, k] for table in tables)) for k in range(len(topics))]
    return Quality(
        macro_f1=figure_of(mean_of_defined(np.stack([f1 for _, _, f1 in by_topic], axis=1))),
        micro_f1=figure_of(f1_of(*(table.sum(axis=1) for table in tables))),
        exact_match=figure_of(sums[:, -1] / len(truth)),
        none_f1=figure_of(f1_of(*sums[:, -4:-1].T)),
        calibration_error=calibration_error(probabilities, truth),
        n=len(truth),
        topics=tuple(
            TopicQuality(
                topic=topic,
                precision=figure_of(by_topic[k][0]),
                recall=figure_of(by_topic[k][1]),
                f1=figure_of(by_topic[k][2]),
                support=int(support[:, k].sum()),
                given=int(picked[:, k].sum()),
                hits=int(hits[:, k].sum()),
                threshold=float(thresholds[k]),
            )
            for k, topic in enumerate(topics)
        ),
    )


def _ratios(hits: Floats, support: Floats, given: Floats) -> tuple[Floats, Floats, Floats]:
    return divide(hits, given), divide(hits, support), f1_of(hits, support, given)


def calibration_error(probabilities: Floats, truth: Truth) -> float:
    """Expected calibration error over all topics together."""
    return float(
        sum(abs(b.predicted - b.observed) * b.share for b in reliability(probabilities, truth))
    )


@dataclass(frozen=True, slots=True)
class Bin:
    """The decisions whose probability fell into one tenth: mean, how often true, how many."""

    predicted: float
    observed: float
    count: int
    share: float


def reliability(probabilities: Floats, truth: Truth) -> list[Bin]:
    """The reliability curve: non-empty bins of equal width, lowest first."""
    flat, true = probabilities.ravel(), truth.ravel()
    number = np.minimum((flat * BINS).astype(int), BINS - 1)
    return [
        Bin(float(flat[here].mean()), float(true[here].mean()), int(here.sum()), float(here.mean()))
        for here in (number == b for b in range(BINS))
        if here.any()
    ]


def threshold_curve(
    probabilities: Floats, truth: Truth, cuts: Sequence[float]
) -> list[tuple[float, float, float, float]]:
    """For one topic: (cut, precision, recall, F1) at each cut; NaN where undefined.

    Args:
        probabilities: shape (n,).
        truth: shape (n,).
        cuts: probabilities to cut at.
    """
    rows = []
    for cut in cuts:
        given = probabilities >= cut
        counts = [np.array([float(x.sum())]) for x in (truth & given, truth, given)]
        precision, recall, f1 = (float(ratio[0]) for ratio in _ratios(*counts))
        rows.append((cut, precision, recall, f1))
    return rows


def confusion(truth: Truth, given: Truth) -> NDArray[np.int64]:
    """Counts of (labelled, given) pairs, "none of them" last, shape (K + 1, K + 1).

    A text with several topics counts in each of them: row i, column j counts texts that are
    labelled i and were given j, where j is right too or stands for a miss of i. A missed topic
    counts under the wrong topics given instead of it, or under "none" where nothing was given. A
    topic that was only missed, or only added, beside right ones stands in no cell.
    """
    wide_truth = np.column_stack([truth, ~truth.any(axis=1)])
    wide_given = np.column_stack([given, ~given.any(axis=1)])
    right = wide_truth & wide_given
    missed, wrong = wide_truth & ~wide_given, wide_given & ~wide_truth
    table = missed.astype(np.int64).T @ wrong.astype(np.int64)
    table[np.diag_indices_from(table)] = right.sum(axis=0)
    return table


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model judged on ``examples``, as a whole and by the values of a field.

    Args:
        model: what was judged.
        file: the labelled texts.
        examples: n of them.
        probabilities: shape (n, K).
        truth: shape (n, K).
        quality: on all of them.
        parts: quality by value of the field that was asked for, largest part first.
        seen: how many of the texts stand in the training files too (0 for an honest figure).
    """

    model: Model
    file: str
    examples: Sequence[LabeledExample]
    probabilities: NDArray[np.float64]
    truth: NDArray[np.bool_]
    quality: Quality
    parts: dict[str, Quality]
    seen: int


def worst_mistakes(evaluation: Evaluation, n: int) -> list[int]:
    """Rows of the texts whose labels the model doubts most, worst first; only real mistakes."""
    probabilities, truth = evaluation.probabilities, evaluation.truth
    wrong = (evaluation.model.given(probabilities) != truth).any(axis=1)
    belief = np.where(truth, probabilities, 1 - probabilities).min(axis=1)
    order = np.argsort(belief, kind="stable")
    return [int(row) for row in order if wrong[row]][:n]
