"""Keys to term numbers: look-ups in hash tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import int64, uint64

from tagger.learning.compiled.folding import POINT, SPACE
from tagger.learning.compiled.hashing import EMPTY, LONG
from tagger.learning.compiled.processor import fetch
from tagger.learning.compiled.scratch import inner
from tagger.learning.compiled.tables import NO_UNIGRAM

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tagger.learning.compiled.scratch import Scratch
    from tagger.learning.compiled.tables import Tables

    Keys = NDArray[np.uint64]


@inner
def look_up_tokens(count: int, tables: Tables, scratch: Scratch) -> int:
    """Put the tokens' ids (-1: unknown) into ``ids`` and the numbers of known words up front."""
    table, keys, slots = tables.tokens, scratch.keys, scratch.slots
    ids, numbers = scratch.ids, scratch.numbers
    _fetch_slots(count, table, scratch)
    found = 0
    for i in range(count):
        key, slot, id_ = keys[i], slots[i], int64(-1)
        while table[slot, 0] != EMPTY:
            if table[slot, 0] == key:
                candidate = int64(table[slot, 1] >> uint64(32))
                if key < LONG or _spelled(i, candidate, tables, scratch):
                    id_ = candidate
                    number = table[slot, 1] & NO_UNIGRAM
                    if number != NO_UNIGRAM:
                        numbers[found] = int64(number)
                        found += 1
                    break
            slot = (slot + 1) & (len(table) - 1)
        ids[i] = id_
    return found


@inner
def _spelled(i: int, candidate: int, tables: Tables, scratch: Scratch) -> bool:
    """Whether token ``i`` is the long token that has the same key."""
    codes, spelling = scratch.codes, tables.spelling
    start, known, size = (scratch.starts[i], tables.spelling_starts[candidate], scratch.sizes[i])
    if tables.spelling_starts[candidate + 1] - known != size:
        return False
    for k in range(size):  # noqa: SIM110 - numba knows no all() of a generator
        if codes[start + k] & POINT != spelling[known + k]:
            return False
    return True


@inner
def take_title_words(known: int, found: int, tables: Tables, scratch: Scratch) -> int:
    """Add the numbers that the title's tokens, the first ``known`` ones, have as such."""
    ids, numbers, title_words = scratch.ids, scratch.numbers, tables.title_words
    for i in range(known):
        if ids[i] >= 0 and title_words[ids[i]] >= 0:
            numbers[found] = title_words[ids[i]]
            found += 1
    return found


@inner
def take_known_chunks(count: int, found: int, tables: Tables, scratch: Scratch) -> int:
    """Add the n-grams of chunks that are one known token, and blank those chunks out.

    Nine chunks of ten are, so that few n-grams are left to be cut and looked up.
    """
    ids, starts, sizes = scratch.ids, scratch.starts, scratch.sizes
    letters, numbers = scratch.letters, scratch.numbers
    gram_starts, grams = tables.chunk_starts, tables.chunk_grams
    for i in range(count):
        before, last = starts[i], starts[i] + sizes[i]
        if ids[i] >= 0 and letters[before] == SPACE and letters[last + 1] == SPACE:
            for k in range(before + 1, last + 1):
                letters[k] = SPACE
            for k in range(gram_starts[ids[i]], gram_starts[ids[i] + 1]):
                numbers[found] = grams[k]
                found += 1
    return found


@inner
def look_up(count: int, table: Keys, scratch: Scratch, found: int) -> int:
    """Add the numbers of known keys to ``numbers``; how many there are now."""
    keys, slots, numbers = scratch.keys, scratch.slots, scratch.numbers
    _fetch_slots(count, table, scratch)
    for i in range(count):
        key, slot = keys[i], slots[i]
        while table[slot, 0] != EMPTY:
            if table[slot, 0] == key:
                numbers[found] = int64(table[slot, 1])
                found += 1
                break
            slot = (slot + 1) & (len(table) - 1)
    return found


@inner
def _fetch_slots(count: int, table: Keys, scratch: Scratch) -> None:
    """Find the first slot of every key and have it fetched."""
    keys, slots = scratch.keys, scratch.slots
    for i in range(count):
        slots[i] = int64(_mix(keys[i]) & uint64(len(table) - 1))
        fetch(table, slots[i] * 2)


@inner
def _mix(key: np.uint64) -> np.uint64:
    """As ``hashing.mix``."""
    key *= uint64(0x9E3779B97F4A7C15)
    key ^= key >> uint64(32)
    key *= uint64(0xD6E8FEB86659FD93)
    return key ^ key >> uint64(29)
