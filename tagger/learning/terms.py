r"""Texts as terms: word n-grams and character n-grams, the same ones scikit-learn cuts.

A *block* is one family of terms. Word terms are runs of consecutive ``\w\w+`` tokens joined by a
space; character terms are n-grams inside one whitespace-separated chunk padded with a space on
both sides (scikit-learn's ``char_wb``). Both are cut from the folded text (see :func:`fold`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TOKEN_PATTERN = r"(?u)\b\w\w+\b"  # noqa: S105 - a word token, not a secret
_TOKENS = re.compile(r"\w\w+")  # the same tokens: a run of word characters is taken whole
_CHUNKS = re.compile(r"\S+")
FIRST_LINE = r"(?s)\A(?:\s*+([^\n]++)\n\s*+\S.*|.*)\Z"
"""All of a text, its first line in group 1; the group is empty where no second line follows."""

# Punctuation and symbols up to the General Punctuation block become spaces, digits become 0: a
# quotation's style and a day's figures say nothing about a topic (leave-one-file-out macro-F1
# 0.835 to 0.839 on the corpus of November 2026, and a fifth fewer terms).
PLAIN: dict[int, str] = {
    **{
        code: " "
        for code in range(0x2070)
        if unicodedata.category(chr(code))[0] in "PS" and unicodedata.category(chr(code)) != "Pc"
    },
    **dict.fromkeys(map(ord, "0123456789"), "0"),
}


def fold(text: str) -> str:
    """The text as terms are cut from it: lower case, no punctuation, every digit a 0."""
    return text.lower().translate(PLAIN)


@dataclass(frozen=True, slots=True)
class Block:
    """One family of terms.

    Args:
        kind: ``word`` or ``char`` (``char_wb`` in scikit-learn).
        low: smallest n of the n-grams.
        high: largest n.
        min_df: a term must occur in at least so many training texts.
        max_df: and in at most this share of them.
        part: cut from the ``whole`` text, or from the ``first line`` of a text of several lines,
            which is its title (see :func:`part_of`).
        weight: how long the block's values are while the solver works on them; the weights it
            finds are scaled by it, so that scoring knows nothing of it.
    """

    kind: Literal["word", "char"]
    low: int
    high: int
    min_df: int = 1
    max_df: float = 1.0
    part: Literal["whole", "first line"] = "whole"
    weight: float = 1.0


def part_of(folded: str, block: Block) -> str:
    """What of a folded text the block's terms are cut from.

    The first line is the first one that is not blank; a text without another has none.
    """
    return folded if block.part == "whole" else re.sub(FIRST_LINE, r"\1", folded)


def origins(text: str) -> list[int]:
    """For each position in ``fold(text)``, and its end, the position in ``text`` it came from."""
    if len(fold(text)) == len(text):
        return list(range(len(text) + 1))
    # Only a capital I with dot grows when lower-cased; slow but rare.
    return [i for i, char in enumerate(text) for _ in fold(char)] + [len(text)]


def tokens(folded: str) -> list[str]:
    """The word tokens of a folded text."""
    return _TOKENS.findall(folded)


def word_terms(words: Sequence[str], low: int, high: int) -> list[str]:
    """All n-grams of the tokens for n from ``low`` to ``high``."""
    terms = list(words) if low == 1 else []
    for n in range(max(low, 2), high + 1):
        terms += map(" ".join, zip(*(words[i:] for i in range(n)), strict=False))
    return terms


def char_terms(chunk: str, low: int, high: int) -> list[str]:
    """All character n-grams of one chunk; a chunk too short for n counts once, whole."""
    padded = f" {chunk} "
    terms: list[str] = []
    for n in range(low, high + 1):
        if len(padded) <= n:
            terms.append(padded)
            break
        terms += [padded[i : i + n] for i in range(len(padded) - n + 1)]
    return terms


def each_term(folded: str, block: Block) -> Iterator[str]:
    """Every occurrence of the block's terms, none of them kept: for a text of any length."""
    if block.kind == "word":
        run: deque[str] = deque(maxlen=block.high)
        for match in _TOKENS.finditer(folded):
            run.append(match.group())
            for n in range(block.low, len(run) + 1):
                yield " ".join(islice(run, len(run) - n, None))
        return
    for match in _CHUNKS.finditer(folded):
        padded = f" {match.group()} "
        for n in range(block.low, block.high + 1):
            if len(padded) <= n:
                yield padded
                break
            for i in range(len(padded) - n + 1):
                yield padded[i : i + n]


def chunk_spans(folded: str) -> list[tuple[int, int]]:
    """Start and end of every whitespace-separated chunk of a folded text."""
    spans, end = [], 0
    for chunk in folded.split():
        start = folded.index(chunk, end)
        end = start + len(chunk)
        spans.append((start, end))
    return spans


def located_terms(folded: str, block: Block) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every occurrence of the block's terms, with the chunks (by number) it was cut from."""
    folded = part_of(folded, block)
    if block.kind == "char":
        for number, chunk in enumerate(folded.split()):
            for term in char_terms(chunk, block.low, block.high):
                yield term, (number,)
        return
    starts = [start for start, _ in chunk_spans(folded)]
    words = [
        (match.group(), bisect_right(starts, match.start()) - 1)
        for match in _TOKENS.finditer(folded)
    ]
    for n in range(block.low, block.high + 1):
        for i in range(len(words) - n + 1):
            run = words[i : i + n]
            yield " ".join(word for word, _ in run), tuple(number for _, number in run)
