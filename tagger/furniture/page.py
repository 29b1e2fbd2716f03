"""What a whole document tells: each paragraph's own words first, then its neighbours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.furniture.headings import tell_headings
from tagger.furniture.lists import tell_lists
from tagger.furniture.shape import is_headline, is_prose, restates
from tagger.furniture.telling import tell_alone, tell_on_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.furniture.reasons import Reason
    from tagger.records import Paragraph

_AUTHOR = re.compile(
    r"(?:The (?:author|writer)|(?P<name>[^\W\d_a-z][\w'-]+(?: [^\W\d_a-z][\w.'-]*){0,3}))"
    r" (?:covers\b|writes (?:about|on|for)\b|is (?:an?|the|our|[\w .]+'s) (?:[\w'-]+ ){0,6}"
    r"(?:reporter|editor|correspondent|journalist|columnist|writer|photographer|author|fellow"
    r"|professor|analyst|chief|contributor)(?: (?:at|for|with|of|in|on|and|based|covering|who)\b"
    r"|[.,]))"
)
# What befalls those whom a story is about.
_FATE = re.compile(
    r"\b(?:killed|died|detained|arrested|jailed|missing|captured|abducted|sentenced|accused)\b"
)
_LONGEST_NOTE = 500  # letters


def tell(paragraphs: Sequence[Paragraph]) -> list[Reason | None]:
    """Why each paragraph of one document is furniture; None where it is not."""
    if len(paragraphs) == 1:
        return [_alone(paragraphs[0])]
    reasons = [_by_words(paragraph) for paragraph in paragraphs]
    if _tops_story(*paragraphs[:2]):
        reasons[0] = None
    tell_lists(paragraphs, reasons)
    tell_headings(paragraphs, reasons)
    _tell_authors(paragraphs, reasons)
    return reasons


def _alone(paragraph: Paragraph) -> Reason | None:
    return "caption" if paragraph.role == "caption" else tell_alone(paragraph.text)


def _by_words(paragraph: Paragraph) -> Reason | None:
    if paragraph.role == "title":
        return None
    return "caption" if paragraph.role == "caption" else tell_on_page(paragraph.text)


def _tops_story(first: Paragraph, second: Paragraph) -> bool:
    """Whether the first line is a headline: "Watch: how a bridge was saved", above that story."""
    return (
        first.role != "caption"
        and is_headline(first.text)
        and is_prose(second.text)
        and restates(second.text, first.text)
    )


def _tell_authors(paragraphs: Sequence[Paragraph], reasons: list[Reason | None]) -> None:
    """Find the notes on the authors: below their names, or at the end."""
    for number in range(1, len(paragraphs)):
        if reasons[number - 1] == "byline" and _is_on_author(number, paragraphs, reasons):
            reasons[number] = "author note"
    for number in range(len(paragraphs) - 1, 0, -1):
        if _is_on_author(number, paragraphs, reasons):
            reasons[number] = "author note"
        elif reasons[number] is None:
            return


def _is_on_author(
    number: int, paragraphs: Sequence[Paragraph], reasons: Sequence[Reason | None]
) -> bool:
    """Whether a paragraph that is kept so far says who somebody is whom no other one names."""
    text = paragraphs[number].text
    note = _AUTHOR.match(text) if len(text) <= _LONGEST_NOTE else None
    if reasons[number] or not note or _FATE.search(text):
        return False
    surname = note["name"].split()[-1] if note["name"] else text
    others = [*paragraphs[:number], *paragraphs[number + 1 :]]
    marks = [*reasons[:number], *reasons[number + 1 :]]
    return not any(surname in p.text for p, mark in zip(others, marks, strict=True) if not mark)
