"""Term numbers to scores, every sum in scikit-learn's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import uint64

from tagger.learning.compiled.scratch import inner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.learning.compiled.scratch import Scratch
    from tagger.learning.compiled.tables import Tables

    Floats = NDArray[np.float64]

# Finds the lowest bit of a word: a de Bruijn sequence shifted by n has a different top for every n.
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BIT = np.zeros(64, np.int64)
_BIT[[(int(_DE_BRUIJN) << n) % 2**64 >> 58 for n in range(64)]] = np.arange(64)


@inner
def mark(found: int, scratch: Scratch) -> None:
    """Mark the terms that occur, those that occur again, and how often again."""
    numbers, seen, again, used = scratch.numbers, scratch.seen, scratch.again, scratch.used
    repeats = scratch.repeats
    for i in range(found):
        number = numbers[i]
        word, bit = number >> 6, uint64(1) << uint64(number & 63)
        if seen[word] & bit:
            again[word] |= bit
            repeats[number] += 1
        else:
            seen[word] |= bit
            used[word >> 6] |= uint64(1) << uint64(word & 63)


@inner
def sort(tables: Tables, scratch: Scratch) -> int:
    """Put the marked terms into ``numbers`` and ``times``, ascending, and clear the marks.

    Returns:
        How many there are; -1 where one occurs more often than ``logs`` reaches.
    """
    numbers, seen, again, used = scratch.numbers, scratch.seen, scratch.again, scratch.used
    repeats, times = scratch.repeats, scratch.times
    distinct, most = 0, 0
    for i in range(len(used)):
        words, used[i] = used[i], uint64(0)
        while words:
            word = i * 64 + _lowest(words)
            words &= words - uint64(1)
            here, more = seen[word], again[word]
            seen[word] = again[word] = uint64(0)
            while here:
                numbers[distinct] = word * 64 + _lowest(here)
                times[distinct] = 1
                if more & here & (~here + uint64(1)):
                    times[distinct] += repeats[numbers[distinct]]
                    repeats[numbers[distinct]] = 0
                    most = max(most, times[distinct])
                here &= here - uint64(1)
                distinct += 1
    return distinct if most < len(tables.logs) else -1


@inner
def _lowest(word: int) -> int:
    """The position of the lowest bit of a word that is not 0."""
    position: int = _BIT[(word & (~word + uint64(1))) * _DE_BRUIJN >> uint64(58)]
    return position


@inner
def weigh(distinct: int, tables: Tables, scratch: Scratch) -> None:
    """Tf-idf values, of length 1 in each block."""
    logs, lines, starts = tables.logs, tables.lines, tables.block_starts
    numbers, times, values = scratch.numbers, scratch.times, scratch.values
    start = 0
    for block in range(1, len(starts)):
        end, squares = start, 0.0
        while end < distinct and numbers[end] < starts[block]:
            values[end] = logs[times[end]] * lines[numbers[end], 0]
            squares += values[end] * values[end]
            end += 1
        if squares:
            values[start:end] /= np.sqrt(squares)
        start = end


@inner
def add_up(distinct: int, tables: Tables, scratch: Scratch, scores: Floats) -> None:
    """The scores of one text: term by term, and the intercepts last."""
    lines, intercepts, numbers, values = (
        tables.lines,
        tables.intercepts,
        scratch.numbers,
        scratch.values,
    )
    topics = len(scores)
    for k in range(topics):
        scores[k] = 0.0
    for i in range(distinct):
        number, value = numbers[i], values[i]
        for k in range(topics):
            scores[k] += value * lines[number, k + 1]
    for k in range(topics):
        scores[k] += intercepts[k]
