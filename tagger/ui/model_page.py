"""Model: how good the serving one is, what a retrain would bring, which versions there are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.models import saved_models
from tagger.desk.wording import counted
from tagger.ui import (
    automation_section,
    curve,
    names_section,
    own_receipts,
    paint,
    quality,
    retraining,
    session,
    versions,
    who,
)

if TYPE_CHECKING:
    from tagger.desk.models import SavedModel
    from tagger.learning.model import Model


def page() -> None:
    """Draw the page."""
    editor = who.need_editor()
    st.header("Model")
    model = None
    with session.told_errors(stop=False):  # a broken model can be exchanged for another one
        model = session.model_or_none()
    saved = saved_models(session.settings())
    if model is None and not saved:
        retraining.no_model_yet()
        return
    if model is not None:
        st.caption(_serving(saved))
    retraining.panel()
    if model is None:
        versions.draw(saved, editor)
        return
    _tabs(model, saved, editor)


def _tabs(model: Model, saved: list[SavedModel], editor: str) -> None:
    """Draw the tab that is open; the others wait until somebody opens them."""
    draw = {
        "How good it is": lambda: _how_good(model, saved),
        "Tag by itself": lambda: automation_section.section(model),
        "Your corrections": lambda: own_receipts.draw(editor, model.version),
        "Versions": lambda: versions.draw(saved, editor),
    }
    tabs = st.tabs(list(draw), key="model-tab", on_change="rerun")
    for name, tab in zip(draw, tabs, strict=True):
        if tab.open:
            with tab:
                draw[name]()


def _how_good(model: Model, saved: list[SavedModel]) -> None:
    quality.draw(model)
    curve.draw(saved)
    names_section.draw(model)


def _serving(saved: list[SavedModel]) -> str:
    """Which model serves, since when, and what it learned."""
    one = next((one for one in saved if one.serves), None)
    if one is None or one.card is None:
        return "Serving: a model whose card cannot be read"
    taught = one.card.get("corrections", {}).get("taught", 0)
    return (
        f"Serving: {paint.plain(one.version)}, trained by {paint.plain(one.card['by'])} on "
        f"{_local(one.card['created'])} from {counted(one.card['data']['examples'], 'paragraph')}, "
        f"{taught:,} of them decided here"
    )


def _local(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"
