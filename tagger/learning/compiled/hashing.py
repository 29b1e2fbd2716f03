"""Keys of tokens, and hash tables of keys as the kernel reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]

EMPTY = np.uint64(2**64 - 1)
"""The key of a free row; no term has it."""
LONG = np.uint64(1 << 63)
"""Flag of a key that several tokens may share, so that their letters must be compared."""


def token_key(token: str) -> int:
    """A token's key: exact for up to eight ASCII letters, else flagged :data:`LONG`."""
    key = 0
    for letter in token:
        key = (key << 8 & 2**64 - 1 | key >> 56) ^ ord(letter)
    # Two bits shorter and one flag longer, a long token's key is never EMPTY nor a short one's.
    return key if len(token) <= 8 and token.isascii() else key >> 2 | int(LONG)


def mix(keys: Keys) -> Keys:
    """Scatter keys over 64 bits, one to one."""
    keys = keys * np.uint64(0x9E3779B97F4A7C15)
    keys ^= keys >> np.uint64(32)
    keys *= np.uint64(0xD6E8FEB86659FD93)
    return keys ^ keys >> np.uint64(29)


def hash_table(keys: Keys, values: Keys) -> Keys:
    """A hash table as the kernel reads it, at most two thirds full and never without a free row."""
    size = 1 << (len(keys) * 3 // 2).bit_length()
    table = np.full((size, 2), EMPTY)
    slots = (mix(keys) & np.uint64(size - 1)).astype(np.int64)
    pending = np.arange(len(keys))
    claims = np.empty(size, np.int64)
    while len(pending):
        claims[slots[pending]] = pending  # of several that want one row, the last gets it
        wins = (table[slots[pending], 0] == EMPTY) & (claims[slots[pending]] == pending)
        placed = pending[wins]
        table[slots[placed], 0], table[slots[placed], 1] = keys[placed], values[placed]
        pending = pending[~wins]
        slots[pending] = (slots[pending] + 1) & (size - 1)
    return table
