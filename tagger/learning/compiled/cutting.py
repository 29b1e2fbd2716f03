"""UTF-8 bytes to folded code points, and those to the keys of tokens, pairs and n-grams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import uint32, uint64

from tagger.learning.compiled.folding import NEW_LINE, POINT, SPACE, UNCOVERED, WHITE, WORD
from tagger.learning.compiled.hashing import LONG
from tagger.learning.compiled.scratch import inner

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tagger.learning.compiled.scratch import Scratch
    from tagger.learning.compiled.tables import Tables

    Bytes = NDArray[np.uint8]


@inner
def decode(data: Bytes, at: int, end: int, tables: Tables, scratch: Scratch) -> int:
    """Fold and number the text's characters, a space at both ends of the letters; -1: uncovered."""
    folded, numbers, codes, letters = (tables.codes, tables.letters, scratch.codes, scratch.letters)
    length = 0
    letters[0] = SPACE
    while at < end:
        point = uint32(data[at])
        if point < 0x80:
            at += 1
        elif point < 0xE0:
            point = (point & uint32(0x1F)) << uint32(6) | _tail(data, at + 1)
            at += 2
        elif point < 0xF0:
            point = (point & uint32(0x0F)) << uint32(12) | _tail(data, at + 1) << uint32(6)
            point |= _tail(data, at + 2)
            at += 3
        else:
            point = (point & uint32(0x07)) << uint32(18) | _tail(data, at + 1) << uint32(12)
            point |= _tail(data, at + 2) << uint32(6) | _tail(data, at + 3)
            at += 4
        code = folded[point]
        if code & UNCOVERED:
            return -1
        codes[length] = code
        length += 1
        letters[length] = numbers[point]
    codes[length] = 0
    letters[length + 1] = SPACE
    return length


@inner
def _tail(data: Bytes, at: int) -> int:
    tail: int = uint32(data[at]) & uint32(0x3F)
    return tail


@inner
def cut_tokens(length: int, scratch: Scratch) -> int:
    """Put every token's key, start and size into the scratch; see ``hashing.token_key``."""
    codes, keys, starts, sizes = (scratch.codes, scratch.keys, scratch.starts, scratch.sizes)
    key, points, size, count = uint64(0), uint32(0), 0, 0
    for i in range(length + 1):
        code = codes[i]
        if code & WORD:
            point = code & POINT
            key = (key << uint64(8) | key >> uint64(56)) ^ uint64(point)
            points |= point
            size += 1
        elif size > 0:
            if size > 1:
                if size > 8 or points >= 0x80:
                    key = key >> uint64(2) | LONG
                keys[count], starts[count], sizes[count] = key, i - size, size
                count += 1
            key, points, size = uint64(0), uint32(0), 0
    return count


@inner
def title_tokens(count: int, length: int, scratch: Scratch) -> int:
    """How many of the tokens, the first ones, stand in the title; see ``terms.FIRST_LINE``."""
    codes, starts = scratch.codes, scratch.starts
    end = _beyond_white(0, length, scratch)
    while end < length and codes[end] & POINT != NEW_LINE:
        end += 1
    if _beyond_white(end, length, scratch) == length:  # the only line, or none
        return 0
    known = 0
    while known < count and starts[known] < end:
        known += 1
    return known


@inner
def _beyond_white(at: int, length: int, scratch: Scratch) -> int:
    while at < length and scratch.codes[at] & WHITE:
        at += 1
    return at


@inner
def pair(count: int, scratch: Scratch) -> int:
    """Put the key of every two neighbouring known tokens into ``keys``."""
    ids, keys = scratch.ids, scratch.keys
    pairs = 0
    for i in range(1, count):
        first, second = ids[i - 1], ids[i]
        keys[pairs] = uint64(first) << uint64(32) | uint64(second)
        pairs += (first >= 0) & (second >= 0)
    return pairs


@inner
def cut_grams(length: int, tables: Tables, scratch: Scratch) -> int:
    """Put the key of every n-gram whose letters are all known into ``keys``."""
    low, high, bits, masks = tables.low, tables.high, uint64(tables.bits), tables.masks
    letters, keys = scratch.letters, scratch.keys
    window, run, size, count = uint64(SPACE), 1, 1, 0  # run: known letters up to here
    for i in range(1, length + 2):
        letter = uint64(letters[i])
        if letter == SPACE and size == 1:
            continue
        if size == 1 and low == 1:  # the space in front is a 1-gram of the chunk
            keys[count] = window
            count += 1
        window = window << bits | letter
        run = run + 1 if letter else 0
        size += 1
        for n in range(low, high + 1):
            keys[count] = window & masks[n]
            count += run >= n
        if letter == SPACE:
            if run == size and size < low:  # a chunk too short for n counts once, whole
                keys[count] = window & masks[size]
                count += 1
            window, run, size = uint64(SPACE), 1, 1
    return count
