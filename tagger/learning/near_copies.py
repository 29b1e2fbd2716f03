"""Groups of near-copies: wire paragraphs that differ by an edit, a dateline or a typo.

Two texts are near-copies when they share more than half of their distinct word 3-grams (Jaccard
similarity; Broder, 1997); groups are the connected components. Texts too short for that must be
equal word by word.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.terms import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

SHINGLE = 3
SIMILAR = 0.5


def group_near_copies(texts: Sequence[str]) -> NDArray[np.int64]:
    """A group number for every text, shape (n,): the lowest index among its near-copies."""
    shingles = [_shingles(text) for text in texts]
    first = {found: i for i, found in reversed(list(enumerate(shingles)))}
    parent = [first[found] for found in shingles]
    for a, b in _pairs_to_compare(shingles, sorted(first.values())):
        if _root(parent, a) != _root(parent, b) and _are_similar(shingles[a], shingles[b]):
            _join(parent, a, b)
    return np.array([_root(parent, i) for i in range(len(texts))], np.int64)


class NearCopyIndex:
    """Named texts, kept so that the near-copies of a further one are found at once.

    A further text is compared only with those that share one of the first halves of their
    shingles, in the order of their hashes: two texts that share more than half of all their
    shingles share one there, whatever the order (prefix filtering; Chaudhuri, Ganti and Kaushik,
    2006). So nothing is missed and 20,000 paragraphs are taken in within a second or two.
    """

    def __init__(self) -> None:
        self._shingles: dict[str, array[int]] = {}  # the ascending hashes of each text
        self._holders: dict[int, list[str]] = {}  # who has that hash in the first half

    def __contains__(self, name: object) -> bool:
        return name in self._shingles

    def __len__(self) -> int:
        return len(self._shingles)

    def add(self, name: str, text: str) -> None:
        """Keep a text; a name that is kept already stays as it is."""
        if name in self._shingles:
            return
        hashes = self._shingles[name] = _hashes(text)
        for value in _first_half(hashes):
            self._holders.setdefault(value, []).append(name)

    def near(self, text: str) -> list[str]:
        """The names of the text's near-copies, the most similar first."""
        hashes = _hashes(text)
        met = {name for value in _first_half(hashes) for name in self._holders.get(value, ())}
        own = set(hashes)
        likeness = {name: _jaccard(own, self._shingles[name]) for name in met}
        similar = [name for name, value in likeness.items() if value > SIMILAR]
        return sorted(similar, key=lambda name: (-likeness[name], name))


def _hashes(text: str) -> array[int]:
    return array("q", sorted(map(hash, _shingles(text))))


def _first_half(hashes: array[int]) -> array[int]:
    return hashes[: (len(hashes) + 1) // 2]


def _jaccard(own: set[int], other: array[int]) -> float:
    shared = sum(value in own for value in other)
    return shared / (len(own) + len(other) - shared)


def _shingles(text: str) -> frozenset[str]:
    words = tokens(fold(text))
    if len(words) <= SHINGLE:
        return frozenset([" ".join(words)])
    return frozenset(" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def _pairs_to_compare(
    shingles: Sequence[frozenset[str]], rows: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Pairs of rows that share one of the rarer halves of their shingles.

    No others can be near-copies (see :class:`NearCopyIndex`), and rare shingles bring few together.
    """
    frequency = Counter(shingle for row in rows for shingle in shingles[row])
    holders: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        rarest = sorted(shingles[row], key=lambda shingle: (frequency[shingle], shingle))
        first_half = rarest[: (len(rarest) + 1) // 2]
        yield from ((other, row) for other in {o for s in first_half for o in holders[s]})
        for shingle in first_half:
            holders[shingle].append(row)


def _are_similar(a: frozenset[str], b: frozenset[str]) -> bool:
    shared = len(a & b)
    return shared > SIMILAR * (len(a) + len(b) - shared)


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _join(parent: list[int], a: int, b: int) -> None:
    a, b = _root(parent, a), _root(parent, b)
    parent[max(a, b)] = min(a, b)
