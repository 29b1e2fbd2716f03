"""One line a topic is fitted to labelled texts: tf-idf values in, weights and intercepts out.

scikit-learn's LinearSVC does the fitting. What is fitted to some texts is also asked about the
others, so that every decision after this can be taken on scores of texts nobody had seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.strikes import weighing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tagger.learning.counting import Counts
    from tagger.learning.terms import Block
    from tagger.learning.training import Progress, Recipe

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

# liblinear has one random generator for the whole process: two solvers at once would share its
# numbers out by chance, and the same seed would no longer give the same model.
_ONE_SOLVER = Lock()


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to learn from, for K topics: n texts, and the labels of rare topics.

    Args:
        counts: for each block of the recipe the terms of the texts and, after them, the labels.
        truth: which texts have which topics, shape (n, K).
        said: where they say so, shape (n, K).
        struck: for each topic the words that shall have no weight (see :mod:`.strikes`).
        labels: whose label it is, as a number of a topic, in the order of ``counts``.
    """

    counts: list[Counts]
    truth: Truth
    said: Truth
    struck: Sequence[Collection[str]]
    labels: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights learned on some texts, and the linear scores of the other texts."""

    terms: tuple[list[str], ...]
    idf: Floats
    weights: Floats
    intercepts: Floats
    margins_of_rest: Floats


def fit_all(
    material: Material, folds: NDArray[np.int64], recipe: Recipe, told: Progress
) -> list[Fit]:
    """Fit without each fold in turn and, last, on everything."""
    from joblib import Parallel, delayed  # noqa: PLC0415 - heavy, needed to train only

    rest_of_each = [folds == number for number in range(recipe.folds)]
    rest_of_each.append(np.zeros(len(folds), bool))
    # Threads share the counts without copies.
    jobs = Parallel(n_jobs=recipe.workers, backend="threading", return_as="generator")(
        delayed(_fit)(material, rest, recipe) for rest in rest_of_each
    )
    fits = []
    told("training", 0, len(rest_of_each))
    for done, fit in enumerate(jobs, 1):
        fits.append(fit)
        told("training", done, len(rest_of_each))
    return fits


def _fit(material: Material, rest: NDArray[np.bool_], recipe: Recipe) -> Fit:
    from scipy.sparse import hstack  # noqa: PLC0415 - heavy, needed to train only

    # A label is learned from, but it is no text: terms are not the more frequent for it.
    counted = np.append(~rest, np.zeros(len(material.labels), bool))
    parts = [
        weigh(block_counts, block, counted, recipe.idf_power)
        for block_counts, block in zip(material.counts, recipe.blocks, strict=True)
    ]
    table = hstack([part.values for part in parts], format="csr")
    table.sort_indices()  # all topics share them: no solver may sort them on its way
    texts = table[: len(rest)]
    seen = _Seen.of(texts[~rest])
    own_labels = dict(zip(material.labels, table[len(rest) :], strict=True))
    names = [part.terms for part in parts]
    lines = []
    for k, words in enumerate(material.struck):
        has, known = material.truth[~rest, k], material.said[~rest, k]
        own, has = _lessons_of(seen, has, known, own_labels.get(k))
        lines.append(_fit_topic(own, has, weighing(recipe.blocks, names, words), recipe))
    weights = np.stack([weights for weights, _ in lines], axis=1)
    intercepts = np.array([intercept for _, intercept in lines])
    return Fit(
        terms=tuple(names),
        idf=np.concatenate([part.idf for part in parts]),
        weights=weights * _lengths(recipe.blocks, names)[:, None],
        intercepts=intercepts,
        margins_of_rest=texts[rest] @ weights + intercepts,
    )


def _lengths(blocks: Sequence[Block], terms: Sequence[Sequence[str]]) -> Floats:
    """The weight of each term's block, shape (J,)."""
    pairs = zip(blocks, terms, strict=True)
    return np.concatenate([np.full(len(own), block.weight) for block, own in pairs])


def _lessons_of(
    seen: _Seen, has: Truth, known: Truth, label: csr_matrix | None
) -> tuple[_Seen, Truth]:
    """One topic's rows: those that speak of it and, where there is one, its own label."""
    from scipy.sparse import vstack  # noqa: PLC0415 - heavy, needed to train only

    values = seen.values if known.all() else seen.values[known]  # a copy nearly none needs
    if label is not None and label.nnz:
        values, has = vstack([values, label], format="csr"), np.append(has[known], True)
        return _Seen.of(values), has
    return (seen if values is seen.values else _Seen.of(values)), has[known]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The tf-idf values a line is fitted to, with what every topic needs to know of each term.

    Args:
        values: shape (n, J).
        mass: the sum of a term's values, shape (J,).
        energy: the sum of their squares, shape (J,).
    """

    values: csr_matrix
    mass: Floats
    energy: Floats

    @classmethod
    def of(cls, values: csr_matrix) -> _Seen:
        """Sum up once what all topics share."""
        size = values.shape[1]
        return cls(
            values,
            mass=_sums(values.data, values.indices, size),
            energy=_sums(values.data**2, values.indices, size),
        )


@dataclass(frozen=True, slots=True)
class Weighed:
    """One block's terms, their idf, and the tf-idf values of all texts."""

    terms: list[str]
    idf: Floats
    values: csr_matrix


def weigh(counts: Counts, block: Block, seen: NDArray[np.bool_], power: float) -> Weighed:
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
    values = (diags(block.weight / lengths) @ table).tocsr()
    return Weighed([counts.terms[j] for j in kept], idf, values)


def _sums(values: Floats, terms: NDArray[np.int32], size: int) -> Floats:
    return np.bincount(terms, weights=values, minlength=size).astype(np.float64, copy=False)


def _fit_topic(
    seen: _Seen, has: NDArray[np.bool_], weighs: Floats, recipe: Recipe
) -> tuple[Floats, float]:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - heavy, needed to train only
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - heavy, needed to train only

    values = seen.values
    if not 0 < has.sum() < len(has) or not values.nnz:  # one class or no term: no line to draw
        return np.zeros(values.shape[1]), -1.0
    scale = _contrast(seen, has, recipe.contrast) * weighs
    scaled = csr_matrix(
        (values.data * scale[values.indices], values.indices, values.indptr), values.shape
    )
    line = LinearSVC(C=recipe.penalty, tol=0.1, max_iter=1000, random_state=recipe.seed)
    with _ONE_SOLVER:
        line.fit(scaled, has)
    return line.coef_[0] * scale, float(line.intercept_[0])


def _contrast(seen: _Seen, has: NDArray[np.bool_], strength: float) -> Floats:
    """A scale for each term, shape (J,): how unlike its weight is inside and outside a topic.

    The log-count ratio of Wang and Manning (2012, NB-SVM), its magnitude only, scaled to a mean
    square of 1 over the values and mixed with 1: the solver then spends its freedom on terms that
    tell the topic apart. The scale is folded into the weights, so the scorer stays linear.
    """
    inside = np.asarray(seen.values[has].sum(axis=0)).ravel()
    outside = np.maximum(seen.mass - inside, 0.0) + 1.0  # rounding may leave a bit less than none
    inside += 1.0
    ratio = np.abs(np.log(inside / inside.sum() / (outside / outside.sum())))
    typical = np.sqrt(np.sum(seen.energy * ratio**2) / np.sum(seen.energy))
    return np.asarray(1 - strength + strength * ratio / max(typical, 1e-12))
