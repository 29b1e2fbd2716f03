"""The card: one paragraph, its topics as big toggles, the words for and against, and the keys."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.explain import explain_text
from tagger.ui import paint
from tagger.ui.guard import Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tagger.learning.model import Model
    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy, Topic

BUTTONS = 9
"""So many topics are shown as buttons; a desk with more finds the rest in a list."""


@dataclass(frozen=True)
class View:
    """What a card shows. ``hidden`` covers the suggestion, ``why`` says why this is asked."""

    paragraph: str
    text: str
    scores: Mapping[TopicId, float]
    suggested: tuple[TopicId, ...]
    heading: str = ""
    before: Sequence[str] = ()
    after: Sequence[str] = ()
    copies: int = 0
    why: str = ""
    hidden: bool = False
    start: tuple[TopicId, ...] | None = None
    """Topics that are on at first, where they are not the suggested ones."""


@dataclass(frozen=True)
class Actions:
    """What the keys do. ``decide`` is handed the view, the topics and the seconds taken."""

    decide: Callable[[View, tuple[TopicId, ...], float], None]
    skip: Callable[[View], None] | None = None
    undo: Callable[[], None] | None = None
    undo_label: str = ""
    more: Sequence[tuple[str, str, Callable[[], None]]] = field(default_factory=tuple)
    """Further buttons: label, key, what it does."""


def guard(space: str) -> Guard:
    """The guard of one page's presses."""
    found: Guard = st.session_state.setdefault(f"guard-{space}", Guard())
    return found


def draw(space: str, view: View, actions: Actions, taxonomy: Taxonomy, model: Model | None) -> None:
    """Draw a card. ``space`` names the page, so that two pages never share a widget."""
    guard(space).show(view.paragraph, time.monotonic())
    st.html(paint.toggle_style(taxonomy))
    if st.session_state.get("covered"):
        view = replace(view, hidden=True)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _text(view, taxonomy, model)
        _extras(view, taxonomy, model)
    with right:
        if guard(space).paused:
            _pause(space)
        else:
            _toggles(space, view, taxonomy)
            _buttons(space, view, actions)
        if not view.hidden:
            st.html(paint.bars(view.scores, taxonomy))
    told()


def _text(view: View, taxonomy: Taxonomy, model: Model | None) -> None:
    copies = f" · **+{view.copies} copies**" if view.copies else ""
    st.caption(f"{paint.plain(view.heading)}{copies}" + (f" · {view.why}" if view.why else ""))
    marks = []
    if model is not None and not view.hidden:
        found = explain_text(view.text, model)
        shown = [e for e in found if e.topic in view.suggested] or found[:1]
        marks = paint.strongest_marks(shown, taxonomy)
    parts = [paint.text_block(text, css="nt-near") for text in view.before[-1:]]
    parts.append(paint.text_block(view.text, marks))
    parts += [paint.text_block(text, css="nt-near") for text in view.after[:1]]
    st.html("".join(parts))


def tell(message: str, icon: str | None = None) -> None:
    """Say something once the page is drawn: elements drawn by a callback would replace others."""
    st.session_state.setdefault("said", []).append((message, icon))


def told() -> None:
    """Show what callbacks had to say."""
    for message, icon in st.session_state.pop("said", []):
        st.toast(paint.plain(message), icon=icon)


def chosen(space: str, view: View) -> set[TopicId]:
    """The topics that are on; kept for this paragraph until it is decided."""
    start = view.start if view.start is not None else (() if view.hidden else view.suggested)
    found: set[TopicId] = st.session_state.setdefault(f"on-{space}-{view.paragraph}", set(start))
    return found


def _toggles(space: str, view: View, taxonomy: Taxonomy) -> None:
    on = chosen(space, view)
    for topic in _shown_topics(view, taxonomy, on):
        score = "" if view.hidden else f" · {view.scores.get(topic.id, 0):.0%}"
        st.button(
            f"{'☑' if topic.id in on else '☐'} {paint.plain(topic.label)}{score}",
            key=f"topic-{space}-{view.paragraph}-{topic.id}",
            type="primary" if topic.id in on else "secondary",
            shortcut=topic.key or None,
            width="stretch",
            on_click=_toggle,
            args=(space, view, topic.id),
        )
    if len(taxonomy) > BUTTONS:
        _others(space, view, taxonomy, on)


def _shown_topics(view: View, taxonomy: Taxonomy, on: set[TopicId]) -> list[Topic]:
    if len(taxonomy) <= BUTTONS:
        return list(taxonomy)
    ranked = sorted(taxonomy, key=lambda t: (t.id not in on, -view.scores.get(t.id, 0.0)))
    return ranked[: max(BUTTONS, len(on))]


def _others(space: str, view: View, taxonomy: Taxonomy, on: set[TopicId]) -> None:
    def add() -> None:
        if (topic := st.session_state[key]) is not None:
            on.add(topic)

    key = f"other-{space}-{view.paragraph}-{len(on)}"
    others = [topic.id for topic in taxonomy if topic.id not in on]
    st.selectbox(
        f"All {len(taxonomy)} topics",
        others,
        index=None,
        placeholder="Add another topic …",
        format_func=taxonomy.label,
        key=key,
        on_change=add,
    )


def _toggle(space: str, view: View, topic: TopicId) -> None:
    chosen(space, view).symmetric_difference_update({topic})


def _buttons(space: str, view: View, actions: Actions) -> None:
    def decide(topics: tuple[TopicId, ...]) -> None:
        watch, now = guard(space), time.monotonic()
        if watch.press(view.paragraph, now) == "taken":
            actions.decide(view, topics, watch.waited(now))

    def accept() -> None:
        decide(tuple(sorted(chosen(space, view))))

    named = f"{space}-{view.paragraph}"
    on = chosen(space, view)
    label = "Accept" if on else "Accept: none of them"
    st.button(
        label, key=f"a-{named}", shortcut="a", type="primary", width="stretch", on_click=accept
    )
    with st.container(horizontal=True):
        st.button("None of them", key=f"0-{named}", shortcut="0", on_click=decide, args=((),))
        if actions.skip is not None:
            st.button("Skip", key=f"s-{named}", shortcut="s", on_click=actions.skip, args=(view,))
        for text, key, act in actions.more:
            st.button(text, key=f"{key}-{named}", shortcut=key, on_click=act)
    if actions.undo is not None and actions.undo_label:
        st.button(
            paint.plain(actions.undo_label),
            key=f"z-{named}",
            shortcut="z",
            width="stretch",
            on_click=actions.undo,
        )


def _pause(space: str) -> None:
    st.warning(
        "Five decisions in a row within a second each. Nothing is lost; take a breath, and undo "
        "what was not meant."
    )
    st.button(
        "I am reading: go on",
        on_click=lambda: guard(space).resume(time.monotonic()),
        type="primary",
    )


def _extras(view: View, taxonomy: Taxonomy, model: Model | None) -> None:
    """The keys E, D and H: reasons, definitions, cover the suggestion."""
    with st.container(horizontal=True):
        for name, key, label in (
            ("reasons", "e", "Reasons"),
            ("definitions", "d", "Definitions"),
            ("covered", "h", "Hide suggestion"),
        ):
            on = bool(st.session_state.get(name))
            st.button(
                label,
                key=f"{name}-{view.paragraph}",
                shortcut=key,
                type="primary" if on else "tertiary",
                on_click=_flip,
                args=(name,),
            )
    if st.session_state.get("reasons") and model is not None and not view.hidden:
        found = explain_text(view.text, model)[:BUTTONS]
        st.html("".join(paint.reasons(e, taxonomy) for e in found))
    if st.session_state.get("definitions"):
        for topic in taxonomy:
            st.markdown(
                f"**{paint.plain(topic.label)}**: {paint.plain(topic.definition)}  \n"
                f"*Not:* {paint.plain(topic.not_)}"
            )


def _flip(name: str) -> None:
    st.session_state[name] = not st.session_state.get(name)
