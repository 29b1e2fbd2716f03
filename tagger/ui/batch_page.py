"""Batch: a page of confident suggestions; untick, accept, and one Undo takes all of it back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.correct import decide_batch, undo
from tagger.desk.queue import next_up
from tagger.desk.wording import counted, sure
from tagger.ui import card, paint, retraining, session, stories, who
from tagger.ui.words import name_of_last, place_in_words, say_undone, topics_in_words

if TYPE_CHECKING:
    from tagger.desk.cards import Card

_ROWS = 25
_DWELL = 2.0  # seconds: nobody reads a whole page faster, and a key held down must not accept many
# Streamlit hears no key while a checkbox has the focus: one that was clicked lets go of it.
_LET_GO = """<script>document.onpointerup = () => setTimeout(() =>
  document.activeElement.type === "checkbox" && document.activeElement.blur(), 100)</script>"""


def page() -> None:
    """Draw the page."""
    _batch(who.need_editor())
    st.html(_LET_GO, unsafe_allow_javascript=True)


@st.fragment
def _batch(editor: str) -> None:
    with session.told_errors():
        _draw(editor)


def _draw(editor: str) -> None:
    store, taxonomy = session.store(), session.taxonomy()
    card.told()
    if session.model_or_none() is None:
        retraining.no_model_yet()
        return
    st.caption(
        "Suggestions the model is sure of. Read them, untick what is wrong (it stays in the queue "
        "for the Desk), accept the rest at once."
    )
    cards = _offered(editor)
    if not cards:
        st.info(
            "No confident suggestions wait. Work on the **[Desk](desk)**, or queue more stories on "
            "the **[Article](article)** page."
        )
    ticked = [one for one in cards if _row(one)]
    with st.container(key="bar-batch", horizontal=True):
        if cards:
            _accept(cards, ticked, editor)
        if last := name_of_last(store, editor, taxonomy):
            card.undo_button(
                "batch", last, lambda: say_undone(undo(store, editor, key=uuid4().hex), taxonomy)
            )


def _offered(editor: str) -> list[Card]:
    """A page of suggestions without what the editor left out of an earlier one."""
    left_out = _left_out(editor)
    n = _ROWS + len(left_out)
    found = next_up(session.store(), session.settings(), editor, n=n, lane="confident")
    # What a rule suggests is for the Desk, which shows it: here it would be accepted away.
    cards = [one for one in found if not session.rule_hits(one.item.text)]
    return [one for one in cards if one.item.paragraph not in left_out][:_ROWS]


def _left_out(editor: str) -> set[str]:
    found: set[str] = st.session_state.setdefault(f"left-out-{editor}", set())
    return found


def _row(one: Card) -> bool:
    """Draw a suggestion with its reasons; tell whether it is ticked."""
    taxonomy, model, item = session.taxonomy(), session.model(), one.item
    best = max(one.scores.values(), default=0.0)
    likely = sure(best if one.topics else 1 - best)
    said = paint.plain(topics_in_words(one.topics, taxonomy) if one.topics else "None of them")
    place = place_in_words(None, item.place.source, item.place.date, item.place.name)
    marks = session.marks(item.text, one.topics, model, taxonomy) if one.topics else ()
    colour = taxonomy.colour(one.topics[0]) if one.topics else paint.NONE_COLOUR
    with st.container(gap="xxsmall"):
        ticked = st.checkbox(
            f"**{said}** · {paint.plain(likely)}", value=True, key=f"tick-{item.paragraph}"
        )
        st.html(
            f'<div class="nt-row" style="border-left-color:{colour}">'
            f"{paint.text_block(item.text, marks, '')}"
            f"{paint.about(place, item.copies, '', stories.address(item.place))}</div>"
        )
    return ticked


def _accept(cards: list[Card], ticked: list[Card], editor: str) -> None:
    page = "".join(one.item.paragraph[:4] for one in cards)
    named = uuid4().hex  # the same press twice is one batch
    watch = card.guard("batch", _DWELL)
    watch.show(page, time.monotonic())

    def accept() -> None:
        if not watch.step(page, time.monotonic()):
            card.tell("Read the page first: a press in its first two seconds accepts nothing.")
            return
        decided = [(one, one.topics) for one in ticked]
        taxonomy = session.taxonomy()
        decide_batch(session.store(), decided, editor, batch=named, taxonomy=taxonomy)
        _left_out(editor).update(one.item.paragraph for one in cards if one not in ticked)
        card.tell(f"Saved: {counted(len(decided), 'paragraph')}. One Undo takes all of it back.")

    st.button(
        f"Accept {len(ticked)} of {len(cards)}",
        type="primary",
        shortcut="a",
        key=f"accept-{page}",
        disabled=not ticked,
        on_click=session.careful(accept),
    )
