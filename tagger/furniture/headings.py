"""Section headings: short lines between the paragraphs of one story."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from tagger.furniture import phrases
from tagger.furniture.shape import is_headline, is_marked, is_prose, is_quoted, key, restates, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.furniture.reasons import Reason
    from tagger.records import Paragraph

_LONGEST = 6  # words: headlines have more
_FEWEST_BODY = 4  # paragraphs of body text that make a document long enough to be divided
_SHAPE = re.compile(r"[^\W\d_a-z].*[\w?)]")
# A figure, a colon, a comma, a participle; a name and what may be its verb, "Marchenko denies".
_NEWS = re.compile(r"[\d:,]|[a-z]{3}ed\b|^(?:[^\W\d_a-z][\w'-]+ )+[a-z]+s\b(?!.*\?$)")


def tell_headings(paragraphs: Sequence[Paragraph], reasons: list[Reason | None]) -> None:
    """Find the section headings; what comes first is the story's own headline.

    A line counts as one if its source says so, if its words do, or if it stands between body
    text in a document of one story. A story of a clip begins with a headline just so; it is
    told by its length, and by the text below it, which restates it.
    """
    kept = [number for number, reason in enumerate(reasons) if reason is None]
    body = [number for number in kept if is_prose(paragraphs[number].text)]
    below = _text_below(paragraphs, kept, set(body))
    between = _lines_between(kept, set(body))
    divided = len(body) >= _FEWEST_BODY and all(
        len(words(paragraphs[number].text)) <= _LONGEST for number in between
    )
    for number in kept[1:]:
        paragraph, text = paragraphs[number], below.get(number, "")
        if _is_named(paragraph, text) or (
            divided and number in between and _looks_like_one(paragraph, text)
        ):
            reasons[number] = "section heading"


def _text_below(
    paragraphs: Sequence[Paragraph], kept: Sequence[int], body: set[int]
) -> dict[int, str]:
    return {number: paragraphs[after].text for number, after in pairwise(kept) if after in body}


def _lines_between(kept: Sequence[int], body: set[int]) -> set[int]:
    triples = zip(kept, kept[1:], kept[2:], strict=False)
    return {
        number
        for before, number, after in triples
        if number not in body and before in body and after in body
    }


def _is_named(paragraph: Paragraph, text: str) -> bool:
    """Whether its source or its words say that it is a heading, ``text`` being the one below."""
    line = paragraph.text
    if paragraph.role == "heading" or is_marked(line):
        return len(words(line)) <= _LONGEST or not restates(text, line)
    return paragraph.role != "title" and not is_quoted(line) and key(line) in phrases.HEADINGS


def _looks_like_one(paragraph: Paragraph, text: str) -> bool:
    line = paragraph.text
    return (
        paragraph.role == "paragraph"
        and bool(_SHAPE.fullmatch(line))
        and is_headline(line)
        and not is_quoted(line)
        and not phrases.NOT_IN_HEADINGS & set(key(line).split())
        and not _NEWS.search(line)
        and not restates(text, line)
    )
