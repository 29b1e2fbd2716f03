"""Batch: confident suggestions as a table; tick, accept, and one Undo takes all of it back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.correct import decide_batch, undo
from tagger.desk.queue import next_up
from tagger.desk.wording import sure
from tagger.ui import card, retraining, session, who
from tagger.ui.words import name_of_last, place_in_words, say_undone, topics_in_words

if TYPE_CHECKING:
    from tagger.desk.cards import Card

_ROWS = 25
_LINE = 21  # pixels
_FEWEST, _MOST = 3, 6  # lines of a row; Streamlit wraps text in rows higher than four rem
_LETTERS = 72  # in a line of the paragraph's column, a few less than fit
_DWELL = 2.0  # seconds: nobody reads a whole page faster, and a key held down must not accept many


def page() -> None:
    """Draw the page."""
    _table(who.need_editor())


@st.fragment
def _table(editor: str) -> None:
    with session.told_errors():
        _draw(editor)


def _draw(editor: str) -> None:
    store, taxonomy = session.store(), session.taxonomy()
    card.told()
    if session.model_or_none() is None:
        retraining.no_model_yet()
        return
    found = next_up(store, session.settings(), editor, n=_ROWS, lane="confident")
    # What a rule suggests is for the Desk, which shows it: here it would be accepted away.
    cards = [one for one in found if not session.rule_hits(one.item.text)]
    st.caption(
        "Suggestions the model is sure of. Read them, untick what is wrong (it stays in the queue "
        "for the Desk), accept the rest at once. A double click on a paragraph opens all of it."
    )
    if not cards:
        st.info(
            "No confident suggestions wait. Work on the **Desk**, or queue more stories on the "
            "**Article** page."
        )
    else:
        _offer(cards, editor)
    if last := name_of_last(store, editor, taxonomy):
        card.undo_button(
            "batch", last, lambda: say_undone(undo(store, editor, key=uuid4().hex), taxonomy)
        )


def _offer(cards: list[Card], editor: str) -> None:
    store, taxonomy = session.store(), session.taxonomy()
    rows = [_row(one) for one in cards]
    page = "".join(one.item.paragraph[:4] for one in cards)
    named = uuid4().hex  # the same press twice is one batch
    watch = card.guard("batch", _DWELL)
    watch.show(page, time.monotonic())
    height = _row_height(max(len(one.item.text) for one in cards))
    picked = st.dataframe(
        rows,
        key=f"batch-{page}",
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": list(range(len(cards)))}},
        hide_index=True,
        row_height=height,
        height=min(height * len(rows) + 40, 620),
        column_config={
            "paragraph": st.column_config.TextColumn(width=520),
            "source": st.column_config.TextColumn(width="medium"),
        },
    )
    ticked = [cards[i] for i in picked["selection"]["rows"] if i < len(cards)]

    def accept() -> None:
        if not watch.step(page, time.monotonic()):
            return
        decided = [(one, one.topics) for one in ticked]
        decide_batch(store, decided, editor, batch=named, taxonomy=taxonomy)
        card.tell(f"Saved: {len(decided)} paragraphs. One Undo takes them all back.")

    st.button(
        f"Accept {len(ticked)} of {len(cards)}",
        type="primary",
        shortcut="a",
        key=f"accept-{page}",
        disabled=not ticked,
        on_click=session.careful(accept),
    )


def _row_height(letters: int) -> int:
    """The height of all rows, in pixels: what is accepted at once should be read whole."""
    lines = -(-letters // _LETTERS)
    return 17 + _LINE * min(max(lines, _FEWEST), _MOST)


def _row(one: Card) -> dict[str, object]:
    taxonomy = session.taxonomy()
    best = max(one.scores.values(), default=0.0)
    item = one.item
    place = item.place
    return {
        "topics": topics_in_words(one.topics, taxonomy),
        "sure": sure(best if one.topics else 1 - best),
        "paragraph": item.text,
        "copies": f"+{item.copies}" if item.copies else "",
        "source": place_in_words(None, place.source, place.date, place.name),
    }
