"""Linear scores of UTF-8 texts from flat tables, compiled to machine code by numba.

One text's way: bytes -> folded code points and letters -> keys of tokens, token pairs and character
n-grams -> term numbers -> counts in ascending order -> tf-idf, length 1 in each block -> scores.
Each step is a short loop that asks for the memory it will need before it needs it, so that cache
misses overlap, and takes its arrays out of the tuples first: inside a loop numba would count
references. Every sum is taken in scikit-learn's order, so the scores are scikit-learn's to the last
bit.

Importing this module imports numba (0.3 s); see ``loading`` for where the machine code is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.learning.compiled.adding import add_up, mark, sort, weigh
from tagger.learning.compiled.cutting import cut_grams, cut_tokens, decode, pair, title_tokens
from tagger.learning.compiled.finding import (
    look_up,
    look_up_tokens,
    take_known_chunks,
    take_title_words,
)
from tagger.learning.compiled.scratch import LONGEST, entry, inner, make_scratch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from tagger.learning.compiled.scratch import Scratch
    from tagger.learning.compiled.tables import Tables

    Bytes = NDArray[np.uint8]
    Ints = NDArray[np.int64]
    Keys = NDArray[np.uint64]
    Floats = NDArray[np.float64]
    Kernel = Callable[[Bytes, Ints, Tables, Floats, NDArray[np.bool_]], None]


@entry
def score(
    data: Bytes, offsets: Ints, tables: Tables, scores: Floats, covered: NDArray[np.bool_]
) -> None:
    """Score text ``i``, ``data[offsets[i]:offsets[i+1]]``, into row ``i`` of ``scores``.

    Where a text needs what the tables do not hold, ``covered`` turns False and the row means
    nothing.
    """
    scratch = make_scratch(offsets, tables)
    for i in range(len(offsets) - 1):
        covered[i] = offsets[i + 1] - offsets[i] <= LONGEST
        length = decode(data, offsets[i], offsets[i + 1], tables, scratch) if covered[i] else -1
        if length < 0:
            covered[i] = False
            continue
        found = _find(length, tables, scratch)
        mark(found, scratch)
        distinct = sort(tables, scratch)
        covered[i] = distinct >= 0
        if distinct >= 0:
            weigh(distinct, tables, scratch)
            add_up(distinct, tables, scratch, scores[i])


@inner
def _find(length: int, tables: Tables, scratch: Scratch) -> int:
    """Put the number of every occurrence of a term into ``numbers``; how many there are."""
    found = 0
    if tables.words:
        count = cut_tokens(length, scratch)
        found = look_up_tokens(count, tables, scratch)
        found = _find_pairs(count, tables.pairs, scratch, found)
        if len(tables.title_words):
            known = title_tokens(count, length, scratch)
            found = take_title_words(known, found, tables, scratch)
            found = _find_pairs(known, tables.title_pairs, scratch, found)
        if tables.high > 0:
            found = take_known_chunks(count, found, tables, scratch)
    if tables.high > 0:
        found = look_up(cut_grams(length, tables, scratch), tables.grams, scratch, found)
    return found


@inner
def _find_pairs(count: int, table: Keys, scratch: Scratch, found: int) -> int:
    return look_up(pair(count, scratch), table, scratch, found) if len(table) > 1 else found
