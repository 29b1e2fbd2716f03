"""Lines of one paragraph become one text; words broken at a line end are made whole."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BROKEN = re.compile(r"([^\W_][\w'’.-]*)[-‐]$")
_TAIL = 80  # letters of a line's end to look at: longer than any word that is hyphenated
_FIRST = re.compile(r"[\w'’]+")
_WORD = re.compile(r"\w+(?:['’.-]\w+)*")
# "two- and three-year": the hyphen is suspended, not broken.
_SUSPENDED = frozenset({"and", "or", "to", "nor", "but", "та", "і", "й", "або", "и", "или"})
# What news hyphenates onto another word, and what is no syllable of one.
_SECONDS = """
    annexed appointed armed backed based bombed born brokered built called chief controlled
    declared driven elected facing fired flung friendly funded general guided held hour hours
    imposed installed kilometer kilometre known launched led level linked litre long looking made
    mediated mile minister minute month months named occupied old ordered organised organized
    owned past pound president profile proof range ranking rate registered related running scale
    scarred sized speaking sponsored standing style supplied term ton torn trained week weeks
    wide wing wracked year years
"""
_FIRSTS = """
    air all anti counter cross deep double eight eighty ex far fifty first five forty four front
    full half hard high ill joint large left long low mid multi near new nine ninety non north off
    old one over part post pre pro quasi right second self semi seven seventy short single six
    sixty small so south ten third thirty three tit top twenty two ultra under vice war well
"""
_SECOND_PARTS, _FIRST_PARTS = frozenset(_SECONDS.split()), frozenset(_FIRSTS.split())
# What a broken word goes on with, and no word begins with: "govern-" / "ment".
_SYLLABLES = re.compile(
    r"(?:ments?|mental(?:ly)?|[tscg]ions?|tional(?:ly)?|[tc]ia\w+|[ns]ians?|tur(?:e|es|ed|al)"
    r"|tar(?:y|ies)|ness?|e[drs]|ly|[ai]ble|[bcdfgkpstz]le[sd]?|[a-z]?ings?|[a-z]ed|[a-z]?ers?"
    r"|[a-z]ors?|[a-z]al|[a-z]ly|[a-z]{0,2}ous|[a-z]?i[vs]e|[a-z]is[tm]|[a-z][ae]n[ct]e?s?"
    r"|[a-z]?i?ty|ated|ating|ation|[a-z]ates?)$"
)


class Words:
    """The whole words of a text: evidence on how a word broken at a line end is spelt."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def __contains__(self, word: str) -> bool:
        return word in self._words

    @cached_property
    def hyphenated(self) -> bool:
        """Whether the text breaks words into syllables, as printed pages do every few lines."""
        broken = sum(line.endswith(("-", "‐")) for line in self._lines)
        return broken >= 3 and broken * 16 > len(self._lines)

    @cached_property
    def _words(self) -> frozenset[str]:
        # Gathered only when a line ends in a hyphen: most texts never need it.
        return frozenset(word.casefold() for word in self._whole())

    def _whole(self) -> Iterator[str]:
        broken = False
        for line in self._lines:
            found = _WORD.findall(line)
            after, broken = broken, line.endswith(("-", "‐"))
            yield from found[1 if after else 0 : len(found) - 1 if broken else len(found)]


def rejoin(lines: Sequence[str], words: Words) -> str:
    """Join the lines of a paragraph with spaces, or with nothing inside a broken word.

    The hyphen of ``govern-`` / ``ment`` goes, that of ``Moscow-`` / ``backed`` stays: how the
    rest of the text spells the word decides first, then what its parts look like.
    """
    parts = [lines[0].strip()]
    for line in lines[1:]:
        after = line.strip()
        parts[-1], between = _bridge(parts[-1], after, words)
        parts += [between, after]
    return "".join(parts)


def _bridge(line: str, after: str, words: Words) -> tuple[str, str]:
    """The line, without a hyphen that must go, and what stands between it and the next."""
    if line.endswith("\xad"):
        return line.rstrip("\xad"), ""
    broken, first = _BROKEN.search(line[-_TAIL:]), _FIRST.match(after)
    if not broken or (first and first.group() in _SUSPENDED):
        return line, " "
    if not first or not first.group()[0].islower():
        return line, ""
    keeps = _is_compound(broken.group(1), first.group(), words)
    return (line if keeps else line[:-1]), ""


def _is_compound(left: str, right: str, words: Words) -> bool:
    """Whether a hyphen at a line's end belongs to the word, judged on the surest ground first."""
    small = left.casefold()
    if small + right in words:
        return False
    if f"{small}-{right}" in words or not left.isalpha() or left.isupper():
        return True
    if right in _SECOND_PARTS or (small in words and right in words):
        return True
    # English words seldom end in these letters, but "mili-" and "presi-" do.
    cut = left.islower() and left[-1] in "iou" and left not in _FIRST_PARTS
    if cut or _SYLLABLES.match(right):
        return False
    return left in _FIRST_PARTS or not words.hyphenated
