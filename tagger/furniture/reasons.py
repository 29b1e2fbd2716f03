"""Why a paragraph is page furniture: a small fixed set of reasons."""

from __future__ import annotations

from typing import Literal, get_args

Reason = Literal[
    "advertisement",  # a label where an advertisement stood
    "author note",  # who the author is, at the end of a story
    "byline",  # who wrote, edited or contributed
    "caption",  # what a picture shows
    "comments",  # a count of comments, or how to comment
    "contact",  # how to reach the newsroom
    "cookie notice",
    "copyright",
    "dateline",  # a place and agency that stand alone
    "divider",  # stars, dashes: no letter and no figure
    "editor's note",  # notes and corrections about the article, not its subject
    "most-popular list",  # a box of links that readers, editors or the clock chose
    "navigation",  # menus, breadcrumbs, buttons, page numbers
    "newsletter",
    "photo credit",  # who took a picture
    "player",  # a button or message of an audio or video player
    "related link",  # a link to another story, or a box of them
    "section heading",
    "share line",  # buttons to share, and accounts to follow
    "subscription",  # paywall, membership, donations, the app
    "tags",
    "timestamp",  # when published or updated, how long to read
]
REASONS: tuple[Reason, ...] = get_args(Reason)
