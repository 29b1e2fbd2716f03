"""Batch: confident suggestions as a table; tick, accept, and one Undo takes all of it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.correct import decide_batch, undo
from tagger.desk.queue import next_up
from tagger.ui import card, paint, session
from tagger.ui.words import name_of_last, say_undone, topics_in_words

if TYPE_CHECKING:
    from tagger.desk.cards import Card

_ROWS = 25


def page() -> None:
    """Draw the page."""
    _table(session.need_editor())


@st.fragment
def _table(editor: str) -> None:
    with session.told_errors():
        _draw(editor)


def _draw(editor: str) -> None:
    store, taxonomy = session.store(), session.taxonomy()
    card.told()
    cards = next_up(store, session.settings(), editor, n=_ROWS, lane="confident")
    st.caption(
        "Suggestions the model is sure of. Read them, untick what is wrong (it stays in the queue "
        "for the Desk), accept the rest at once."
    )
    if last := name_of_last(store, editor, taxonomy):
        st.button(
            paint.plain(last),
            shortcut="z",
            key="batch-undo",
            on_click=lambda: say_undone(undo(store, editor, key=uuid4().hex), taxonomy),
        )
    if not cards:
        st.info("No confident suggestions wait. Queue more stories, or work on the **Desk**.")
        return
    rows = [_row(one) for one in cards]
    page = cards[0].item.paragraph
    picked = st.dataframe(
        rows,
        key=f"batch-{page}-{len(cards)}",
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": list(range(len(cards)))}},
        hide_index=True,
        height=min(36 * (len(rows) + 1) + 4, 640),
        column_config={"paragraph": st.column_config.TextColumn(width="large")},
    )
    ticked = [cards[i] for i in picked["selection"]["rows"] if i < len(cards)]

    def accept() -> None:
        decided = [(one, one.topics) for one in ticked]
        decide_batch(store, decided, editor, batch=uuid4().hex, taxonomy=taxonomy)
        card.tell(f"Saved: {len(decided)} paragraphs. One Undo takes them all back.")

    st.button(
        f"Accept {len(ticked)} of {len(cards)}",
        type="primary",
        shortcut="a",
        key=f"accept-{page}-{len(cards)}",
        disabled=not ticked,
        on_click=accept,
    )


def _row(one: Card) -> dict[str, object]:
    taxonomy = session.taxonomy()
    best = max(one.scores.values(), default=0.0)
    item = one.item
    return {
        "topics": topics_in_words(one.topics, taxonomy),
        "sure": f"{best if one.topics else 1 - best:.0%}",
        "copies": f"+{item.copies}" if item.copies else "",
        "paragraph": item.text,
        "source": item.place.source or item.place.name,
    }
