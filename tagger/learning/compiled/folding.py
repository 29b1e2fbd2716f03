"""What Unicode says of every code point: its lower case, whether it is a letter or a space.

All of it is asked of Python once, so the kernel cannot disagree with it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.terms import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WORD = np.uint32(1 << 30)
"""Flag of a code point that belongs to a token."""
WHITE = np.uint32(1 << 29)
"""Flag of white space."""
UNCOVERED = np.uint32(1 << 31)
"""Flag of a code point that lower-cases by its neighbours, or to more than one."""
POINT = np.uint32((1 << 21) - 1)
SPACE = np.uint16(1)
"""The letter number of white space; 0 is that of a letter in no term."""
NEW_LINE = np.uint32(10)
_CODE_POINTS = 0x110000
_SIGMA = 0x3A3  # a capital sigma becomes another letter at the end of a word


@cache
def flagged_codes() -> NDArray[np.uint32]:
    """What :func:`tagger.learning.terms.fold` makes of each code point alone, with flags.

    Shape (0x110000,), read-only.
    """
    folded = _folded()
    codes = code_points(folded)
    for pattern, flag in ((r"\w+", WORD), (r"\s+", WHITE)):
        for run in re.finditer(pattern, folded):
            codes[run.start() : run.end()] |= flag
    codes[[*_growing(), _SIGMA]] = UNCOVERED
    codes.flags.writeable = False
    return codes


def _folded() -> str:
    plain = np.arange(_CODE_POINTS, dtype=np.uint32)
    plain[list(PLAIN)] = [ord(letter) for letter in PLAIN.values()]
    lower = code_points("".join(map(_lower, _blocks())))
    return plain[lower].tobytes().decode("utf-32-le", "surrogatepass")


def _blocks() -> Iterator[str]:
    """All code points in turn, 256 at once."""
    every = np.arange(_CODE_POINTS, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    return (every[start : start + 256] for start in range(0, _CODE_POINTS, 256))


def _lower(block: str) -> str:
    """Each letter in lower case; a space stands for one that grows."""
    lower = block.lower()
    if len(lower) == len(block):
        return lower
    return "".join(letter.lower() if len(letter.lower()) == 1 else " " for letter in block)


def _growing() -> list[int]:
    blocks = (block for block in _blocks() if len(block.lower()) != len(block))
    return [ord(letter) for block in blocks for letter in block if len(letter.lower()) != 1]


def numbered_letters(alphabet: dict[str, int]) -> NDArray[np.uint16]:
    """The number of each code point's folded letter, shape (0x110000,); 0 for unknown ones."""
    numbers = np.zeros(_CODE_POINTS, np.uint16)
    numbers[[ord(letter) for letter in alphabet]] = list(alphabet.values())
    codes = flagged_codes()
    letters: NDArray[np.uint16] = numbers[codes & POINT]
    letters[codes & WHITE != 0] = SPACE
    return letters


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
