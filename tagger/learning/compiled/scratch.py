"""Room to work on one text at a time, and how functions become machine code."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tagger.learning.compiled.tables import Tables

    Ints = NDArray[np.int64]
    Keys = NDArray[np.uint64]
    Floats = NDArray[np.float64]

LONGEST = 1 << 18
"""Bytes of the longest text the kernel takes, for which it needs 50 MB; no paragraph is longer."""

_F = TypeVar("_F", bound="Callable[..., object]")


def inner(function: _F) -> _F:
    """A function that is called from compiled code only."""
    return cast("_F", njit(nogil=True)(function))


def entry(function: _F) -> _F:
    """A function that Python calls: its machine code, inner functions included, is kept."""
    return cast("_F", njit(nogil=True, cache=True)(function))


class Scratch(NamedTuple):
    """Where each step leaves its results for the next one."""

    codes: NDArray[np.uint32]
    letters: NDArray[np.uint16]
    keys: Keys
    slots: Ints
    starts: Ints
    sizes: Ints
    ids: Ints
    numbers: Ints
    seen: Keys  # one bit a term: it occurs
    again: Keys  # one bit a term: it occurs more than once
    used: Keys  # one bit a word of ``seen``
    repeats: NDArray[np.int32]
    times: Ints
    values: Floats
    sums: Floats


@inner
def make_scratch(offsets: Ints, tables: Tables) -> Scratch:
    """Room for the longest of some texts, those beyond :data:`LONGEST` left out."""
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    room = min(longest, LONGEST) + 2
    # A token takes two letters and a gap; each letter ends at most one n-gram of every length.
    keys = room * max(1, tables.high - tables.low + 2)
    words = len(tables.lines) // 64 + 1
    return Scratch(
        codes=np.empty(room, np.uint32),
        letters=np.empty(room, np.uint16),
        keys=np.empty(keys, np.uint64),
        slots=np.empty(keys, np.int64),
        starts=np.empty(room, np.int64),
        sizes=np.empty(room, np.int64),
        ids=np.empty(room, np.int64),
        numbers=np.empty(room + keys, np.int64),
        seen=np.zeros(words, np.uint64),
        again=np.zeros(words, np.uint64),
        used=np.zeros(words // 64 + 1, np.uint64),
        repeats=np.zeros(len(tables.lines), np.int32),
        times=np.empty(room + keys, np.int64),
        values=np.empty(room + keys, np.float64),
        sums=np.empty(tables.lines.shape[1], np.float64),
    )
