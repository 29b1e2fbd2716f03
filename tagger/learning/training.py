"""Labelled texts become a model, and out-of-fold scores that tell what it is worth.

Every decision about probabilities and thresholds is taken on scores of texts that the scoring
fold had not seen, near-copies included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tagger.learning.calibration import fit_sigmoids
from tagger.learning.counting import count
from tagger.learning.fitting import Material, fit_all
from tagger.learning.folds import deal_folds
from tagger.learning.learnable import (
    always_one,
    blocks_for,
    named_rare,
    refuse_no_terms,
    untrained_topics,
)
from tagger.learning.model import Model, sigmoid
from tagger.learning.near_copies import group_near_copies
from tagger.learning.terms import Block, fold
from tagger.learning.thresholds import choose_thresholds

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from tagger.learning.fitting import Fit
    from tagger.records import LabeledExample, TopicId

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]


class Progress(Protocol):
    """Something that is told how far the work is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Hear that ``done`` of ``total`` steps of ``stage`` are done."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is made. The defaults were chosen by cross-validation (see benchmarks/).

    Args:
        blocks: the families of terms; those of first lines only where texts have them.
        idf_power: exponent on the inverse document frequency; above 1 rare terms weigh more.
        contrast: from 0 (none) to 1, how much a term's scale follows its contrast between the
            texts inside and outside a topic (see :mod:`.fitting`).
        penalty: LinearSVC's C.
        folds: how many folds give the out-of-fold scores.
        seed: of folds and solver; the same seed and data give the same model.
        workers: threads.
    """

    blocks: tuple[Block, ...] = (
        Block("word", 1, 2, min_df=2),
        Block("char", 4, 5, min_df=2, max_df=0.1),
        Block("word", 1, 2, min_df=2, part="first line", weight=0.7),
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
        untrained: topics with too few examples, never suggested, with their counts.
        said: where an example says whether it has a topic, shape (n, K): nothing is learned for
            a topic from the others, and ``truth`` means nothing there.
    """

    model: Model
    probabilities: Floats
    truth: Truth
    untrained: dict[TopicId, int]
    said: Truth


def train(
    examples: Sequence[LabeledExample],
    topics: Sequence[TopicId],
    recipe: Recipe | None = None,
    progress: Progress | None = None,
    struck: Mapping[TopicId, Collection[str]] | None = None,
    labels: Mapping[TopicId, str] | None = None,
) -> Training:
    """Train a model.

    A rare topic's own label is one more example of it: who has seen one paragraph on castor oil
    does better for knowing that "castor oil" is the word. On 90 topics of Reuters-21578 the mean
    average precision of the 51 rare ones rose from 0.44 to 0.55 by it, out of fold.

    Args:
        examples: to learn from.
        topics: to learn.
        recipe: how; the usual way for None.
        progress: is told how far the work is.
        struck: for topics the words that shall have no weight there (see :mod:`.strikes`).
        labels: what topics are called.

    Raises:
        LabelsError: no topic has enough examples, or no example has a word.
    """
    recipe, told = recipe or Recipe(), progress or _silent
    truth, said = truth_table(examples, topics), said_table(examples, topics)
    named = named_rare(truth, said, topics, labels or {})
    untrained = untrained_topics(truth, topics, named)
    told("counting terms", 0, 1)
    folded = [fold(example.text) for example in examples]
    recipe = replace(recipe, blocks=blocks_for(folded, recipe.blocks))
    folded += [fold(label) for label in named.values()]
    counts = [count(folded, block) for block in recipe.blocks]
    refuse_no_terms(counts)
    told("counting terms", 1, 1)
    groups = group_near_copies([example.text for example in examples])
    folds = deal_folds(truth, groups, recipe.folds, recipe.seed)
    words = [(struck or {}).get(topic, ()) for topic in topics]
    fits = fit_all(Material(counts, truth, said, words, tuple(named)), folds, recipe, told)
    margins = np.empty(truth.shape)
    for number, fit in enumerate(fits[:-1]):
        margins[folds == number] = fit.margins_of_rest
    return _finish(fits[-1], margins, truth, said, topics, untrained, recipe)


def truth_table(examples: Sequence[LabeledExample], topics: Sequence[TopicId]) -> Truth:
    """Which examples have which topics, shape (n, K)."""
    rows = [[topic in example.topics for topic in topics] for example in examples]
    return np.array(rows, bool).reshape(len(examples), len(topics))


def said_table(examples: Sequence[LabeledExample], topics: Sequence[TopicId]) -> Truth:
    """Which examples say whether they have which topics, shape (n, K)."""
    rows = [[topic not in example.unsaid for topic in topics] for example in examples]
    table = np.array(rows, bool).reshape(len(examples), len(topics))
    # A topic of which nothing at all is said cannot be learned: it counts as one that nobody has.
    return table | ~table.any(axis=0)


def _finish(
    fit: Fit,
    margins: Floats,
    truth: Truth,
    said: Truth,
    topics: Sequence[TopicId],
    untrained: dict[TopicId, int],
    recipe: Recipe,
) -> Training:
    """Calibrate on the out-of-fold margins and fold the calibration into the weights."""
    trained = np.array([topic not in untrained for topic in topics])
    rows = [np.flatnonzero(said[:, k]) for k in range(len(topics))]
    truths = [truth[r, k] for k, r in enumerate(rows)]
    slopes, offsets = fit_sigmoids([margins[r, k] for k, r in enumerate(rows)], truths)
    probabilities = sigmoid(slopes * margins + offsets)
    thresholds = choose_thresholds([probabilities[r, k] for k, r in enumerate(rows)], truths)
    model = Model(
        topics=tuple(topics),
        blocks=recipe.blocks,
        terms=fit.terms,
        idf=fit.idf,
        weights=fit.weights * slopes * trained,
        intercepts=fit.intercepts * slopes + offsets,
        thresholds=np.where(trained, thresholds, np.inf),
        always_one=always_one(truth, said),
    )
    return Training(model, probabilities, truth, untrained, said)


def _silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
