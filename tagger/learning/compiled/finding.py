"""Keys to term numbers: look-ups in hash tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import int64, uint64

from tagger.learning.compiled.folding import POINT
from tagger.learning.compiled.scratch import inner
from tagger.learning.compiled.tables import EMPTY, LONG, NO_UNIGRAM

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
    _touch(count, table, scratch)
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
    start, known, size = scratch.starts[i], tables.spelling_starts[candidate], scratch.sizes[i]
    if tables.spelling_starts[candidate + 1] - known != size:
        return False
    for k in range(size):  # noqa: SIM110 - numba knows no all() of a generator
        if codes[start + k] & POINT != spelling[known + k]:
            return False
    return True


@inner
def look_up(count: int, table: Keys, scratch: Scratch, found: int) -> int:
    """Add the numbers of known keys to ``numbers``; how many there are now."""
    keys, slots, numbers = scratch.keys, scratch.slots, scratch.numbers
    _touch(count, table, scratch)
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
def _touch(count: int, table: Keys, scratch: Scratch) -> None:
    """Find the first slot of every key and read it once, so that the cache misses overlap."""
    keys, slots = scratch.keys, scratch.slots
    touched = uint64(0)
    for i in range(count):
        slot = int64(_mix(keys[i]) & uint64(len(table) - 1))
        slots[i] = slot
        touched ^= table[slot, 0]
    scratch.touched[0] = touched  # else the compiler would leave the reads out


@inner
def _mix(key: np.uint64) -> np.uint64:
    """As ``tables.mix``."""
    key *= uint64(0x9E3779B97F4A7C15)
    key ^= key >> uint64(32)
    key *= uint64(0xD6E8FEB86659FD93)
    return key ^ key >> uint64(29)
