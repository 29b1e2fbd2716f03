"""A model's terms and weights as flat arrays, laid out for the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tagger.learning.compiled.folding import (
    code_points,
    flagged_codes,
    folded_code_points,
    numbered_letters,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.learning.terms import Block

    Keys = NDArray[np.uint64]

EMPTY = np.uint64(2**64 - 1)
"""The key of a free row; no term has it."""
LONG = np.uint64(1 << 63)
"""Flag of a key that several tokens may share, so that their letters must be compared."""
NO_UNIGRAM = np.uint64(2**32 - 1)
"""The term number of a token that is known from pairs only."""

_MOST_REPEATS = 1 << 16  # no real paragraph has more; 0.5 MB of logarithms


class Tables(NamedTuple):
    """What the kernel reads, for J terms, K topics.

    Hash tables have two columns, key and value, and a power of two of rows, :data:`EMPTY` keys in
    free ones; a key stands at ``mix(key)`` or in the next free row.

    Args:
        codes: for each code point the folded one with flags.
        letters: for each code point the number of its folded letter in ``grams``.
        tokens: token key -> token id << 32 | term number of the word (or :data:`NO_UNIGRAM`).
        spelling: the code points of all tokens.
        spelling_starts: where each token id's begin, and their end.
        pairs: token id << 32 | token id -> term number of the word pair.
        grams: ``bits`` bits a letter -> term number of the character n-gram.
        masks: for each n the bits of n letters.
        words: whether there is a word block.
        low: smallest n of the character n-grams.
        high: largest n; 0 without a block of them.
        bits: bits a letter.
        block_starts: where each block's terms begin, and J.
        lines: idf and weights of each term, shape (J, 1 + K).
        intercepts: shape (K,).
        logs: ``logs[n]`` is 1 + ln(n).
    """

    codes: NDArray[np.uint32]
    letters: NDArray[np.uint16]
    tokens: Keys
    spelling: NDArray[np.uint32]
    spelling_starts: NDArray[np.int64]
    pairs: Keys
    grams: Keys
    masks: Keys
    words: bool
    low: int
    high: int
    bits: int
    block_starts: NDArray[np.int64]
    lines: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    logs: NDArray[np.float64]


def obstacle(model: Model) -> str | None:
    """What about the model the tables cannot hold; None where they hold it all."""
    kinds = [block.kind for block in model.blocks]
    if len(set(kinds)) < len(kinds):
        return "it has two blocks of one kind"
    for block, terms in zip(model.blocks, model.terms, strict=True):
        if block.kind == "word" and block.high > 2:
            return "it counts runs of more than two words"
        if block.kind == "char" and len(_alphabet(terms)) >= 2 ** _bits(block) - 1:
            return f"its {block.high}-grams use too many different letters"
    return None


def make_tables(model: Model) -> Tables:
    """Lay a model out for the kernel; :func:`obstacle` must have found none."""
    folded = folded_code_points()
    words, pairs, number_of_grams = _no_terms(), _no_terms(), _no_terms()
    low = high = bits = 0
    alphabet: dict[str, int] = {}
    starts = model.block_starts
    for block, terms, start in zip(model.blocks, model.terms, starts, strict=False):
        if block.kind == "word":
            words, pairs = _words_and_pairs(block, terms, start)
        else:
            low, high, bits, alphabet = block.low, block.high, _bits(block), _alphabet(terms)
            number_of_grams = {term: start + i for i, term in enumerate(terms) if len(term) <= high}
    ids = {token: id_ for id_, token in enumerate(_tokens_of(words, pairs))}
    return Tables(
        codes=flagged_codes(folded),
        letters=numbered_letters(folded, alphabet),
        tokens=_token_table(ids, words),
        spelling=code_points("".join(ids)),
        spelling_starts=np.cumsum([0, *map(len, ids)], dtype=np.int64),
        pairs=_pair_table(ids, pairs),
        grams=_gram_table(number_of_grams, alphabet, bits),
        masks=np.array([(1 << bits * n) - 1 for n in range(high + 1)], np.uint64),
        words=any(block.kind == "word" for block in model.blocks),
        low=low,
        high=high,
        bits=bits,
        block_starts=np.array(starts, np.int64),
        lines=np.column_stack([model.idf, model.weights]),
        intercepts=np.array(model.intercepts),
        logs=1.0 + np.log(np.maximum(np.arange(_MOST_REPEATS, dtype=np.float64), 1.0)),
    )


def _no_terms() -> dict[str, int]:
    return {}


def _bits(block: Block) -> int:
    return min(64 // block.high, 16)


def _alphabet(terms: Sequence[str]) -> dict[str, int]:
    """A number for every letter in the terms, from 1 on; the space has :data:`SPACE`."""
    letters = [" ", *sorted(set("".join(terms)) - {" "})]
    return {letter: number for number, letter in enumerate(letters, 1)}


def _words_and_pairs(
    block: Block, terms: Sequence[str], start: int
) -> tuple[dict[str, int], dict[str, int]]:
    """The term numbers of single words and of pairs; only such as the block cuts."""
    words, pairs = _no_terms(), _no_terms()
    for number, term in enumerate(terms, start):
        spaces = term.count(" ")
        if spaces == 0 and block.low == 1:
            words[term] = number
        elif spaces == 1 and block.high == 2:
            pairs[term] = number
    return words, pairs


def _tokens_of(words: dict[str, int], pairs: dict[str, int]) -> dict[str, None]:
    """Every token of the terms once."""
    return dict.fromkeys([*words, *(token for pair in pairs for token in pair.split(" "))])


def token_key(token: str) -> int:
    """A token's key: exact for up to eight ASCII letters, else flagged :data:`LONG`."""
    key = 0
    for letter in token:
        key = (key << 8 & 2**64 - 1 | key >> 56) ^ ord(letter)
    # Two bits shorter and one flag longer, a long token's key is never EMPTY nor a short one's.
    return key if len(token) <= 8 and token.isascii() else key >> 2 | int(LONG)


def _token_table(ids: dict[str, int], words: dict[str, int]) -> Keys:
    keys = np.array([token_key(token) for token in ids], np.uint64)
    values = [id_ << 32 | words.get(token, int(NO_UNIGRAM)) for token, id_ in ids.items()]
    return hash_table(keys, np.array(values, np.uint64))


def _pair_table(ids: dict[str, int], pairs: dict[str, int]) -> Keys:
    split = [pair.split(" ") for pair in pairs]
    keys = [ids[first] << 32 | ids[second] for first, second in split]
    return hash_table(np.array(keys, np.uint64), np.array(list(pairs.values()), np.uint64))


def _gram_table(numbers: dict[str, int], alphabet: dict[str, int], bits: int) -> Keys:
    keys = []
    for gram in numbers:
        key = 0
        for letter in gram:
            key = key << bits | alphabet[letter]
        keys.append(key)
    return hash_table(np.array(keys, np.uint64), np.array(list(numbers.values()), np.uint64))


def mix(keys: Keys) -> Keys:
    """Scatter keys over 64 bits, one to one."""
    keys = keys * np.uint64(0x9E3779B97F4A7C15)
    keys ^= keys >> np.uint64(32)
    keys *= np.uint64(0xD6E8FEB86659FD93)
    return keys ^ keys >> np.uint64(29)


def hash_table(keys: Keys, values: Keys) -> Keys:
    """A hash table as the kernel reads it, at most two thirds full and never without a free row."""
    size = 1 << (len(keys) * 3 // 2).bit_length()
    table = np.full((size, 2), EMPTY)
    slots = (mix(keys) & np.uint64(size - 1)).astype(np.int64)
    pending = np.arange(len(keys))
    claims = np.empty(size, np.int64)
    while len(pending):
        claims[slots[pending]] = pending  # of several that want one row, the last gets it
        wins = (table[slots[pending], 0] == EMPTY) & (claims[slots[pending]] == pending)
        placed = pending[wins]
        table[slots[placed], 0], table[slots[placed], 1] = keys[placed], values[placed]
        pending = pending[~wins]
        slots[pending] = (slots[pending] + 1) & (size - 1)
    return table
