"""The card: one paragraph, its topics as big toggles, the words for and against, and the keys."""

from __future__ import annotations

import html
import time
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from tagger.desk.explain import explain_text
from tagger.ui import contest, paint, session, toggles
from tagger.ui.guard import DWELL, RUN, Guard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tagger.desk.earlier import Earlier
    from tagger.learning.model import Model
    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy


_NEAR = 320  # characters of a neighbour: enough to read the paragraph in, and no more


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
    earlier: Sequence[Earlier] = ()
    """What editors said of this text or a near-copy before."""
    story: str = ""
    """Where the whole story can be read; empty where it stands in none."""
    start: tuple[TopicId, ...] | None = None
    """Topics that are on at first, where they are not the suggested ones."""
    rules: Mapping[TopicId, str] = field(default_factory=dict)
    """Topics that a phrase of the text suggests: a rule says so, no model."""


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
    always_hidden = view.hidden
    view = replace(view, hidden=always_hidden or covered())
    text = _text(view, taxonomy, model)  # first: what comes in the first message is drawn first
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.html(text)
    with right:
        if guard(space).paused:
            _pause(space)
        else:
            toggles.draw(space, view, taxonomy, _needs(view, model))
            _buttons(space, view, actions, taxonomy)
        _extras(space, may_cover=not always_hidden)
    with left:
        _answers(space, view, taxonomy, model)
    told()


def _needs(view: View, model: Model | None) -> dict[TopicId, float]:
    """From which probability on each topic is given; empty for scores of another model."""
    if model is None or view.scores.keys() != set(model.topics):
        return {}
    return dict(zip(model.topics, model.thresholds.tolist(), strict=True))


def covered() -> bool:
    """Whether the editor has hidden the suggestions."""
    return bool(st.session_state.get("covered"))


def _text(view: View, taxonomy: Taxonomy, model: Model | None) -> str:
    marks = []
    if model is not None and not view.hidden:
        marks = session.marks(view.text, view.suggested, model, taxonomy)
    story = "" if view.hidden else view.story  # its page shows the suggestions
    parts = [paint.about(view.heading, view.copies, view.why, story)]
    parts += [_said(one, taxonomy, hidden=view.hidden) for one in view.earlier]
    near = [paint.ending(text, _NEAR) for text in view.before[-1:]]
    parts += [paint.text_block(text, css="nt-near") for text in near]
    parts.append(paint.text_block(view.text, marks))
    near = [paint.short(text, _NEAR) for text in view.after[:1]]
    parts += [paint.text_block(text, css="nt-near") for text in near]
    return "".join(parts)


def _said(earlier: Earlier, taxonomy: Taxonomy, *, hidden: bool) -> str:
    """Who gave this text or a near-copy which topics, and when; marked where that differs."""
    row, when = earlier.answer, earlier.answer.time.astimezone()
    topics = ", ".join(map(taxonomy.label, row.topics)) or "none of them"
    year = "" if when.year == datetime.now().astimezone().year else f" {when.year}"
    against = " · <b>≠ the suggestion</b>" if earlier.differs and not hidden else ""
    return (
        f'<p class="nt-aside"><bdi>{html.escape(row.editor)}</bdi> gave '
        f"{'this text' if earlier.same else 'a near-copy'}: <b>{html.escape(topics)}</b>, "
        f"{when.day} {when:%b}{year} {when:%H:%M}{against}</p>"
    )


def tell(message: str, icon: str | None = None) -> None:
    """Say something once the page is drawn: elements drawn by a callback would replace others."""
    st.session_state.setdefault("said", []).append((message, icon))


def told() -> None:
    """Show what callbacks had to say."""
    for message, icon in st.session_state.pop("said", []):
        st.toast(paint.plain(message), icon=icon)


def _buttons(space: str, view: View, actions: Actions, taxonomy: Taxonomy) -> None:
    def decide(topics: tuple[TopicId, ...]) -> None:
        watch, now = guard(space), time.monotonic()
        waited = watch.waited(now)
        if watch.press(view.paragraph, now) == "taken":
            actions.decide(view, topics, waited)

    def accept() -> None:
        # A topic that was retired since has no toggle to turn it off with.
        decide(tuple(topic for topic in taxonomy.ids if topic in toggles.chosen(space, view)))

    def skip() -> None:
        if actions.skip is not None and guard(space).step(view.paragraph, time.monotonic()):
            actions.skip(view)

    named = f"{space}-{view.paragraph}"
    with st.container(horizontal=True, key=f"actions-{space}"):
        label = "Accept" if toggles.chosen(space, view) else "Accept: none"
        _button(label, "a", named, accept, type="primary", width="stretch")
        _button("None of them", "0", named, partial(decide, ()))
        if actions.skip is not None:
            _button("Skip", "s", named, skip)
    if actions.more:
        with st.container(horizontal=True):
            for text, key, act in actions.more:
                _button(text, key, named, act)
    if actions.undo is not None and actions.undo_label:
        undo_button(space, actions.undo_label, actions.undo)


def undo_button(space: str, label: str, undo: Callable[[], None]) -> None:
    """The button that says what it takes back; a key held down takes back little."""

    def take_back() -> None:
        if guard(space).undo(time.monotonic()):
            undo()

    # The same button on every card: pressed before the next one is drawn, it still counts.
    _button(paint.plain(label), "z", space, take_back, width="stretch")


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


def _extras(space: str, *, may_cover: bool) -> None:
    """The keys E, D and H: reasons, definitions, cover the suggestion."""
    tools = [("reasons", "e", "Reasons"), ("definitions", "d", "Definitions")]
    if may_cover:
        tools.append(("covered", "h", "Hide suggestion"))
    with st.container(horizontal=True):
        for name, key, label in tools:
            on = bool(st.session_state.get(name))
            st.button(
                label,
                key=f"{name}-{space}",  # the same on every card: nothing to draw anew
                shortcut=key,
                type="primary" if on else "tertiary",
                on_click=_flip,
                args=(name,),
            )


def _flip(name: str) -> None:
    st.session_state[name] = not st.session_state.get(name)


def _answers(space: str, view: View, taxonomy: Taxonomy, model: Model | None) -> None:
    """What E and D ask for."""
    if st.session_state.get("reasons"):
        if view.hidden:
            st.caption("The suggestion is covered, and its reasons with it.")
        elif model is not None:
            found = explain_text(view.text, model)[: toggles.BUTTONS]
            st.html("".join(paint.reasons(e, taxonomy) for e in found))
            contest.draw(f"{space}-{view.paragraph}", found, taxonomy, model.version)
    if st.session_state.get("definitions"):
        st.html("".join(map(paint.definition, toggles.shown_topics(view, taxonomy, ()))))
