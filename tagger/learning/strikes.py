"""Struck words: what an editor says tells nothing about a topic has no weight there.

Striking a word takes away, in that topic, all terms that are cut from it: the word, every word
pair with it, and every character n-gram of it, those that other words share included. So its
contribution is 0 in every text, exactly, and the model stays plain tf-idf with a line a topic. The
topic is learned without these terms, so that other words take over what was right in them.

What is left is length: a struck word still makes a paragraph longer, so that each other word of it
weighs a little less, as any word without a weight does. Inflections are words of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.errors import InputError
from tagger.learning.terms import Block, char_terms, fold, tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray


def read_word(typed: str) -> str:
    """A word as the model reads it: folded, without the s of a genitive.

    Raises:
        InputError: it is no word, or several.
    """
    chunks = fold(typed).split()
    words = [chunk for chunk in chunks if len(chunk) > 1] or chunks
    if not words:
        raise InputError(f"{typed!r} holds no word.", "Give one word, such as Odesa.")
    if len(words) > 1:
        raise InputError(
            f"{typed!r} is read as {len(words)} words: {', '.join(words)}.",
            "Strike them one by one: a pair of words loses its weight with either of them.",
        )
    if (inside := tokens(words[0])) not in ([], words):
        raise InputError(
            f"{typed!r} is read as one piece that holds {', '.join(inside)}.",
            "Strike the word without the signs beside it.",
        )
    return words[0]


def weighing(
    blocks: Sequence[Block], terms: Sequence[Sequence[str]], struck: Collection[str]
) -> NDArray[np.float64]:
    """For each term of all blocks whether it may have a weight: 0 where it is cut from a word.

    Args:
        blocks: the families of terms.
        terms: the terms of each block.
        struck: words as :func:`read_word` gives them.

    Returns:
        Zeros and ones, shape (J,).
    """
    if not struck:
        return np.ones(sum(map(len, terms)))
    kept = [
        term not in gone
        for block, own in zip(blocks, terms, strict=True)
        for gone in [_cut_from(struck, block, own)]
        for term in own
    ]
    return np.array(kept, np.float64)


def _cut_from(words: Collection[str], block: Block, terms: Sequence[str]) -> set[str]:
    if block.kind == "char":
        return {term for word in words for term in char_terms(word, block.low, block.high)}
    return {term for term in terms if not set(words).isdisjoint(term.split(" "))}
