"""One toggle a topic: a button, since only buttons have keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.wording import sure
from tagger.ui import paint

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy, Topic
    from tagger.ui.card import View

BUTTONS = 9
"""So many topics are shown as buttons; a desk with more finds the rest in a list."""

# Not the letters that do something else here, nor c and r, which Streamlit refuses.
_TOPIC_KEYS = frozenset("123456789bfgilmnopqtuvwxy")
_ON, _OFF = ":material/check_box:", ":material/check_box_outline_blank:"


def chosen(space: str, view: View) -> set[TopicId]:
    """The topics that are on; kept for this paragraph until it is decided.

    Covering the suggestion starts from nothing, since toggles that are on would tell it.
    """
    suggested = () if view.hidden else (*view.suggested, *view.rules)
    start = view.start if view.start is not None else suggested
    kept: dict[bool, set[TopicId]] = st.session_state.setdefault(_kept(space, view.paragraph), {})
    return kept.setdefault(view.hidden, set(start))


def changed(space: str, paragraph: str) -> set[TopicId] | None:
    """The topics that are on for a paragraph whose card was shown uncovered; else None."""
    kept: dict[bool, set[TopicId]] = st.session_state.get(_kept(space, paragraph), {})
    return kept.get(False)


def forget(space: str, paragraph: str) -> None:
    """Start from the suggestion, or what was decided, when the paragraph is shown again."""
    st.session_state.pop(_kept(space, paragraph), None)


def _kept(space: str, paragraph: str) -> str:
    return f"on-{space}-{paragraph}"


def draw(space: str, view: View, taxonomy: Taxonomy, needs: Mapping[TopicId, float]) -> None:
    """Draw a card's toggles; beyond :data:`BUTTONS` topics also a list of the others.

    Args:
        space: the page's name.
        view: the card.
        taxonomy: today's topics.
        needs: from which probability on the model gives each topic, where known.
    """
    on = chosen(space, view)
    for place, topic in enumerate(shown_topics(view, taxonomy, on), 1):
        st.button(
            f"{paint.plain(topic.label)}{_said(topic.id, view, needs)}",
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


def _said(topic: TopicId, view: View, needs: Mapping[TopicId, float]) -> str:
    """What stands beside a topic: the model's probability, and what a rule suggests it by."""
    if view.hidden:
        return ""
    model = [_likely(topic, view, needs)] if topic in view.scores or not view.scores else []
    rule = [f"rule: {view.rules[topic]}"] if topic in view.rules else []
    return "".join(f" · {paint.plain(words)}" for words in [*model, *rule])


def _likely(topic: TopicId, view: View, needs: Mapping[TopicId, float]) -> str:
    """The probability; where it looks as if the topic should be the other way, the reason."""
    score, needed = view.scores.get(topic, 0.0), needs.get(topic)
    likely = score >= 0.5
    if needed is None or needed > 1 or likely == (score >= needed):
        return sure(score)
    return f"{sure(score)}, given from {needed:.0%} on"


def shown_topics(view: View, taxonomy: Taxonomy, on: Collection[TopicId]) -> list[Topic]:
    """Topics with a button, in an order that no press changes."""
    if len(taxonomy) <= BUTTONS:
        return list(taxonomy)
    scores = {} if view.hidden else view.scores  # the order would tell what is covered
    ruled = {} if view.hidden else view.rules
    ranked = sorted(taxonomy, key=lambda t: (t.id not in ruled, -scores.get(t.id, 0.0)))
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
