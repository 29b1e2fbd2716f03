"""Lists of links: a head such as "Most Popular", and the headlines below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.furniture import phrases
from tagger.furniture.shape import is_headline, is_marked, is_prose, is_quoted, key, restates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.furniture.reasons import Reason
    from tagger.records import Paragraph

# Heads that name their section: "Most read in World", "More from Europe".
_MOST_IN = re.compile(
    r"(?:most (?:read|popular|viewed)|latest|trending|top stories) (?:in|on|from)(?: \w+){1,4}"
)
_MORE_FROM = re.compile(
    r"(?:more|more stories|more news|related) (?:from|in|about|on)(?: \w+){1,4}"
)


def tell_lists(paragraphs: Sequence[Paragraph], reasons: list[Reason | None]) -> None:
    """Give the headlines below a head its reason, until body text resumes.

    Paragraphs that have a reason of their own, such as "2 hours ago", do not end a list.
    """
    following, opened, links = _next_kept(reasons), None, 0
    for number, paragraph in enumerate(paragraphs):
        if head := _head(paragraph):
            reasons[number], opened, links = head, head, 0
        elif reasons[number] is None and opened:
            below = paragraphs[following[number]].text if following[number] < len(reasons) else ""
            if _is_link(paragraph, below, links):
                reasons[number], links = opened, links + 1
            else:
                opened = None


def _next_kept(reasons: Sequence[Reason | None]) -> list[int]:
    """For each paragraph the number of the next one without a reason, or their count."""
    following = [len(reasons)] * len(reasons)
    for number in range(len(reasons) - 2, -1, -1):
        later = number + 1
        following[number] = later if reasons[later] is None else following[later]
    return following


def _head(paragraph: Paragraph) -> Reason | None:
    text = paragraph.text
    if paragraph.role == "title" or len(text) > 80 or is_quoted(text):
        return None
    phrase = key(text)
    if _MOST_IN.fullmatch(phrase) and is_headline(text):
        return "most-popular list"
    # "Read more" is a button, below a teaser; with a colon it heads a list.
    if (_MORE_FROM.fullmatch(phrase) and is_headline(text)) or text.casefold() == "read more:":
        return "related link"
    return phrases.LIST_HEADS.get(phrase)


def _is_link(paragraph: Paragraph, below: str, links: int) -> bool:
    """Whether a line below a head is a link of the list, ``links`` having been before it.

    A list has one link at least. After that, a line that the body text below it restates is the
    headline of the next story of a clip, and a heading above body text belongs to that text.
    """
    text = paragraph.text
    if paragraph.role == "title" or not is_headline(text):
        return False
    if key(text) in phrases.HEADINGS or is_marked(text):
        return False
    if not is_prose(below):
        return True
    return paragraph.role != "heading" and not (links and restates(below, text))
