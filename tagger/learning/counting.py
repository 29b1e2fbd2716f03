"""How often each term occurs in a text: terms numbered, and counted by their numbers.

The speed comes from Zipf's law: a chunk of text that was met before costs one dictionary look-up.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.terms import char_terms, each_term, part_of, tokens, word_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from tagger.learning.terms import Block

_REMEMBERED_CHUNKS = 200_000  # about 60 MB of n-gram ids; forgotten all at once beyond that
_LONG_TEXT = 100_000  # characters; longer ones are counted term by term, slower but in little room


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

    def known(self, terms: Iterable[str]) -> int:
        """How many of the terms have a number."""
        return sum(map(self._numbers.__contains__, terms))

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
