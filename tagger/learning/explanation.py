"""Why a paragraph got a topic, or did not: the words that speak for and against, to the last bit.

A linear score is a sum over terms, so the explanation is not an estimate: the contributions of
all terms plus the intercept *are* the score. For people, each term's share is handed to the words
it was cut from (a word pair's to both words, a character n-gram's to the word around it), so that
the sum over the words plus the intercept is still the score.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.model import sigmoid
from tagger.learning.terms import chunk_spans, fold, located_terms, origins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.records import TopicId


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, ``text[start:end]``, and what it adds to the linear score."""

    text: str
    start: int
    end: int
    contribution: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One topic's score for one text, taken apart.

    ``intercept + sum(word contributions) == score`` within 1e-9, and likewise over ``terms``.

    Args:
        topic: which topic.
        probability: calibrated.
        threshold: the probability from which the topic is given.
        score: the linear score, in calibrated log-odds.
        needed: the score at the threshold: ``score - needed`` is the distance to it.
        intercept: the score of a text without a single known term.
        words: in reading order, those without known terms included.
        terms: each term's contribution, largest magnitude first; ``word:``/``char:`` tells the
            block, and ``first line word:`` that it counts as a word of the title besides.
        nearest: it is given although below its threshold, because every text gets a topic and no
            other comes nearer to its own (see :attr:`Model.always_one`).
    """

    topic: TopicId
    probability: float
    threshold: float
    score: float
    needed: float
    intercept: float
    words: tuple[Word, ...]
    terms: tuple[tuple[str, float], ...]
    nearest: bool = False

    @property
    def given(self) -> bool:
        """Whether the text gets the topic."""
        return self.nearest or self.probability >= self.threshold

    def strongest(self, n: int, *, against: bool = False) -> list[Word]:
        """The ``n`` words that speak loudest for the topic, or against it; repeats are summed."""
        sign = -1 if against else 1
        loud = [word for word in self._distinct_words() if sign * word.contribution > 0]
        return sorted(loud, key=lambda word: -sign * word.contribution)[:n]

    def _distinct_words(self) -> list[Word]:
        """Each distinct word once, with the sum of its contributions."""
        sums: dict[str, float] = defaultdict(float)
        first: dict[str, Word] = {}
        for word in self.words:
            sums[word.text.casefold()] += word.contribution
            first.setdefault(word.text.casefold(), word)
        return [replace(word, contribution=sums[key]) for key, word in first.items()]


def explain(model: Model, text: str) -> list[Explanation]:
    """Take every topic's score for a text apart, in the model's order of topics."""
    numbers, values = model.vector(text)
    shares = values[:, None] * model.weights[numbers]
    scores = shares.sum(axis=0) + model.intercepts
    probabilities = sigmoid(scores)
    nearest = model.given(probabilities[None, :])[0] & (probabilities < model.thresholds)
    words, by_word = _shares_of_words(model, text, numbers, shares)
    names = [_term_name(model, int(number)) for number in numbers]
    return [
        Explanation(
            topic=topic,
            probability=float(probabilities[k]),
            threshold=float(model.thresholds[k]),
            score=float(scores[k]),
            needed=_log_odds(float(model.thresholds[k])),
            intercept=float(model.intercepts[k]),
            words=tuple(
                Word(text[start:end], start, end, float(share))
                for (start, end), share in zip(words, by_word[:, k], strict=True)
            ),
            terms=_by_magnitude(names, shares[:, k]),
            nearest=bool(nearest[k]),
        )
        for k, topic in enumerate(model.topics)
    ]


def _log_odds(probability: float) -> float:
    return math.log(probability / (1 - probability)) if 0 < probability < 1 else math.inf


def _by_magnitude(names: list[str], shares: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-np.abs(shares), kind="stable")
    return tuple((names[i], float(shares[i])) for i in order)


def _term_name(model: Model, number: int) -> str:
    for block, terms, start in zip(model.blocks, model.terms, model.block_starts, strict=False):
        if number < start + len(terms):
            part = "" if block.part == "whole" else f"{block.part} "
            return f"{part}{block.kind}:{terms[number - start]}"
    raise IndexError(number)


def _shares_of_words(
    model: Model, text: str, numbers: NDArray[np.int64], shares: NDArray[np.float64]
) -> tuple[list[tuple[int, int]], NDArray[np.float64]]:
    """Hand each term's share to the words it was cut from, equally to each occurrence."""
    folded, back = fold(text), origins(text)
    spans = [(back[start], back[end]) for start, end in chunk_spans(folded)]
    by_word = np.zeros((len(spans), shares.shape[1]))
    places = _places(model, folded)
    for number, share in zip(numbers.tolist(), shares, strict=True):
        found = places[number]
        part = share / sum(map(len, found))
        for occurrence in found:
            for word in occurrence:
                by_word[word] += part
    return spans, by_word


def _places(model: Model, folded: str) -> dict[int, list[tuple[int, ...]]]:
    """Where each known term stands: for every occurrence the words it was cut from."""
    places: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for index, start in zip(model.indexes, model.block_starts, strict=False):
        for term, words in located_terms(folded, index.block):
            number = index.number(term)
            if number is not None:
                places[start + number].append(words)
    return places
