"""What a paragraph's own words tell: furniture that needs no look at its neighbours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tagger.furniture import cues, phrases
from tagger.furniture.names import is_byline, is_caption, is_dateline, is_photo_credit
from tagger.furniture.shape import is_attributed, is_headline, is_quoted, key, straight, words
from tagger.furniture.times import is_timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tagger.furniture.reasons import Reason

_LONGEST, _LONGEST_PHRASE = 600, 80  # letters: of a cookie notice, of a button
# News may begin alike and go on "the minister said"; furniture of these kinds does not.
_REPORTS_NOBODY: frozenset[Reason] = frozenset(
    {
        "comments",
        "cookie notice",
        "navigation",
        "newsletter",
        "player",
        "share line",
        "subscription",
    }
)
_TAGGED = re.compile(
    r"(?:tags?|topics?|keywords?|filed under|(?:see |explore )?more on|in this article"
    r"|categor(?:y|ies)|теги?|мітки|темы?|теми|рубрик[аи]):",
    re.IGNORECASE,
)
_EVERY_PHRASE = phrases.LIST_HEADS | phrases.ON_A_PAGE | phrases.SURE
_BAR = re.compile(r"\s*[|·•/]\s*")
_CRUMB = re.compile(r"\s*[>›»]\s*|\s+/\s+")
_LINK = re.compile(r"\s*[|·•]\s*|[.,](?:\s+|$)")


def tell_alone(text: str) -> Reason | None:
    """Why a paragraph is furniture wherever it stands, as a row of a table too; None if not."""
    if not any(map(str.isalnum, text)):
        return "divider"
    if len(text) > _LONGEST or is_quoted(text):
        return None
    if _are_share_buttons(text):
        return "share line"
    return _phrased(text, phrases.SURE) or _cued(text, cues.SURE)


def tell_on_page(text: str) -> Reason | None:
    """Why a paragraph is furniture if it stands on a page; None if its words do not tell."""
    sure = tell_alone(text)
    if sure or len(text) > _LONGEST or is_quoted(text):
        return sure
    return (
        _phrased(text, phrases.ON_A_PAGE)
        or _phrased(text, phrases.LIST_HEADS)
        or _row(text)
        or next((reason for reason, is_made_so in _KINDS.items() if is_made_so(text)), None)
        or _cued(text, cues.ON_A_PAGE)
    )


def _phrased(text: str, table: Mapping[str, Reason]) -> Reason | None:
    return table.get(key(text)) if len(text) <= _LONGEST_PHRASE else None


def _row(text: str) -> Reason | None:
    """The first reason of buttons in a row, "Subscribe | Log in", if each is furniture."""
    parts = _BAR.split(straight(text)) if len(text) <= 2 * _LONGEST_PHRASE else []
    reasons = [_phrased(part, _EVERY_PHRASE) for part in parts if not is_timestamp(part)]
    return reasons[0] if len(parts) > 1 and reasons and all(reasons) else None


def _cued(text: str, table: cues.Cues) -> Reason | None:
    line = straight(text)
    reason = table.reason(line)
    if reason in _REPORTS_NOBODY and ('"' in line or is_attributed(line)):
        return None
    return reason


def _are_share_buttons(text: str) -> bool:
    """Whether it is a row of buttons: "Share on Facebook", "Copy link Email X"."""
    found = set(key(text).split()) if len(text) <= 120 else set()
    return bool(
        found <= phrases.BUTTONS and found & phrases.SHARE_VERBS and found & phrases.NETWORKS
    )


def _are_tags(text: str) -> bool:
    tagged = _TAGGED.match(straight(text))
    tags = re.split(r"[,;|/·•#]", straight(text)[tagged.end() :]) if tagged else []
    return bool(tags) and is_headline(text) and all(len(words(tag)) <= 4 for tag in tags)


def _is_menu(text: str) -> bool:
    """Whether it is a breadcrumb trail, a bar of links, or names places that every site has."""
    if not key(text):
        return False
    crumbs = [key(part) for part in _CRUMB.split(text)]
    if len(crumbs) > 1 and crumbs[0] in phrases.PLACES:
        return is_headline(text) and all(len(crumb.split()) <= 6 for crumb in crumbs[:-1])
    bar = [key(part) for part in text.split("|")]
    if len(bar) > 2 and is_headline(text) and not any(map(str.isdigit, text)):
        return all(0 < len(link.split()) <= 3 for link in bar)
    links = [key(part) for part in _LINK.split(text) if part]
    known = sum(link in phrases.PLACES for link in links)  # two in three: sections are many
    return known * 3 >= len(links) * 2 and all(0 < len(link.split()) <= 4 for link in links)


_KINDS: Mapping[Reason, Callable[[str], bool]] = {
    "timestamp": is_timestamp,
    "byline": is_byline,
    "dateline": is_dateline,
    "photo credit": is_photo_credit,
    "caption": is_caption,
    "tags": _are_tags,
    "navigation": _is_menu,
}
