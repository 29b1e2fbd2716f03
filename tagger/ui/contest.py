"""Contest a word: it says nothing about a topic, or may speak about it again."""

from __future__ import annotations

import html
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.strikes import may_be_struck, restore, strike, struck_words
from tagger.learning.terms import fold
from tagger.ui import paint, session, who

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.desk.struck import Struck
    from tagger.learning.explanation import Explanation, Word
    from tagger.records import TopicId, Version
    from tagger.taxonomy import Taxonomy

_WORDS = 5
_SMALLEST = 0.05  # contributions below this are noise to a reader


def draw(named: str, found: Sequence[Explanation], taxonomy: Taxonomy, version: Version) -> None:
    """Draw, below the reasons, which words of a text are struck and a way to strike the loudest.

    Args:
        named: begins the buttons' keys: page and paragraph.
        found: the reasons on the screen.
        taxonomy: today's topics.
        version: of the model that gave them.
    """
    here = {fold(word.text) for e in found for word in e.words}
    topics = {e.topic for e in found}
    struck = [
        one
        for one in _struck(version)
        if one.word in here and one.topic in topics and not one.ended
    ]
    _list(named, struck, taxonomy)
    with st.popover("Contest a word", type="tertiary"):
        st.caption(
            "A struck word adds nothing to the topic's score from the next retrain on. It is "
            "recorded with your name, listed on the **Topics** page and can be restored."
        )
        done = {(one.word, one.topic) for one in struck if one.state != "restored"}
        for word, topic in _loudest(found):
            if (fold(word.text), topic) not in done:
                _strike_button(named, word.text, topic, taxonomy)


def section() -> None:
    """Draw all struck words of the desk with what became of each."""
    found = _struck(None)
    if not found:
        return
    taxonomy = session.taxonomy()
    st.subheader("Struck words")
    st.caption(
        "Editors said that these say nothing about the topic. A retrain learns the topic without "
        "them. New ones are struck where the reasons of a paragraph are shown (key E)."
    )
    _list("topics", found, taxonomy)


def _list(named: str, struck: Sequence[Struck], taxonomy: Taxonomy) -> None:
    """What became of each, and beside it the way back."""
    for one in struck:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(_line(one, taxonomy), width="content")
            _restore_button(named, one, taxonomy)


def _struck(version: Version | None) -> tuple[Struck, ...]:
    return struck_words(session.settings(), version, session.store())


def _line(one: Struck, taxonomy: Taxonomy) -> str:
    why = f": {html.escape(one.why)}" if one.why else ""
    label = html.escape(taxonomy.label(one.topic) if one.topic in taxonomy else one.topic)
    return (
        f'<p class="nt-aside" style="margin:0">✂ <b><bdi>{html.escape(one.word)}</bdi></b> for '
        f"{label}: {html.escape(one.told)}{why}</p>"
    )


def _loudest(found: Sequence[Explanation]) -> list[tuple[Word, TopicId]]:
    """The words that speak loudest for or against the topics that the text gets, or the nearest."""
    shown = [e for e in found if e.given] or found[:1]
    words = [
        (word, e.topic)
        for e in shown
        for against in (False, True)
        for word in e.strongest(_WORDS, against=against)
        if abs(word.contribution) >= _SMALLEST and may_be_struck(word.text)
    ]
    return sorted(words, key=lambda pair: -abs(pair[0].contribution))[:_WORDS]


def _strike_button(named: str, word: str, topic: TopicId, taxonomy: Taxonomy) -> None:
    def act() -> None:
        struck, new = strike(session.store(), session.settings(), word, topic, who.need_editor())
        _tell(
            f"'{word}' is struck for {taxonomy.label(topic)}; the next retrain honours it. "
            "'Restore' takes it back."
            if new
            else f"'{struck.word}' was {struck.told}."
        )

    label = f"“{word}” says nothing about {taxonomy.label(topic)}"
    key = f"strike-{named}-{topic}-{fold(word)}"
    st.button(paint.plain(label), key=key, on_click=session.careful(act), width="stretch")


def _restore_button(named: str, one: Struck, taxonomy: Taxonomy) -> None:
    if one.state == "restored":
        return
    label = taxonomy.label(one.topic) if one.topic in taxonomy else one.topic
    key = f"restore-{named}-{one.topic}-{one.sequence}"
    act = session.careful(partial(_restore, one, label))
    st.button(paint.plain(f"Restore “{one.word}”"), key=key, on_click=act, type="tertiary")


def _restore(one: Struck, label: str) -> None:
    restore(session.store(), session.settings(), one.word, one.topic, who.need_editor())
    _tell(f"'{one.word}' may speak about {label} again from the next retrain on.", "↩️")


def _tell(message: str, icon: str | None = None) -> None:
    from tagger.ui import card  # noqa: PLC0415 - it needs this module

    card.tell(message, icon)
