"""Audit: a random sample with the suggestion covered, to measure the model without bias."""

from __future__ import annotations

import streamlit as st

from tagger.ui import session, who
from tagger.ui.work import draw_queue


def page() -> None:
    """Draw the page."""
    st.caption(
        "A random share of all paragraphs, with the suggestion covered. These answers measure the "
        "model; it is never trained on them while they do."
    )
    _next(who.need_editor())


@st.fragment
def _next(editor: str) -> None:
    with session.told_errors():
        draw_queue("audit", "audit", editor)
