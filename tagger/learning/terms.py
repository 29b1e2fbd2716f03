r"""Texts as counted terms: word n-grams and character n-grams, the same ones scikit-learn counts.

A *block* is one family of terms. Word terms are runs of consecutive ``\w\w+`` tokens joined by a
space; character terms are n-grams inside one whitespace-separated chunk padded with a space on
both sides (scikit-learn's ``char_wb``). Both are cut from the folded text (see :func:`fold`).

The speed comes from Zipf's law: a chunk of text that was met before costs one dictionary look-up.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter, deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

TOKEN_PATTERN = r"(?u)\b\w\w+\b"  # noqa: S105 - a word token, not a secret
_TOKENS = re.compile(r"\w\w+")  # the same tokens: a run of word characters is taken whole
_CHUNKS = re.compile(r"\S+")
_REMEMBERED_CHUNKS = 200_000  # about 60 MB of n-gram ids; forgotten all at once beyond that
FIRST_LINE = r"(?s)\A(?:\s*+([^\n]++)\n\s*+\S.*|.*)\Z"
"""All of a text, its first line in group 1; the group is empty where no second line follows."""
_LONG_TEXT = 100_000  # characters; longer ones are counted term by term, slower but in little room

# Punctuation and symbols up to the General Punctuation block become spaces, digits become 0: a
# quotation's style and a day's figures say nothing about a topic (leave-one-file-out macro-F1
# 0.835 to 0.839 on the corpus of November 2026, and a fifth fewer terms).
PLAIN: dict[int, str] = {
    **{
        code: " "
        for code in range(0x2070)
        if unicodedata.category(chr(code))[0] in "PS" and unicodedata.category(chr(code)) != "Pc"
    },
    **dict.fromkeys(map(ord, "0123456789"), "0"),
}


def fold(text: str) -> str:
    """The text as terms are cut from it: lower case, no punctuation, every digit a 0."""
    return text.lower().translate(PLAIN)


@dataclass(frozen=True, slots=True)
class Block:
    """One family of terms.

    Args:
        kind: ``word`` or ``char`` (``char_wb`` in scikit-learn).
        low: smallest n of the n-grams.
        high: largest n.
        min_df: a term must occur in at least so many training texts.
        max_df: and in at most this share of them.
        part: cut from the ``whole`` text, or from the ``first line`` of a text of several lines,
            which is its title (see :func:`part_of`).
        weight: how long the block's values are while the solver works on them; the weights it
            finds are scaled by it, so that scoring knows nothing of it.
    """

    kind: Literal["word", "char"]
    low: int
    high: int
    min_df: int = 1
    max_df: float = 1.0
    part: Literal["whole", "first line"] = "whole"
    weight: float = 1.0


def part_of(folded: str, block: Block) -> str:
    """What of a folded text the block's terms are cut from.

    The first line is the first one that is not blank; a text without another has none.
    """
    return folded if block.part == "whole" else re.sub(FIRST_LINE, r"\1", folded)


def origins(text: str) -> list[int]:
    """For each position in ``fold(text)``, and its end, the position in ``text`` it came from."""
    if len(fold(text)) == len(text):
        return list(range(len(text) + 1))
    # Only a capital I with dot grows when lower-cased; slow but rare.
    return [i for i, char in enumerate(text) for _ in fold(char)] + [len(text)]


def tokens(folded: str) -> list[str]:
    """The word tokens of a folded text."""
    return _TOKENS.findall(folded)


def word_terms(words: Sequence[str], low: int, high: int) -> list[str]:
    """All n-grams of the tokens for n from ``low`` to ``high``."""
    terms = list(words) if low == 1 else []
    for n in range(max(low, 2), high + 1):
        terms += map(" ".join, zip(*(words[i:] for i in range(n)), strict=False))
    return terms


def char_terms(chunk: str, low: int, high: int) -> list[str]:
    """All character n-grams of one chunk; a chunk too short for n counts once, whole."""
    padded = f" {chunk} "
    terms: list[str] = []
    for n in range(low, high + 1):
        if len(padded) <= n:
            terms.append(padded)
            break
        terms += [padded[i : i + n] for i in range(len(padded) - n + 1)]
    return terms


def each_term(folded: str, block: Block) -> Iterator[str]:
    """Every occurrence of the block's terms, none of them kept: for a text of any length."""
    if block.kind == "word":
        run: deque[str] = deque(maxlen=block.high)
        for match in _TOKENS.finditer(folded):
            run.append(match.group())
            for n in range(block.low, len(run) + 1):
                yield " ".join(islice(run, len(run) - n, None))
        return
    for match in _CHUNKS.finditer(folded):
        padded = f" {match.group()} "
        for n in range(block.low, block.high + 1):
            if len(padded) <= n:
                yield padded
                break
            for i in range(len(padded) - n + 1):
                yield padded[i : i + n]


def chunk_spans(folded: str) -> list[tuple[int, int]]:
    """Start and end of every whitespace-separated chunk of a folded text."""
    spans, end = [], 0
    for chunk in folded.split():
        start = folded.index(chunk, end)
        end = start + len(chunk)
        spans.append((start, end))
    return spans


def located_terms(folded: str, block: Block) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every occurrence of the block's terms, with the chunks (by number) it was cut from."""
    folded = part_of(folded, block)
    if block.kind == "char":
        for number, chunk in enumerate(folded.split()):
            for term in char_terms(chunk, block.low, block.high):
                yield term, (number,)
        return
    starts = [start for start, _ in chunk_spans(folded)]
    words = [
        (match.group(), bisect_right(starts, match.start()) - 1)
        for match in _TOKENS.finditer(folded)
    ]
    for n in range(block.low, block.high + 1):
        for i in range(len(words) - n + 1):
            run = words[i : i + n]
            yield " ".join(word for word, _ in run), tuple(number for _, number in run)


class BlockIndex:
    """Numbers the terms of one block.

    Args:
        block: which terms to cut.
        terms: the known terms in the order of their numbers; None learns new ones as they come.
    """

    def __init__(self, block: Block, terms: Sequence[str] | None = None) -> None:
        self.block = block
        self._learns = terms is None
        self._numbers: dict[str, int] = {} if terms is None else dict(_numbered(terms))
        self._chunks: dict[str, list[int]] = {}

    @property
    def terms(self) -> list[str]:
        """The terms in the order of their numbers."""
        return list(self._numbers)

    def number(self, term: str) -> int | None:
        """A term's number; None for an unknown term."""
        return self._numbers.get(term)

    def counts(self, folded: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The ascending numbers of the known terms in a folded text, and how often each occurs."""
        folded = part_of(folded, self.block)
        if len(folded) <= _LONG_TEXT:
            return _counted(self.numbers(folded))
        times: Counter[int] = Counter()
        terms = each_term(folded, self.block)
        while some := list(islice(terms, _LONG_TEXT)):
            times.update(self._look_up(some))
        numbers = np.array(sorted(times), np.int64)
        return numbers, np.array([times[number] for number in numbers.tolist()], np.int64)

    def numbers(self, folded: str) -> list[int]:
        """The numbers of the known terms in a folded text, one entry an occurrence."""
        if self.block.kind == "word":
            return self._look_up(word_terms(tokens(folded), self.block.low, self.block.high))
        found: list[int] = []
        for chunk in folded.split():
            known = self._chunks.get(chunk)
            found += self._remember(chunk) if known is None else known
        return found

    def _remember(self, chunk: str) -> list[int]:
        if len(self._chunks) >= _REMEMBERED_CHUNKS:
            self._chunks.clear()
        numbers = self._look_up(char_terms(chunk, self.block.low, self.block.high))
        self._chunks[chunk] = numbers
        return numbers

    def _look_up(self, terms: Iterable[str]) -> list[int]:
        numbers = self._numbers
        if self._learns:
            return [numbers.setdefault(term, len(numbers)) for term in terms]
        return [number for number in map(numbers.get, terms) if number is not None]


def _counted(occurrences: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As ``numpy.unique`` with counts, in half its time for so few."""
    numbers = np.array(occurrences, np.int64)
    numbers.sort()
    new = np.ones(len(numbers) + 1, np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=new[1:-1])
    starts = new.nonzero()[0] if occurrences else np.zeros(1, np.int64)
    return numbers[starts[:-1]], starts[1:] - starts[:-1]


def _numbered(terms: Sequence[str]) -> Iterable[tuple[str, int]]:
    return zip(terms, range(len(terms)), strict=True)


@dataclass(frozen=True, slots=True)
class Counts:
    """Term counts of many texts in one block, as compressed sparse rows.

    ``indices[indptr[i]:indptr[i+1]]`` are the ascending term numbers of text ``i`` and ``data``
    how often each occurs; ``terms[j]`` is the term number ``j``.
    """

    terms: list[str]
    indptr: NDArray[np.int64]
    indices: NDArray[np.int64]
    data: NDArray[np.float64]


def count(folded: Sequence[str], block: Block) -> Counts:
    """Count the block's terms in every text; terms are numbered in their sorted order."""
    index = BlockIndex(block)
    rows = [index.counts(text) for text in folded]
    terms = index.terms
    order = sorted(range(len(terms)), key=terms.__getitem__)
    place = np.empty(len(terms), np.int64)
    place[order] = np.arange(len(terms))
    sorted_rows = [_in_order(place[numbers], counts) for numbers, counts in rows]
    return Counts(
        terms=[terms[i] for i in order],
        indptr=np.cumsum([0, *(len(numbers) for numbers, _ in sorted_rows)], dtype=np.int64),
        indices=_joined([numbers for numbers, _ in sorted_rows]),
        data=_joined([counts for _, counts in sorted_rows]).astype(np.float64),
    )


def _in_order(
    numbers: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(numbers)
    return numbers[order], counts[order]


def _joined(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *parts])
