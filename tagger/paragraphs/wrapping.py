"""Raw text becomes the texts of its paragraphs: hard wrapping is undone.

A wrapped line ends where it does because the next line's first word would not have fitted. So
a block is judged by its seams, the places where one line ends and the next begins.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from tagger.paragraphs.hyphens import Words, rejoin
from tagger.paragraphs.lines import stretches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NARROWEST, WIDEST = 40, 120  # columns that people and programs wrap at

_ENDED = re.compile(r"""[.!?…][)\]"'”’»]*$""")
# A line that stops on one of these goes on, whatever the next line looks like.
_HANGING = re.compile(
    r"(?:,|\b(?:an?|and|as|at|but|by|for|from|in|into|its|of|on|or|that|the|their|to|was|were"
    r"|which|who|with))$"
)
_SMALL = re.compile(r"""[(\["'“‘«„]*([^\W\d_])(?!\S*\w[.@/]\w)""")  # but no address or handle
_MARKER = re.compile(r"\s*(?:(#{1,6}|[-*+•▪◦‣–—])|(\(?\d{1,2}[.)]))\s+\S")
_RULE = re.compile(r"\s*([-=*_~—–])(?:\s*\1){2,}\s*$")


@dataclass(frozen=True, slots=True)
class _Seam:
    """Where one line ends and the next begins.

    Attributes:
        reach: the line's length had it taken in the next line's first word.
        ended: the line ends a sentence.
        flows: the next line goes on within the sentence.
        opens: the next line looks like the beginning of a paragraph or list item.
    """

    reach: int
    ended: bool
    flows: bool
    opens: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines with no blank one between them; ``width`` is that of the longest with two words.

    There are no seams where the width is not plausible for wrapped text.
    """

    lines: Sequence[str]
    seams: Sequence[_Seam]
    width: int


def unwrap(text: str) -> Iterator[str]:
    """Split raw text into its paragraphs, in time linear in its length.

    Blank lines always separate. In a block without them each line is a paragraph, unless the
    block is hard-wrapped prose; there a paragraph ends at a line that had room for the next
    line's first word, and before an indented line or a bullet.
    """
    blocks = [part for lines in stretches(text) for part in _headed(_block(lines))]
    words = Words([line for block in blocks for line in block.lines])
    for block, full in _judged(blocks):
        if full:
            yield from _paragraphs(block, full, words)
        else:
            yield from block.lines


def _block(lines: Sequence[str]) -> _Block:
    # A lone long word, such as an address, cannot be wrapped and tells nothing of the width.
    width = max((len(line) for line in lines if " " in line.strip()), default=0)
    if len(lines) < 2 or not NARROWEST <= width <= WIDEST:
        return _Block(lines, (), width)  # no wrapping: spare the work
    markers = _markers(lines)
    margin = _margin(lines, markers)
    seams = [_seam(line, after, markers, margin) for line, after in pairwise(lines)]
    return _Block(lines, seams, width)


def _headed(block: _Block) -> list[_Block]:
    """A headline that stands right above wrapped prose is a block of its own."""
    whole = _full(block.seams, block.width)
    if len(block.seams) < 2 or whole > block.width or block.seams[0].ended:
        return [block]
    head, rest = block.lines[:1], _block(block.lines[1:])
    first, full = block.seams[0], _full(rest.seams, rest.width)
    if whole:  # the uneven lines of one paragraph, unless the first is longer by far
        apart = full > rest.width and len(head[0]) * 10 > rest.width * 11
    else:
        apart = full > 0 and (len(head[0]) > rest.width or (first.reach < full and not first.flows))
    return [_block(head), rest] if apart else [block]


def _markers(lines: Sequence[str]) -> set[str]:
    """The marks that open list items here; elsewhere "- " or "12. " may begin a wrapped line."""
    firsts = [lines[0], *(after for line, after in pairwise(lines) if line.endswith(":"))]
    return ({_marker(line) for line in firsts} | set("#•▪◦‣")) - {""}


def _marker(line: str) -> str:
    match = _MARKER.match(line)
    return (match.group(1) or "1")[:1] if match else ""


def _margin(lines: Sequence[str], markers: set[str]) -> int:
    """The commonest indentation: a line beyond it opens a paragraph, but not within an item."""
    indents = Counter(map(_indent, lines))
    if _marker(lines[0]) in markers:
        return max(indents)
    return max(indents, key=lambda indent: (indents[indent], -indent))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _seam(line: str, after: str, markers: set[str], margin: int) -> _Seam:
    ended = bool(_ENDED.search(line[-8:]))
    small = _SMALL.match(after.lstrip()[:80])
    flows = bool(small and not small.group(1).isupper()) or bool(_HANGING.search(line[-8:]))
    ruled = bool(_RULE.match(line) or _RULE.match(after))
    titled = line.isupper() and not after.isupper() and " " in line.strip()
    return _Seam(
        reach=len(line) + 1 + len(after.split(None, 1)[0]),
        ended=ended,
        flows=flows and not ended,
        opens=ruled
        or titled
        or _marker(after) in markers
        or _marker(line) == "#"
        or _indent(after) > margin,
    )


def _judged(blocks: Sequence[_Block]) -> list[tuple[_Block, int]]:
    """Each block with the reach of its full lines, 0 where each line is a paragraph.

    A block of two lines proves little, so blocks that prove nothing follow a width that is
    proven elsewhere: by all blocks together, since most files are wrapped throughout or not at
    all, or else by the widest block that proves one.
    """
    own = [_full(block.seams, block.width) for block in blocks]
    proven = [(block.width, full) for block, full in zip(blocks, own, strict=True) if full]
    width = max((block.width for block in blocks if block.seams), default=0)
    full = _full([seam for block in blocks for seam in block.seams], width)
    # Blocks wrapped at several widths look, taken together, like the uneven lines of one.
    if full and all(narrow >= full for narrow, _ in proven if full <= width):
        return [(block, _full_as(block, width, full)) for block in blocks]
    width, full = max(proven, default=(0, 0))
    return [
        (block, alone or _full_as(block, width, full))
        for block, alone in zip(blocks, own, strict=True)
    ]


def _full(seams: Sequence[_Seam], width: int) -> int:
    """The reach from which on lines of this width are full, 0 unless the seams prove wrapping.

    Programs fill each line as far as words allow. Printed pages and ``fmt`` even lines out, and
    letters differ in width: there, lines of 85 in 100 columns count as full.
    """
    even = width * 85 // 100
    if _is_wrapped(seams, width + 1):
        return width + 1
    flowing = [seam for seam in seams if seam.reach >= even or not seam.flows]
    uneven = len(seams) - len(flowing)  # beside a picture or a big first letter, lines are short
    return even if uneven * 2 <= len(flowing) and _is_wrapped(flowing, even) else 0


def _is_wrapped(seams: Sequence[_Seam], full: int) -> bool:
    inner = [seam for seam in seams if seam.reach >= full and not seam.opens]
    within = [seam for seam in inner if not seam.ended]
    ends, faults = _ends_and_faults(seams, full)
    return (
        len(inner) >= max(1, ends)  # paragraphs of two lines or more
        and faults <= (max(1, len(inner) // 20) if len(inner) > 6 else 0)
        and len(within) * 2 >= len(inner)
        # Three in four lines of English prose begin small; of headlines, next to none.
        and sum(seam.flows for seam in within) * 4 >= max(1, len(within))
    )


def _full_as(block: _Block, width: int, full: int) -> int:
    """The reach that others prove, unless something in this block speaks against it."""
    ends, faults = _ends_and_faults(block.seams, full)
    inner = sum(seam.reach >= full and not seam.ended for seam in block.seams)
    exact = full > width
    fits = block.seams and block.width <= width and inner >= max(ends, faults, not exact)
    return full if fits else 0


def _ends_and_faults(seams: Sequence[_Seam], full: int) -> tuple[int, int]:
    """How many lines had room for the next word: at a sentence's end, and elsewhere."""
    room = [seam for seam in seams if seam.reach < full and not seam.opens]
    ends = sum(seam.ended for seam in room)
    return ends, len(room) - ends


def _paragraphs(block: _Block, full: int, words: Words) -> Iterator[str]:
    pending = [block.lines[0]]
    for seam, line in zip(block.seams, block.lines[1:], strict=True):
        if seam.opens or (seam.reach < full and not seam.flows):
            yield rejoin(pending, words)
            pending = []
        pending.append(line)
    yield rejoin(pending, words)
