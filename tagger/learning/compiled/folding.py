"""What Unicode says of every code point: its lower case, whether it is a letter or a space.

All of it is asked of Python once, so the kernel cannot disagree with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.terms import PLAIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORD = np.uint32(1 << 30)
"""Flag of a code point that belongs to a token."""
UNCOVERED = np.uint32(1 << 31)
"""Flag of a code point that lower-cases by its neighbours, or to more than one."""
POINT = np.uint32((1 << 21) - 1)
SPACE = np.uint16(1)
"""The letter number of white space; 0 is that of a letter in no term."""
_CODE_POINTS = 0x110000
_SIGMA = 0x3A3  # a capital sigma becomes another letter at the end of a word


def folded_code_points() -> str:
    """What :func:`tagger.learning.terms.fold` makes of each code point alone.

    A space stands for one that grows when it is lower-cased.
    """
    planes = (
        "".join(_lower(chr(point)) for point in range(start, start + 0x10000))
        for start in range(0, _CODE_POINTS, 0x10000)
    )
    return "".join(planes).translate(PLAIN)


def _lower(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else " "


def flagged_codes(folded: str) -> NDArray[np.uint32]:
    """Each folded code point with its flags, shape (0x110000,)."""
    codes = code_points(folded)
    for run in re.finditer(r"\w+", folded):
        codes[run.start() : run.end()] |= WORD
    grow = [point for point in range(_CODE_POINTS) if len(chr(point).lower()) != 1]
    codes[[*grow, _SIGMA]] = UNCOVERED
    return codes


def numbered_letters(folded: str, alphabet: dict[str, int]) -> NDArray[np.uint16]:
    """The number of each code point's folded letter, shape (0x110000,); 0 for unknown ones."""
    numbers = np.zeros(_CODE_POINTS, np.uint16)
    numbers[[ord(letter) for letter in alphabet]] = list(alphabet.values())
    letters = numbers[code_points(folded)]
    for run in re.finditer(r"\s+", folded):
        letters[run.start() : run.end()] = SPACE
    return letters


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates too."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
