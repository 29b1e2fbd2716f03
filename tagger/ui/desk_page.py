"""Desk: the next paragraph, and nothing between it and the editor."""

from __future__ import annotations

import streamlit as st

from tagger.ui import session, who
from tagger.ui.work import draw_queue


def page() -> None:
    """Draw the page."""
    _next(who.need_editor())


@st.fragment
def _next(editor: str) -> None:
    with session.told_errors():
        draw_queue("desk", None, editor)
