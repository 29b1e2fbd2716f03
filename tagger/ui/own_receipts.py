"""Receipts: what became of this editor's own corrections."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.receipts import OUTCOMES, receipts
from tagger.desk.wording import counted
from tagger.ui import session
from tagger.ui.words import topics_in_words

if TYPE_CHECKING:
    from tagger.desk.receipts import Receipt
    from tagger.records import Version
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy

_ROWS = 300
_ROW_HEIGHT = 35  # pixels, Streamlit's own


def draw(editor: str, version: Version) -> None:
    """Draw them when they are asked for: following up thousands of decisions takes seconds."""
    made = session.store().count(editor=editor)
    if not made:
        st.info("You have decided nothing yet. What becomes of your decisions is told here.")
        return
    if st.toggle(f"Follow up my {counted(made, 'decision')}", key="receipts"):
        head = session.store().log(limit=1)[0].sequence
        _table(_receipts(editor, version, head, session.settings()))


@st.cache_data(show_spinner="Following up your corrections …", max_entries=8)
def _receipts(editor: str, version: str, head: int, _settings: Settings) -> list[Receipt]:  # noqa: ARG001 - the key
    return receipts(_settings, editor)


def _table(found: list[Receipt]) -> None:
    counts = Counter(receipt.outcome for receipt in found)
    with st.container(horizontal=True):
        for outcome in OUTCOMES:
            if counts[outcome]:
                st.metric(outcome.capitalize(), f"{counts[outcome]:,}", width="content")
    st.caption(
        "Learned: the current model gives exactly your topics. Outvoted: a later decision or a "
        "near-copy says otherwise. Neighbours: stored paragraphs on the same matter whose tag "
        "moved with the model that first learned from it."
    )
    taxonomy = session.taxonomy()
    st.dataframe(
        [_row(receipt, taxonomy) for receipt in found[:_ROWS]],
        hide_index=True,
        height=min(_ROW_HEIGHT * (len(found) + 1) + 4, 420),
        column_config={"paragraph": st.column_config.TextColumn(width="large")},
    )
    if len(found) > _ROWS:
        st.caption(f"The newest {_ROWS}; 'tagger receipts --json' has all.")


def _row(receipt: Receipt, taxonomy: Taxonomy) -> dict[str, object]:
    row = receipt.correction
    return {
        "when": f"{row.time.astimezone():%Y-%m-%d %H:%M}",
        "paragraph": row.text,
        "you said": topics_in_words(row.topics, taxonomy),
        "outcome": _outcome(receipt, taxonomy),
        "learned by": receipt.learned_by or "",
        "neighbours": receipt.neighbours,
    }


def _outcome(receipt: Receipt, taxonomy: Taxonomy) -> str:
    if receipt.outcome == "still disagrees":
        return f"{receipt.outcome}: the model says {topics_in_words(receipt.gives, taxonomy)}"
    return receipt.words
