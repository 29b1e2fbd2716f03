"""The card: one paragraph, its topics as big toggles, the words for and against, and the keys."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from tagger.desk.explain import explain_text
from tagger.ui import paint, session
from tagger.ui.guard import DWELL, RUN, Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from tagger.learning.model import Model
    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy, Topic

BUTTONS = 9
"""So many topics are shown as buttons; a desk with more finds the rest in a list."""

# Not the letters that do something else here, nor c and r, which Streamlit refuses.
_TOPIC_KEYS = frozenset("123456789bfgilmnopqtuvwxy")
_ON, _OFF = ":material/check_box:", ":material/check_box_outline_blank:"


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


def guard(space: str, dwell: float = DWELL) -> Guard:
    """The guard of one page's presses."""
    found: Guard = st.session_state.setdefault(f"guard-{space}", Guard(dwell))
    return found


def draw(space: str, view: View, actions: Actions, taxonomy: Taxonomy, model: Model | None) -> None:
    """Draw a card. ``space`` names the page, so that two pages never share a widget."""
    guard(space).show(view.paragraph, time.monotonic())
    st.html(paint.toggle_style(taxonomy))
    always_hidden = view.hidden
    view = replace(view, hidden=always_hidden or covered())
    left, right = st.columns([3, 2], gap="large")
    with left:
        _text(view, taxonomy, model)
        _answers(view, taxonomy, model)
    with right:
        if guard(space).paused:
            _pause(space)
        else:
            _toggles(space, view, taxonomy)
            _buttons(space, view, actions)
        _extras(view, may_cover=not always_hidden)
    told()


def covered() -> bool:
    """Whether the editor has hidden the suggestions."""
    return bool(st.session_state.get("covered"))


def _text(view: View, taxonomy: Taxonomy, model: Model | None) -> None:
    copies = f" · **+{view.copies} copies**" if view.copies else ""
    lines = [f"{paint.plain(view.heading)}{copies}", view.why]
    st.caption("  \n".join(filter(None, lines)))
    marks = []
    if model is not None and not view.hidden:
        marks = session.marks(view.text, view.suggested, model, taxonomy)
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
    """The topics that are on; kept for this paragraph until it is decided.

    Covering the suggestion starts from nothing, since toggles that are on would tell it.
    """
    start = view.start if view.start is not None else (() if view.hidden else view.suggested)
    kept: dict[bool, set[TopicId]] = st.session_state.setdefault(_kept(space, view.paragraph), {})
    return kept.setdefault(view.hidden, set(start))


def forget(space: str, paragraph: str) -> None:
    """Start from the suggestion, or what was decided, when the paragraph is shown again."""
    st.session_state.pop(_kept(space, paragraph), None)


def _kept(space: str, paragraph: str) -> str:
    return f"on-{space}-{paragraph}"


def _toggles(space: str, view: View, taxonomy: Taxonomy) -> None:
    on = chosen(space, view)
    for place, topic in enumerate(_shown_topics(view, taxonomy, on), 1):
        score = "" if view.hidden else f" · {view.scores.get(topic.id, 0):.0%}"
        st.button(
            f"{paint.plain(topic.label)}{score}",
            icon=_ON if topic.id in on else _OFF,
            key=f"topic-{space}-{view.paragraph}-t{taxonomy.ids.index(topic.id)}",
            type="primary" if topic.id in on else "secondary",
            shortcut=_shortcut(topic, place, len(taxonomy)),
            width="stretch",
            on_click=_toggle,
            args=(space, view, topic.id),
        )
    if len(taxonomy) > BUTTONS:
        _others(space, view, taxonomy, on)


def _shown_topics(view: View, taxonomy: Taxonomy, on: Collection[TopicId]) -> list[Topic]:
    """Topics with a button, in an order that no press changes."""
    if len(taxonomy) <= BUTTONS:
        return list(taxonomy)
    scores = {} if view.hidden else view.scores  # the order would tell what is covered
    ranked = sorted(taxonomy, key=lambda topic: -scores.get(topic.id, 0.0))
    return ranked[:BUTTONS] + [topic for topic in ranked[BUTTONS:] if topic.id in on]


def _shortcut(topic: Topic, place: int, topics: int) -> str | None:
    """The topic's own key; its place among the buttons where there are more than keys."""
    key = topic.key.lower() if topics <= BUTTONS else str(place)
    return key if key in _TOPIC_KEYS else None


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
        waited = watch.waited(now)
        if watch.press(view.paragraph, now) == "taken":
            actions.decide(view, topics, waited)

    def accept() -> None:
        decide(tuple(sorted(chosen(space, view))))

    def skip() -> None:
        if actions.skip is not None and guard(space).step(view.paragraph, time.monotonic()):
            actions.skip(view)

    named = f"{space}-{view.paragraph}"
    with st.container(horizontal=True, key=f"actions-{space}"):
        label = "Accept" if chosen(space, view) else "Accept: none"
        _button(label, "a", named, accept, type="primary", width="stretch")
        _button("None of them", "0", named, partial(decide, ()))
        if actions.skip is not None:
            _button("Skip", "s", named, skip)
    if actions.more:
        with st.container(horizontal=True):
            for text, key, act in actions.more:
                _button(text, key, named, act)
    if actions.undo is not None and actions.undo_label:
        undo_button(space, actions.undo_label, actions.undo, named)


def undo_button(space: str, label: str, undo: Callable[[], None], named: str = "") -> None:
    """The button that says what it takes back; a key held down takes back little."""

    def take_back() -> None:
        if guard(space).undo(time.monotonic()):
            undo()

    _button(paint.plain(label), "z", named or space, take_back, width="stretch")


def _button(label: str, key: str, named: str, act: Callable[[], None], **looks: Any) -> None:
    act = session.careful(act)
    st.button(label, key=f"{key}-{named}", shortcut=key, on_click=act, **looks)


def _pause(space: str) -> None:
    st.warning(
        f"{RUN} decisions in a row within a second each. Nothing is lost; take a breath, and undo "
        "what was not meant."
    )
    st.button(
        "I am reading: go on",
        on_click=lambda: guard(space).resume(time.monotonic()),
        type="primary",
    )


def _extras(view: View, *, may_cover: bool) -> None:
    """The keys E, D and H: reasons, definitions, cover the suggestion."""
    tools = [("reasons", "e", "Reasons"), ("definitions", "d", "Definitions")]
    if may_cover:
        tools.append(("covered", "h", "Hide suggestion"))
    with st.container(horizontal=True):
        for name, key, label in tools:
            on = bool(st.session_state.get(name))
            st.button(
                label,
                key=f"{name}-{view.paragraph}",
                shortcut=key,
                type="primary" if on else "tertiary",
                on_click=_flip,
                args=(name,),
            )


def _flip(name: str) -> None:
    st.session_state[name] = not st.session_state.get(name)


def _answers(view: View, taxonomy: Taxonomy, model: Model | None) -> None:
    """What E and D ask for."""
    if st.session_state.get("reasons"):
        if view.hidden:
            st.caption("The suggestion is covered, and its reasons with it.")
        elif model is not None:
            found = explain_text(view.text, model)[:BUTTONS]
            st.html("".join(paint.reasons(e, taxonomy) for e in found))
    if st.session_state.get("definitions"):
        st.html("".join(map(paint.definition, _shown_topics(view, taxonomy, ()))))
