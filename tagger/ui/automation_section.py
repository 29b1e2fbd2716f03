"""Tag by itself: how often right it must be, and what that means in work, before it is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk import automation, operating
from tagger.desk.automation import NONE, Aims
from tagger.ui import paint, session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tagger.desk.operating import Held, Workload
    from tagger.learning.model import Model
    from tagger.learning.operating import Curve
    from tagger.settings import Settings

_USUAL = 95.0


def section(model: Model) -> None:
    """Draw the section: the aims, what they would give, and the buttons that set them."""
    st.caption(
        "Only when right at least so many times in 100, else ask. "
        "What is tagged by itself, or given none of the topics by itself, is marked *auto* or "
        "*none* by `tagger tag`; the rest *ask*."
    )
    with session.told_errors(stop=False):
        _aims(model, automation.curves_of(session.settings(), model.version))


@st.fragment
def _aims(model: Model, curves: Mapping[str, Curve]) -> None:
    with session.told_errors(stop=False):
        now = automation.aims_of(session.settings())
        st.markdown(paint.plain(automation.aims_in_words(now)))
        wanted = _wanted(now, (*model.topics, NONE))
        decided = session.store().count()
        held = _held(model.version, decided, model, session.settings())
        found = operating.preview(automation.with_aims(model, curves, wanted), held)
        _preview(found)
        _buttons(wanted, now)


@st.cache_resource(show_spinner="Reading what can be measured with …", max_entries=2)
def _held(version: str, decided: int, _model: Model, _settings: Settings) -> Sequence[Held]:  # noqa: ARG001 - the key
    return operating.held_out(_settings, _model)


def _wanted(now: Aims, names: Sequence[str]) -> Aims:
    """The aims as the sliders stand."""
    everywhere = st.slider(
        "Right at least so many times in 100",
        min_value=70.0,
        max_value=99.0,
        value=min(99.0, max(70.0, now.everywhere or _USUAL)),
        step=1.0,
        format="%d",
        key="aim-all",
    )
    with st.expander("Single topics", expanded=bool(now.only)):
        known = [name for name in now.only if name in names]
        own = st.multiselect(
            "With an aim of their own",
            names,
            [name for name in known if now.only[name] is not None],
            format_func=_label,
            key="aims-own",
        )
        only: dict[str, float | None] = {name: _number(name, now) for name in own}
        asked = st.multiselect(
            "Always asked",
            [name for name in names if name not in own],
            [name for name in known if now.only[name] is None],
            format_func=_label,
            key="aims-asked",
        )
    return Aims(everywhere, only | dict.fromkeys(asked))


def _number(name: str, now: Aims) -> float:
    return st.number_input(
        f"{_label(name)}: times in 100",
        min_value=50.0,
        max_value=99.9,
        value=now.only.get(name) or now.everywhere or _USUAL,
        step=1.0,
        format="%g",
        key=f"aim-{name}",
    )


def _label(name: str) -> str:
    return "none of them" if name == NONE else paint.plain(session.taxonomy().label(name))


def _preview(found: Mapping[str, Workload]) -> None:
    if not found:
        st.info("This desk has no frozen test and no audit, so nobody can say what that gives.")
    for name, one in found.items():
        st.markdown(f"**{operating.workload_in_words(name, one)}**")
    if found:
        st.dataframe(
            [
                _row(topic, {name: _share(one, topic) for name, one in found.items()})
                for topic in (*next(iter(found.values())).topics, NONE)
            ],
            hide_index=True,
        )


def _share(one: Workload, name: str) -> tuple[int, str]:
    share = one.none if name == NONE else one.topics[name]
    return share.of, f"{share.value:.0%} ({share.low:.0%} to {share.high:.0%})" if share.of else ""


def _row(topic: str, shares: Mapping[str, tuple[int, str]]) -> dict[str, object]:
    row: dict[str, object] = {"topic": _label(topic)}
    for name, (count, right) in shares.items():
        row |= {f"{name}: by itself": count, f"{name}: exactly right, 95%": right}
    return row


def _buttons(wanted: Aims, now: Aims) -> None:
    with st.container(horizontal=True):
        st.button(
            "Use these aims",
            key="aims-use",
            type="primary",
            disabled=wanted == now,
            on_click=session.careful(_keep(wanted)),
        )
        st.button(
            "Ask about everything",
            key="aims-off",
            disabled=not now,
            on_click=session.careful(_keep(Aims())),
        )


def _keep(aims: Aims) -> Callable[[], None]:
    return lambda: automation.keep_aims(session.settings(), aims)
