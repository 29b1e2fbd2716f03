"""Raw text becomes stretches of lines with no blank line in them."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from tagger.paragraphs.identity import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator

# "\r\r\n" is "\r\n" that a program translated twice.
_LINE_END = re.compile("(?<!\r)\r++\n|[\r\v\x1c-\x1e\x85\u2028]")
_PAGE_END = re.compile(r"\n\f|\f\n|\f")  # a page ends where it must, inside a paragraph too
_QUOTED = re.compile(r">(?:\s*>)* ?")


def stretches(text: str) -> Iterator[list[str]]:
    """The runs of lines between blank lines, or of one depth of mail quoting, without its marks.

    A soft hyphen stays, for it may end a line.
    """
    shown = INVISIBLE.sub(lambda match: "\xad" if "\xad" in match.group() else "", text)
    shown = _LINE_END.sub("\n", shown.replace("\u2029", "\n\n"))
    lines = _PAGE_END.sub("\n", shown).split("\n")
    # One line may begin with a "greater than" of its own; two in a row are a quoted mail.
    mail = any(one.startswith(">") and two.startswith(">") for one, two in pairwise(lines))
    bare = map(_without_marks, lines) if mail else ((0, line) for line in lines)
    for (_, blank), run in groupby(bare, key=lambda one: (one[0], _is_blank(one[1]))):
        if not blank:
            yield [line.expandtabs(4).rstrip() for _, line in run]


def _without_marks(line: str) -> tuple[int, str]:
    match = _QUOTED.match(line)
    return (match.group().count(">"), line[match.end() :]) if match else (0, line)


def _is_blank(line: str) -> bool:
    return not line.replace("\xad", "").strip()
