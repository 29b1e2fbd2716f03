"""Groups of near-copies: wire paragraphs that differ by an edit, a dateline or a typo.

Two texts are near-copies when they share more than half of their distinct word 3-grams (Jaccard
similarity; Broder, 1997); groups are the connected components. Texts too short for that must be
equal word by word.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.terms import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHINGLE = 3
SIMILAR = 0.5
_TOO_COMMON = 50  # a shingle in more texts than this is a set phrase, no sign of copying


def group_near_copies(texts: Sequence[str]) -> NDArray[np.int64]:
    """A group number for every text, shape (n,): the lowest index among its near-copies."""
    shingles = [_shingles(text) for text in texts]
    first = {found: i for i, found in reversed(list(enumerate(shingles)))}
    parent = np.array([first[found] for found in shingles], np.int64)
    distinct = sorted(first.values())
    for a, b in _similar_pairs([shingles[i] for i in distinct]):
        _join(parent, distinct[a], distinct[b])
    return np.array([_root(parent, i) for i in range(len(texts))], np.int64)


def near_copies_of(text: str, others: Sequence[str]) -> list[int]:
    """The positions in ``others`` of the text's near-copies."""
    groups = group_near_copies([text, *others])
    return [i for i, group in enumerate(groups[1:]) if group == groups[0]]


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


def _similar_pairs(shingles: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    pairs, shared = _shared_counts(shingles)
    sizes = np.array([len(s) for s in shingles])
    if not len(pairs):
        return []
    union = sizes[pairs[:, 0]] + sizes[pairs[:, 1]] - shared
    return [(int(a), int(b)) for a, b in pairs[shared > SIMILAR * union]]


def _shared_counts(
    shingles: Sequence[frozenset[str]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (p, 2) of texts with a shingle in common, and how many they share, (p,)."""
    holders: dict[str, list[int]] = {}
    for i, found in enumerate(shingles):
        for shingle in found:
            holders.setdefault(shingle, []).append(i)
    pairs = [
        np.array([(a, b) for k, a in enumerate(texts) for b in texts[k + 1 :]])
        for texts in holders.values()
        if 1 < len(texts) <= _TOO_COMMON
    ]
    if not pairs:
        return np.zeros((0, 2), np.int64), np.zeros(0, np.int64)
    together, counts = np.unique(np.concatenate(pairs), axis=0, return_counts=True)
    return together, counts.astype(np.int64)


def _root(parent: NDArray[np.int64], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = int(parent[i])
    return i


def _join(parent: NDArray[np.int64], a: int, b: int) -> None:
    a, b = _root(parent, a), _root(parent, b)
    parent[max(a, b)] = min(a, b)
