"""Every saved model, the way back to the one before, and the way to any other one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.models import registry_of
from tagger.desk.serving import objections_on_card, promote, roll_back_from
from tagger.errors import ModelError
from tagger.ui import paint, session, verdict

if TYPE_CHECKING:
    from tagger.desk.models import SavedModel
    from tagger.keeping.history import Event
    from tagger.records import Version

_EVENTS = 50


def draw(saved: list[SavedModel], editor: str) -> None:
    """Draw the versions, the newest first, with what changes which of them serves."""
    registry = registry_of(session.settings())
    with session.told_errors(stop=False), st.container(horizontal=True):
        _roll_back(registry.current(), editor)
        _another(saved, editor)
    st.dataframe([_row(one) for one in reversed(saved)], hide_index=True)
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


def _another(saved: list[SavedModel], editor: str) -> None:
    """Offer every other model that can be read: also the way forth again after a rollback."""
    others = [one.version for one in reversed(saved) if one.card and not one.serves]
    if not others:
        return
    with st.popover("Let another one serve …"):
        version = st.selectbox("Which", others, key="another")
        if refused := objections_on_card(registry_of(session.settings()).card(version)):
            st.warning(f"The gate refused it: {paint.plain('; '.join(refused))}. Say why it shall.")
        reason = st.text_input("Why (recorded)", key=f"why-another-{version}").strip()

        def serve() -> None:
            settings, now = session.settings(), datetime.now(UTC)
            verdict.tell_serving(promote(settings, version, by=editor, now=now, reason=reason))

        st.button(
            "Let it serve",
            key=f"serve-{version}",
            type="primary",
            disabled=bool(refused) and not reason,
            on_click=session.careful(serve),
        )


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
