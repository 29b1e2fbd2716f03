"""Model: how good the serving one is, what a retrain would bring, which versions there are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.models import registry_of, saved_models
from tagger.desk.switch import roll_back_from
from tagger.errors import ModelError
from tagger.ui import (
    automation_section,
    curve,
    names_section,
    own_receipts,
    paint,
    quality,
    retraining,
    session,
    verdict,
    who,
)

if TYPE_CHECKING:
    from tagger.desk.models import SavedModel
    from tagger.keeping.history import Event
    from tagger.records import Version

_EVENTS = 50


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
    if model is not None:
        quality.draw(model)
        automation_section.section(model)
        curve.draw(saved)
        own_receipts.draw(editor, model.version)
        names_section.draw(model)
    _versions(saved, editor)


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


def _versions(saved: list[SavedModel], editor: str) -> None:
    st.subheader("Versions")
    st.dataframe([_row(one) for one in reversed(saved)], hide_index=True)
    registry = registry_of(session.settings())
    with session.told_errors(stop=False):
        _roll_back(registry.current(), editor)
    events = registry.history()[-_EVENTS:]
    with st.expander(f"History ({len(events)} latest events)"):
        st.dataframe([_event(event) for event in reversed(events)], hide_index=True)


def _roll_back(serving: Version | None, editor: str) -> None:
    """Offer the way back, where there is one; asks before it goes."""
    try:
        earlier = registry_of(session.settings()).earlier()
    except ModelError:
        return
    if serving is None:
        return
    with st.popover("Roll back …"):
        st.markdown(
            f"**{paint.plain(earlier)}** served before. It gives exactly what it gave then. The "
            "current model stays in the list and can be promoted again."
        )
        reason = st.text_input("Why (recorded)", key=f"why-{serving}")

        def go_back() -> None:
            settings, now = session.settings(), datetime.now(UTC)
            done = roll_back_from(settings, serving, by=editor, now=now, reason=reason)
            verdict.tell_serving(done)

        named = f"back-{serving}"
        st.button("Yes, roll back", named, type="primary", on_click=session.careful(go_back))


def _row(one: SavedModel) -> dict[str, object]:
    row = {"serves": "→" if one.serves else "", "version": one.version}
    if one.card is None:
        return {**row, "trained": one.problem}
    name, judged = list(one.card["quality"].items())[-1]
    passed = one.card.get("gate", {}).get("passed")
    return {
        **row,
        "trained": _local(one.card["created"]),
        "by": one.card["by"],
        "paragraphs": one.card["data"]["examples"],
        "judged on": f"{name.replace('_', '-')} ({judged['n']:,})",
        "macro-F1": judged["macro_f1"],
        "gate": {True: "passed", False: "refused", None: ""}[passed],
    }


def _event(event: Event) -> dict[str, object]:
    return {
        "when": _local(event.time),
        "what": event.action,
        "version": event.version,
        "by": event.by,
        "reason": event.reason,
    }


def _local(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"
