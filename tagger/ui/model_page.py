"""Model: how good the serving one is, what a retrain would bring, which versions there are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.models import saved_models
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

_TABS = ("How good it is", "Tag by itself", "Your corrections", "Versions")


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
    good, itself, yours, all_versions = st.tabs(_TABS)
    with good:
        _how_good(model, saved)
    with itself:
        automation_section.section(model)
    with yours:
        own_receipts.draw(editor, model.version)
    with all_versions:
        versions.draw(saved, editor)


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
        f"{_local(one.card['created'])} from {one.card['data']['examples']:,} paragraphs, "
        f"{taught:,} of them decided here"
    )


def _local(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"
