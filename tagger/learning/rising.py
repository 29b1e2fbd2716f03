"""Words that many more paragraphs hold than training would have it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagger.learning.baseline import Baseline
    from tagger.learning.model import Model

_G2 = 15.13  # Rayson and Garside (2000): p < 0.0001 for one word
_RISES = 3.0  # times as frequent as in training
_FEWEST_TEXTS = 3
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class RisingWord:
    """A word that many more paragraphs hold than training would have it; shares of paragraphs."""

    word: str
    paragraphs: int
    now: float
    before: float


def rising_words(
    held: Mapping[str, int], n: int, model: Model, before: Baseline
) -> tuple[RisingWord, ...]:
    """The words that rise, the clearest first.

    Args:
        held: how many of the paragraphs hold each word.
        n: how many paragraphs there are.
        model: its terms and their idf tell how many training texts held a word.
        before: what its training texts were like.
    """
    found = sorted(_gains(held, n, model, before), key=lambda pair: -pair[0])
    return tuple(word for gain, word in found if gain > _G2)


def _gains(
    held: Mapping[str, int], n: int, model: Model, before: Baseline
) -> Iterator[tuple[float, RisingWord]]:
    known = _texts_with_words(model, before)
    for word, count in held.items():
        # Figures and codes come and go with every day.
        if count < _FEWEST_TEXTS or not _LETTER.search(word):
            continue
        was = known.get(word, 0.0)
        now, then = count / n, was / before.texts
        if now > _RISES * then:
            yield (
                log_likelihood_ratio(count, n, was, before.texts),
                RisingWord(word, count, now, then),
            )


def log_likelihood_ratio(count: float, n: float, before: float, texts: float) -> float:
    """Dunning's G2 (1993) of a word in ``count`` of ``n`` and in ``before`` of ``texts``."""
    rate = (count + before) / (n + texts)
    terms = [(count, n * rate), (before, texts * rate)]
    return 2 * sum(float(seen * np.log(seen / expected)) for seen, expected in terms if seen)


def _texts_with_words(model: Model, before: Baseline) -> dict[str, float]:
    """How many training texts hold each known word, read back from its idf."""
    for block, terms, start in zip(model.blocks, model.terms, model.block_starts, strict=False):
        if block.kind == "word":
            idf = model.idf[start : start + len(terms)]
            held = (1 + before.texts) / np.exp(idf ** (1 / before.idf_power) - 1) - 1
            return dict(zip(terms, held.tolist(), strict=True))
    return {}
