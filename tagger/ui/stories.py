"""Pick one of the queued stories, and the address of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from tagger.ui import session
from tagger.ui.words import place_in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.keeping.store.waiting import Heading, Place

_LISTED = 200  # who looks for an older one finds a paragraph of it in the log


def pick(here: str, go: Callable[[int], None]) -> None:
    """Offer the stories that were queued last, with how much of each is decided.

    Args:
        here: the number of the story on the screen; empty where there is none.
        go: opens the story of a number.
    """
    listed = {one.article: one for one in session.store().queue.headings(_LISTED)}
    if not listed:
        st.caption("Nothing is queued yet: paste or upload a story, or run `tagger queue add`.")
        return
    chosen = st.selectbox(
        f"The newest {len(listed):,} stories" if len(listed) == _LISTED else "A queued story",
        list(listed),
        index=None,
        placeholder="Type a word of its headline or source …",
        format_func=lambda number: _named(listed[number]),
        key=f"story-after-{here}",  # once it is open, nothing is chosen
    )
    if chosen is not None:
        go(chosen)


def _named(one: Heading) -> str:
    about = place_in_words(one.title, one.source, one.date, one.name)
    return f"{about} · {one.decided} of {one.paragraphs} decided"


def address(place: Place) -> str:
    """Where the whole story opens at the paragraph of a place; empty where it is in none."""
    if not place.article:  # a planted check
        return ""
    return f"article?article={place.article}&paragraph={place.paragraph}"
