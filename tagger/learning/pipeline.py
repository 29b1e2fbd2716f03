"""A model as the plain scikit-learn Pipeline that it is."""

from __future__ import annotations

import re
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.terms import FIRST_LINE, PLAIN, TOKEN_PATTERN

if TYPE_CHECKING:
    from collections.abc import Callable

    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import Pipeline

    from tagger.learning.model import Model


def as_pipeline(model: Model) -> Pipeline:
    """The model as a fitted Pipeline of scikit-learn's own classes.

    ``decision_function`` gives :meth:`Model.scores` and ``predict_proba`` gives
    :meth:`Model.probabilities`, shapes (n, K) for K of at least 2; for a single topic scikit-learn
    has shapes of its own, (n,) and, with the probability of "none" first, (n, 2). ``predict`` cuts
    at 0.5, shape (n, K), whatever the model's thresholds are and whether or not it always gives a
    topic; and ``classes_`` names the columns. Pickled or dumped with joblib, it loads wherever the
    same scikit-learn is, without this package.
    """
    from sklearn.pipeline import FeatureUnion, Pipeline  # noqa: PLC0415 - heavy

    starts = model.block_starts
    vectorizers = [
        (
            f"{number}-{block.kind}" + ("" if block.part == "whole" else f" of {block.part}"),
            _cutter(model, number, slice(starts[number], starts[number + 1])),
        )
        for number, block in enumerate(model.blocks)
        if model.terms[number]  # scikit-learn refuses an empty vocabulary
    ]
    return Pipeline([("terms", FeatureUnion(vectorizers)), ("topics", _lines(model))])


def _cutter(model: Model, number: int, part: slice) -> TfidfVectorizer | Pipeline:
    """One block's vectorizer, after steps that cut the first line out of each text if need be."""
    from sklearn.pipeline import Pipeline  # noqa: PLC0415 - heavy
    from sklearn.preprocessing import FunctionTransformer  # noqa: PLC0415 - heavy

    vectorizer = _vectorizer(model, number, part)
    if model.blocks[number].part == "whole":
        return vectorizer
    steps: dict[str, Callable[[str], str]] = {
        "lower case": methodcaller("lower"),
        "plain": methodcaller("translate", PLAIN),
        "first line": partial(re.sub, FIRST_LINE, r"\1"),
    }
    cuts = [(name, FunctionTransformer(partial(map, step))) for name, step in steps.items()]
    return Pipeline([*cuts, ("terms", vectorizer)])


def _vectorizer(model: Model, number: int, part: slice) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - heavy

    block, terms = model.blocks[number], model.terms[number]
    vectorizer = TfidfVectorizer(
        analyzer="word" if block.kind == "word" else "char_wb",
        ngram_range=(block.low, block.high),
        token_pattern=TOKEN_PATTERN,
        strip_accents=methodcaller("translate", PLAIN),
        vocabulary={term: i for i, term in enumerate(terms)},
        sublinear_tf=True,
    )
    vectorizer.idf_ = model.idf[part]
    return vectorizer


def _lines(model: Model) -> OneVsRestClassifier:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - heavy
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415 - heavy
    from sklearn.preprocessing import LabelBinarizer  # noqa: PLC0415 - heavy

    lines = OneVsRestClassifier(LogisticRegression())
    lines.label_binarizer_ = LabelBinarizer().fit([0, 1])
    # As if fitted on a table of 0 and 1: the answer is a set of topics, were it but one topic.
    lines.label_binarizer_.y_type_ = "multilabel-indicator"
    lines.classes_ = lines.label_binarizer_.classes_ = np.array(model.topics)
    lines.estimators_ = []
    for weights, intercept in zip(model.weights.T, model.intercepts, strict=True):
        line = LogisticRegression()
        line.coef_, line.intercept_ = np.ascontiguousarray(weights[None, :]), np.array([intercept])
        line.classes_ = np.array([0, 1])
        lines.estimators_.append(line)
    return lines
