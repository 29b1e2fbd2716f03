"""Linear scores of UTF-8 texts from flat tables, compiled to machine code by numba.

One text's way: bytes -> folded code points and letters -> keys of tokens, token pairs and character
n-grams -> term numbers -> counts in ascending order -> tf-idf, length 1 in each block -> scores.
Each step is a short loop whose memory reads do not wait for one another, so that cache misses
overlap, and takes its arrays out of the tuples first: inside a loop numba would count references.
Every sum is taken in scikit-learn's order, so the scores are scikit-learn's to the last
bit.

Importing this module imports numba (0.3 s); see ``loading`` for where the machine code is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.learning.compiled.adding import add_up, mark, sort, weigh
from tagger.learning.compiled.cutting import cut_grams, cut_tokens, decode, pair
from tagger.learning.compiled.finding import look_up, look_up_tokens
from tagger.learning.compiled.scratch import entry, inner, make_scratch

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from tagger.learning.compiled.scratch import Scratch
    from tagger.learning.compiled.tables import Tables

    Bytes = NDArray[np.uint8]
    Ints = NDArray[np.int64]
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
        length = decode(data, offsets[i], offsets[i + 1], tables, scratch)
        covered[i] = length >= 0
        if length < 0:
            continue
        found = 0
        if tables.words:
            found = _find_words(length, tables, scratch)
        if tables.high > 0:
            found = _find_grams(length, tables, scratch, found)
        mark(found, scratch)
        distinct = sort(tables, scratch)
        covered[i] = distinct >= 0
        if distinct >= 0:
            weigh(distinct, tables, scratch)
            add_up(distinct, tables, scratch, scores[i])


@inner
def _find_words(length: int, tables: Tables, scratch: Scratch) -> int:
    """Put the numbers of the text's words and word pairs into ``numbers``; how many there are."""
    count = cut_tokens(length, scratch)
    found = look_up_tokens(count, tables, scratch)
    if len(tables.pairs) > 1:
        found = look_up(pair(count, scratch), tables.pairs, scratch, found)
    return found


@inner
def _find_grams(length: int, tables: Tables, scratch: Scratch, found: int) -> int:
    """Add the numbers of the text's character n-grams to ``numbers``; how many there are now."""
    return look_up(cut_grams(length, tables, scratch), tables.grams, scratch, found)
