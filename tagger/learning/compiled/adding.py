"""Term numbers to scores, every sum in scikit-learn's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import uint64

from tagger.learning.compiled.processor import fetch, lowest
from tagger.learning.compiled.scratch import inner
from tagger.learning.compiled.tables import LINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tagger.learning.compiled.scratch import Scratch
    from tagger.learning.compiled.tables import Tables

    Floats = NDArray[np.float64]

# So many rows before its turn the rest of a row of weights is fetched: with 25 topics this step
# took 3.6 us a text where all were fetched at once, 2.9 at 4, 2.3 at 16.
_AHEAD = 16


@inner
def mark(found: int, scratch: Scratch) -> None:
    """Mark the terms that occur, those that occur again, and how often again."""
    numbers, seen, again, used = (scratch.numbers, scratch.seen, scratch.again, scratch.used)
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
    numbers, seen, again, used = (scratch.numbers, scratch.seen, scratch.again, scratch.used)
    repeats, times = scratch.repeats, scratch.times
    distinct, most = 0, 0
    for i in range(len(used)):
        words, used[i] = used[i], uint64(0)
        while words:
            word = i * 64 + lowest(words)
            words &= words - uint64(1)
            here, more = seen[word], again[word]
            seen[word] = again[word] = uint64(0)
            while here:
                numbers[distinct] = word * 64 + lowest(here)
                times[distinct] = 1
                if more & here & (~here + uint64(1)):
                    times[distinct] += repeats[numbers[distinct]]
                    repeats[numbers[distinct]] = 0
                    most = max(most, times[distinct])
                here &= here - uint64(1)
                distinct += 1
    return distinct if most < len(tables.logs) else -1


@inner
def weigh(distinct: int, tables: Tables, scratch: Scratch) -> None:
    """Tf-idf values, of length 1 in each block."""
    logs, lines, starts = tables.logs, tables.lines, tables.block_starts
    numbers, times, values = scratch.numbers, scratch.times, scratch.values
    for i in range(distinct):
        fetch(lines, numbers[i] * lines.shape[1])
    start = 0
    for block in range(1, len(starts)):
        end, squares = start, 0.0
        while end < distinct and numbers[end] < starts[block]:
            value = logs[times[end]] * lines[numbers[end], 0]
            values[end] = value
            squares += value * value
            end += 1
        length = np.sqrt(squares) if squares else 1.0
        for i in range(start, end):
            values[i] /= length
        start = end


@inner
def add_up(distinct: int, tables: Tables, scratch: Scratch, scores: Floats) -> None:
    """The scores of one text: term by term, and the intercepts last."""
    lines, numbers, values, sums = (tables.lines, scratch.numbers, scratch.values, scratch.sums)
    intercepts, width = tables.intercepts, lines.shape[1]
    for k in range(width):
        sums[k] = 0.0
    for i in range(distinct):
        if i + _AHEAD < distinct:
            for k in range(LINE, width, LINE):
                fetch(lines, numbers[i + _AHEAD] * width + k)
        number, value = numbers[i], values[i]
        for k in range(width):  # the idf and the padding too: whole lines are quicker
            sums[k] += value * lines[number, k]
    for k in range(len(scores)):
        scores[k] = sums[k + 1] + intercepts[k]
