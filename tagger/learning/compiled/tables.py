"""A model's terms and weights as flat arrays, laid out for the kernel."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tagger.learning.compiled.folding import code_points, flagged_codes, numbered_letters
from tagger.learning.compiled.hashing import hash_table, token_key
from tagger.learning.terms import char_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.learning.terms import Block

    Keys = NDArray[np.uint64]

NO_UNIGRAM = np.uint64(2**32 - 1)
"""The term number of a token that is known from pairs only."""

LINE = 8
"""Floats in a cache line."""

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
        title_words: token id -> term number of the word in a first line, or -1; empty where the
            model counts none.
        title_pairs: as ``pairs``, in first lines.
        chunk_starts: where each token id's begin in ``chunk_grams``, and their end.
        chunk_grams: term numbers of the character n-grams of chunks that are just a known token.
        grams: ``bits`` bits a letter -> term number of the character n-gram.
        masks: for each n the bits of n letters.
        words: whether there is a word block.
        low: smallest n of the character n-grams.
        high: largest n; 0 without a block of them.
        bits: bits a letter.
        block_starts: where each block's terms begin, and J.
        lines: idf and weights of each term and zeros, in whole cache lines: shape (J, n * LINE).
        intercepts: shape (K,).
        logs: ``logs[n]`` is 1 + ln(n).
    """

    codes: NDArray[np.uint32]
    letters: NDArray[np.uint16]
    tokens: Keys
    spelling: NDArray[np.uint32]
    spelling_starts: NDArray[np.int64]
    pairs: Keys
    title_words: NDArray[np.int64]
    title_pairs: Keys
    chunk_starts: NDArray[np.int64]
    chunk_grams: NDArray[np.int32]
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
    families = [(block.kind, block.part) for block in model.blocks]
    if len(set(families)) < len(families):
        return "it has two blocks of one kind"
    if ("char", "first line") in families:
        return "it counts the letters of first lines"
    for block, terms in zip(model.blocks, model.terms, strict=True):
        if block.kind == "word" and block.high > 2:
            return "it counts runs of more than two words"
        if block.kind == "char" and len(_alphabet(terms)) >= 2 ** _bits(block) - 1:
            return f"its {block.high}-grams use too many different letters"
    return None


def make_tables(model: Model) -> Tables:
    """Lay a model out for the kernel; :func:`obstacle` must have found none."""
    words, pairs, number_of_grams = _no_terms(), _no_pairs(), _no_terms()
    title_words, title_pairs = _no_terms(), _no_pairs()
    low = high = bits = 0
    alphabet: dict[str, int] = {}
    starts = model.block_starts
    for block, terms, start in zip(model.blocks, model.terms, starts, strict=False):
        if block.kind == "char":
            low, high, bits, alphabet = block.low, block.high, _bits(block), _alphabet(terms)
            number_of_grams = {term: start + i for i, term in enumerate(terms) if len(term) <= high}
        elif block.part == "first line":
            title_words, title_pairs = _words_and_pairs(block, terms, start)
        else:
            words, pairs = _words_and_pairs(block, terms, start)
    ids = _ids_of(chain(words, title_words, *pairs, *title_pairs))
    chunk_starts, chunk_grams = _known_chunks(ids, number_of_grams, low, high)
    return Tables(
        codes=flagged_codes(),
        letters=numbered_letters(alphabet),
        tokens=_token_table(ids, words),
        spelling=code_points("".join(ids)),
        spelling_starts=np.cumsum([0, *map(len, ids)], dtype=np.int64),
        pairs=_pair_table(ids, pairs),
        title_words=_title_numbers(ids, title_words, title_pairs),
        title_pairs=_pair_table(ids, title_pairs),
        chunk_starts=chunk_starts,
        chunk_grams=chunk_grams,
        grams=_gram_table(number_of_grams, alphabet, bits),
        masks=np.array([(1 << bits * n) - 1 for n in range(high + 1)], np.uint64),
        words=any(block.kind == "word" for block in model.blocks),
        low=low,
        high=high,
        bits=bits,
        block_starts=np.array(starts, np.int64),
        lines=_lines(model),
        intercepts=np.array(model.intercepts),
        logs=1.0 + np.log(np.maximum(np.arange(_MOST_REPEATS, dtype=np.float64), 1.0)),
    )


def _no_terms() -> dict[str, int]:
    return {}


def _no_pairs() -> dict[tuple[str, str], int]:
    return {}


def _bits(block: Block) -> int:
    return min(64 // block.high, 16)


def _alphabet(terms: Sequence[str]) -> dict[str, int]:
    """A number for every letter in the terms, from 1 on; the space has :data:`SPACE`."""
    letters = [" ", *sorted(set("".join(terms)) - {" "})]
    return {letter: number for number, letter in enumerate(letters, 1)}


def _words_and_pairs(
    block: Block, terms: Sequence[str], start: int
) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """The term numbers of single words and of pairs; only such as the block cuts."""
    words, pairs = _no_terms(), _no_pairs()
    for number, term in enumerate(terms, start):
        match term.split(" "):
            case [word] if block.low == 1:
                words[word] = number
            case [first, second] if block.high == 2:
                pairs[first, second] = number
    return words, pairs


def _ids_of(tokens: Iterable[str]) -> dict[str, int]:
    """Every token numbered once."""
    return {token: id_ for id_, token in enumerate(dict.fromkeys(tokens))}


def _token_table(ids: dict[str, int], words: dict[str, int]) -> Keys:
    keys = np.array([token_key(token) for token in ids], np.uint64)
    values = [id_ << 32 | words.get(token, int(NO_UNIGRAM)) for token, id_ in ids.items()]
    return hash_table(keys, np.array(values, np.uint64))


def _pair_table(ids: dict[str, int], pairs: dict[tuple[str, str], int]) -> Keys:
    keys = [ids[first] << 32 | ids[second] for first, second in pairs]
    return hash_table(np.array(keys, np.uint64), np.array(list(pairs.values()), np.uint64))


def _title_numbers(
    ids: dict[str, int], words: dict[str, int], pairs: dict[tuple[str, str], int]
) -> NDArray[np.int64]:
    """By token id; empty where the model counts no first lines."""
    if not words and not pairs:
        return np.zeros(0, np.int64)
    return np.array([words.get(token, -1) for token in ids], np.int64)


def _gram_table(numbers: dict[str, int], alphabet: dict[str, int], bits: int) -> Keys:
    keys = []
    for gram in numbers:
        key = 0
        for letter in gram:
            key = key << bits | alphabet[letter]
        keys.append(key)
    return hash_table(np.array(keys, np.uint64), np.array(list(numbers.values()), np.uint64))


def _known_chunks(
    ids: dict[str, int], numbers: dict[str, int], low: int, high: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """For each token the term numbers of its n-grams as a chunk, as often as they occur."""
    grams = [
        [numbers[gram] for gram in char_terms(token, low, high) if gram in numbers] if high else []
        for token in ids
    ]
    starts = np.cumsum([0, *map(len, grams)], dtype=np.int64)
    return starts, np.fromiter(chain.from_iterable(grams), np.int32, int(starts[-1]))


def _lines(model: Model) -> NDArray[np.float64]:
    terms, topics = model.weights.shape
    width = -(-(1 + topics) // LINE) * LINE
    room = np.zeros(terms * width + LINE)
    skip = -(room.ctypes.data // room.itemsize) % LINE  # begin where a cache line does
    lines = room[skip : skip + terms * width].reshape(terms, width)
    lines[:, 0], lines[:, 1 : 1 + topics] = model.idf, model.weights
    return lines
