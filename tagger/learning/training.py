"""Labelled texts become a model, and out-of-fold scores that tell what it is worth.

Every decision about probabilities and thresholds is taken on scores of texts that the scoring
fold had not seen, near-copies included.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tagger.errors import LabelsError
from tagger.learning.calibration import fit_sigmoid
from tagger.learning.folds import deal_folds
from tagger.learning.model import Model, sigmoid
from tagger.learning.near_copies import group_near_copies
from tagger.learning.terms import Block, Counts, count, fold
from tagger.learning.thresholds import choose_threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tagger.records import LabeledExample, TopicId

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

# liblinear has one random generator for the whole process: two solvers at once would share its
# numbers out by chance, and the same seed would no longer give the same model.
_ONE_SOLVER = Lock()

FEWEST = 2
"""A topic with fewer examples than this is left out of training, and named."""


class Progress(Protocol):
    """Something that is told how far the work is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Hear that ``done`` of ``total`` steps of ``stage`` are done."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made. The defaults were chosen by cross-validation (see benchmarks/).

    Args:
        blocks: the families of terms.
        idf_power: exponent on the inverse document frequency; above 1 rare terms weigh more.
        contrast: from 0 (none) to 1, how much a term's scale follows its contrast between the
            texts inside and outside a topic (see :func:`_contrast`).
        penalty: LinearSVC's C.
        folds: how many folds give the out-of-fold scores.
        seed: of folds and solver; the same seed and data give the same model.
        workers: threads.
    """

    blocks: tuple[Block, ...] = (
        Block("word", 1, 2, min_df=2),
        Block("char", 4, 5, min_df=2, max_df=0.1),
    )
    idf_power: float = 2.0
    contrast: float = 0.3
    penalty: float = 0.5
    folds: int = 5
    seed: int = 0
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Training:
    """A trained model with what it was judged on.

    Args:
        model: the model, fitted on all examples.
        probabilities: out-of-fold, calibrated, shape (n, K).
        truth: shape (n, K).
        untrained: topics with fewer than :data:`FEWEST` examples, never suggested, with counts.
    """

    model: Model
    probabilities: Floats
    truth: Truth
    untrained: dict[TopicId, int]


def train(
    examples: Sequence[LabeledExample],
    topics: Sequence[TopicId],
    recipe: Recipe | None = None,
    progress: Progress | None = None,
) -> Training:
    """Train a model.

    Raises:
        LabelsError: no topic has enough examples, or no example has a word.
    """
    recipe, told = recipe or Recipe(), progress or _silent
    truth = truth_table(examples, topics)
    untrained = _untrained(truth, topics)
    told("counting terms", 0, 1)
    folded = [fold(example.text) for example in examples]
    counts = [count(folded, block) for block in recipe.blocks]
    _refuse_no_terms(counts)
    told("counting terms", 1, 1)
    groups = group_near_copies([example.text for example in examples])
    folds = deal_folds(truth, groups, recipe.folds, recipe.seed)
    fits = _fit_all(counts, truth, folds, recipe, told)
    margins = np.empty(truth.shape)
    for number, fit in enumerate(fits[:-1]):
        margins[folds == number] = fit.margins_of_rest
    return _finish(fits[-1], margins, truth, topics, untrained, recipe)


def truth_table(examples: Sequence[LabeledExample], topics: Sequence[TopicId]) -> Truth:
    """Which examples have which topics, shape (n, K)."""
    rows = [[topic in example.topics for topic in topics] for example in examples]
    return np.array(rows, bool).reshape(len(examples), len(topics))


def _untrained(truth: Truth, topics: Sequence[TopicId]) -> dict[TopicId, int]:
    counts = dict(zip(topics, truth.sum(axis=0).tolist(), strict=True))
    if not any(FEWEST <= n < len(truth) for n in counts.values()):
        found = ", ".join(f"{topic}: {n}" for topic, n in counts.items())
        raise LabelsError(
            f"There is nothing to learn from {len(truth)} labelled texts ({found}).",
            f"Label at least {FEWEST} paragraphs with a topic and some without it "
            "(30 of each are a sensible start).",
        )
    return {topic: n for topic, n in counts.items() if n < FEWEST}


def _refuse_no_terms(counts: list[Counts]) -> None:
    if not any(block_counts.terms for block_counts in counts):
        raise LabelsError(
            "There is nothing to learn: not one labelled text holds a word.",
            "Label paragraphs that consist of words.",
        )


@dataclass(frozen=True, slots=True)
class _Fit:
    """Weights learned on some rows, and the linear scores of the other rows."""

    terms: tuple[list[str], ...]
    idf: Floats
    weights: Floats
    intercepts: Floats
    margins_of_rest: Floats


def _fit_all(
    counts: list[Counts], truth: Truth, folds: NDArray[np.int64], recipe: Recipe, told: Progress
) -> list[_Fit]:
    """Fit without each fold in turn and, last, on everything."""
    from joblib import Parallel, delayed  # noqa: PLC0415 - heavy, needed to train only

    rest_of_each = [folds == number for number in range(recipe.folds)]
    rest_of_each.append(np.zeros(len(folds), bool))
    # Threads share the counts without copies.
    jobs = Parallel(n_jobs=recipe.workers, backend="threading", return_as="generator")(
        delayed(_fit)(counts, truth, rest, recipe) for rest in rest_of_each
    )
    fits = []
    told("training", 0, len(rest_of_each))
    for done, fit in enumerate(jobs, 1):
        fits.append(fit)
        told("training", done, len(rest_of_each))
    return fits


def _fit(counts: list[Counts], truth: Truth, rest: NDArray[np.bool_], recipe: Recipe) -> _Fit:
    from scipy.sparse import hstack  # noqa: PLC0415 - heavy, needed to train only

    parts = [
        _weigh(block_counts, block, ~rest, recipe.idf_power)
        for block_counts, block in zip(counts, recipe.blocks, strict=True)
    ]
    table = hstack([part.values for part in parts], format="csr")
    seen = table[~rest]
    lines = [_fit_topic(seen, has, recipe) for has in truth[~rest].T]
    weights = np.stack([weights for weights, _ in lines], axis=1)
    intercepts = np.array([intercept for _, intercept in lines])
    return _Fit(
        terms=tuple(part.terms for part in parts),
        idf=np.concatenate([part.idf for part in parts]),
        weights=weights,
        intercepts=intercepts,
        margins_of_rest=table[rest] @ weights + intercepts,
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One block's terms, their idf, and the tf-idf values of all texts."""

    terms: list[str]
    idf: Floats
    values: csr_matrix


def _weigh(counts: Counts, block: Block, seen: NDArray[np.bool_], power: float) -> _Weighed:
    """Tf-idf with vocabulary and document frequencies of the seen rows only."""
    from scipy.sparse import csr_matrix, diags  # noqa: PLC0415 - heavy, needed to train only

    shape = (len(counts.indptr) - 1, len(counts.terms))
    table = csr_matrix((counts.data, counts.indices, counts.indptr), shape=shape)
    frequency = np.bincount(table[seen].indices, minlength=shape[1])
    most = block.max_df * seen.sum()
    kept = np.flatnonzero((frequency >= block.min_df) & (frequency <= most))
    if not len(kept):  # a handful of texts: better rare terms than none
        kept = np.flatnonzero(frequency)
    table = table[:, kept]
    # scikit-learn's smoothed idf, with an exponent of our own
    idf = (np.log((1 + seen.sum()) / (1 + frequency[kept])) + 1) ** power
    table.data = (1.0 + np.log(table.data)) * idf[table.indices]
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    return _Weighed([counts.terms[j] for j in kept], idf, (diags(1 / lengths) @ table).tocsr())


def _fit_topic(values: csr_matrix, has: NDArray[np.bool_], recipe: Recipe) -> tuple[Floats, float]:
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - heavy, needed to train only

    if not 0 < has.sum() < len(has) or not values.nnz:  # one class or no term: no line to draw
        return np.zeros(values.shape[1]), -1.0
    scale = _contrast(values, has, recipe.contrast)
    scaled = values.copy()
    scaled.data = scaled.data * scale[scaled.indices]
    line = LinearSVC(C=recipe.penalty, tol=0.1, max_iter=1000, random_state=recipe.seed)
    with _ONE_SOLVER:
        line.fit(scaled, has)
    return line.coef_[0] * scale, float(line.intercept_[0])


def _contrast(values: csr_matrix, has: NDArray[np.bool_], strength: float) -> Floats:
    """A scale for each term, shape (J,): how unlike its weight is inside and outside a topic.

    The log-count ratio of Wang and Manning (2012, NB-SVM), its magnitude only, scaled to a mean
    square of 1 over the values and mixed with 1: the solver then spends its freedom on terms that
    tell the topic apart. The scale is folded into the weights, so the scorer stays linear.
    """
    inside = np.asarray(values[has].sum(axis=0)).ravel() + 1.0
    outside = np.asarray(values[~has].sum(axis=0)).ravel() + 1.0
    ratio = np.abs(np.log(inside / inside.sum() / (outside / outside.sum())))
    energy = np.bincount(values.indices, weights=values.data**2, minlength=values.shape[1])
    typical = np.sqrt(np.sum(energy * ratio**2) / np.sum(energy))
    return np.asarray(1 - strength + strength * ratio / max(typical, 1e-12))


def _finish(
    fit: _Fit,
    margins: Floats,
    truth: Truth,
    topics: Sequence[TopicId],
    untrained: dict[TopicId, int],
    recipe: Recipe,
) -> Training:
    """Calibrate on the out-of-fold margins and fold the calibration into the weights."""
    trained = np.array([topic not in untrained for topic in topics])
    sigmoids = np.array([fit_sigmoid(margins[:, k], truth[:, k]) for k in range(len(topics))])
    slopes, offsets = sigmoids[:, 0], sigmoids[:, 1]
    probabilities = sigmoid(slopes * margins + offsets)
    thresholds = [choose_threshold(probabilities[:, k], truth[:, k]) for k in range(len(topics))]
    model = Model(
        topics=tuple(topics),
        blocks=recipe.blocks,
        terms=fit.terms,
        idf=fit.idf,
        weights=fit.weights * slopes * trained,
        intercepts=fit.intercepts * slopes + offsets,
        thresholds=np.where(trained, thresholds, np.inf),
    )
    return Training(model, probabilities, truth, untrained)


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
