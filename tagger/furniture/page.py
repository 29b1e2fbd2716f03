"""What only the neighbours tell: lists of links, section headings, notes on the author."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.furniture import phrases
from tagger.furniture.shape import is_headline, is_prose, is_quoted, key, restates, words
from tagger.furniture.telling import tell_alone, tell_on_page

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
# A figure, a colon, or a name and what may be its verb: "Marchenko dismisses".
_NEWS = re.compile(r"\d|:|^(?:[^\W\d_a-z][\w'-]+ )+[a-z]+s\b")
_HEADING = re.compile(r"[^\W\d_a-z].*[\w?)]")
_MARKED = re.compile(r"#{1,6} ")
_BIO = re.compile(
    r"(?:The (?:author|writer)|(?P<name>[^\W\d_a-z][\w'-]+(?: [^\W\d_a-z][\w.'-]*){0,3})"
    r"(?:, [^,]{3,60},)?) (?:is|covers|writes)\b.{0,120}?\b(?:reporter|correspondent|journalist"
    r"|editor|columnist|writer|photographer|author|fellow|professor|analyst|bureau chief"
    r"|contributor|covering|covers|writes (?:about|on)|newsroom)\b"
)
_LONGEST_BIO = 500
_LONGEST_HEADING = 6  # words: headlines have more
_FEWEST_PROSE = 4  # paragraphs of body text that make a document long enough for headings


def tell(paragraphs: Sequence[Paragraph]) -> list[Reason | None]:
    """Why each paragraph of one document is furniture; None where it is not."""
    if len(paragraphs) == 1:
        return [_alone(paragraphs[0])]
    reasons = [_by_words(paragraph) for paragraph in paragraphs]
    if _tops_story(*paragraphs[:2]):
        reasons[0] = None
    _tell_lists(paragraphs, reasons)
    _tell_headings(paragraphs, reasons)
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
    return is_headline(first.text) and is_prose(second.text) and restates(second.text, first.text)


def _next_kept(reasons: Sequence[Reason | None]) -> list[int]:
    """For each paragraph the number of the next one that is not furniture, or the length."""
    following = [len(reasons)] * len(reasons)
    for number in range(len(reasons) - 2, -1, -1):
        later = number + 1
        following[number] = later if reasons[later] is None else following[later]
    return following


def _tell_lists(paragraphs: Sequence[Paragraph], reasons: list[Reason | None]) -> None:
    """Mark the headlines below a head such as "Most Popular", until body text resumes."""
    following, opened, links = _next_kept(reasons), None, 0
    for number, paragraph in enumerate(paragraphs):
        if head := _list_head(paragraph):
            reasons[number], opened, links = head, head, 0
        elif reasons[number] is None and opened:
            after = paragraphs[following[number] :][:1]
            if _is_link(paragraph, after, links):
                reasons[number], links = opened, links + 1
            else:
                opened = None


def _list_head(paragraph: Paragraph) -> Reason | None:
    text = paragraph.text
    if paragraph.role == "title" or len(text) > 80 or is_quoted(text):
        return None
    phrase = key(text)
    if _MOST_IN.fullmatch(phrase) and is_headline(text):
        return "most-popular list"
    if (_MORE_FROM.fullmatch(phrase) and is_headline(text)) or text.lower() == "read more:":
        return "related link"
    return phrases.LIST_HEADS.get(phrase)


def _is_link(paragraph: Paragraph, after: Sequence[Paragraph], links: int) -> bool:
    """Whether a line in an open list is one of its links, rather than the end of the list."""
    if paragraph.role == "title" or not is_headline(paragraph.text):
        return False
    if key(paragraph.text) in phrases.HEADINGS or _MARKED.match(paragraph.text):
        return False
    resumes = bool(after) and is_prose(after[0].text)
    if paragraph.role == "heading" and resumes:
        return False
    # A list has one link at least; a later line may be the headline of the next story of a clip.
    return not (links and resumes and restates(after[0].text, paragraph.text))


def _tell_headings(paragraphs: Sequence[Paragraph], reasons: list[Reason | None]) -> None:
    """Mark the section headings; what comes first is the story's own headline."""
    kept = [number for number, reason in enumerate(reasons) if reason is None]
    body = {number for number in kept if is_prose(paragraphs[number].text)}
    for before, number, after in zip(kept, kept[1:], [*kept[2:], -1], strict=False):
        between = before in body and after in body and len(body) >= _FEWEST_PROSE
        following = paragraphs[after].text if after in body else ""
        if _is_heading(paragraphs[number], following, between=between):
            reasons[number] = "section heading"


def _is_heading(paragraph: Paragraph, following: str, *, between: bool) -> bool:
    """Whether a line is a heading, ``following`` being the body text below it, if any.

    A longer line that the body text below it restates is a headline: there a new story begins.
    """
    text, length = paragraph.text, len(words(paragraph.text))
    if paragraph.role == "title" or is_quoted(text):
        return False
    if paragraph.role == "heading" or _MARKED.match(text):
        return length <= _LONGEST_HEADING or not restates(following, text)
    if key(text) in phrases.HEADINGS:
        return True
    short = length <= _LONGEST_HEADING and _HEADING.fullmatch(text) and is_headline(text)
    return (
        between
        and short
        and paragraph.role == "paragraph"
        and not _may_be_news(text)
        and not restates(following, text)
    )


def _may_be_news(text: str) -> bool:
    """Whether a short line has what headlines have and headings seldom: figures, a verb."""
    verbs = phrases.NOT_IN_HEADINGS & set(key(text).split())
    return bool(verbs or _NEWS.search(text))


def _tell_authors(paragraphs: Sequence[Paragraph], reasons: list[Reason | None]) -> None:
    """Mark the notes on the authors at the end, but nobody whom the story is about."""
    for number in range(len(paragraphs) - 1, 0, -1):
        if reasons[number] is None:
            note = _BIO.match(paragraphs[number].text[:_LONGEST_BIO])
            if not note or len(paragraphs[number].text) > _LONGEST_BIO:
                return
            surname = (note["name"] or "").split()[-1:]
            told = zip(paragraphs[:number], reasons, strict=False)
            if any(n in other.text for n in surname for other, reason in told if reason is None):
                return
            reasons[number] = "author note"
