"""The paragraph of an article that is being worked on, and where the keys go from it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.correct import decide, undo
from tagger.keeping.store import Shown
from tagger.ui import card, session, toggles
from tagger.ui.words import name_of_last, say_undone, topics_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.desk.article import TaggedArticle
    from tagger.learning.model import Model
    from tagger.records import Prediction, TopicId
    from tagger.taxonomy import Taxonomy

SPACE = "article"
"""Names the page to its card and toggles."""


def place_of(judged: Sequence[Prediction], article: TaggedArticle) -> int:
    """The paragraph the keys work on: the one chosen, else the first undecided one."""
    ids: list[str] = [p.paragraph.id for p in judged]
    chosen = st.session_state.get("place") or st.query_params.get("paragraph")
    if chosen in ids:
        return ids.index(chosen)
    undecided = [i for i, paragraph in enumerate(ids) if paragraph not in article.decided]
    here = undecided[0] if undecided else len(ids) - 1
    st.session_state.place = ids[here]  # it stays there while a colleague decides it
    return here


def draw(
    judged: Sequence[Prediction],
    here: int,
    article: TaggedArticle,
    editor: str,
    taxonomy: Taxonomy,
    model: Model,
) -> None:
    """Draw the card of one of an article's judged paragraphs."""
    actions = _actions(judged, here, editor, taxonomy)
    card.draw(SPACE, _view(judged, here, article), actions, taxonomy, model)


def _view(judged: Sequence[Prediction], here: int, article: TaggedArticle) -> card.View:
    prediction = judged[here]
    found = article.decided.get(prediction.paragraph.id)
    return card.View(
        paragraph=prediction.paragraph.id,
        text=prediction.paragraph.text,
        scores=prediction.scores,
        suggested=prediction.topics,
        rules=prediction.rules,
        heading=f"Paragraph {here + 1} of {len(judged)}",
        why=f"decided by {found[1]}" if found else "",
        start=found[0] if found else None,
    )


def _actions(
    judged: Sequence[Prediction], here: int, editor: str, taxonomy: Taxonomy
) -> card.Actions:
    store, prediction = session.store(), judged[here]
    named = uuid4().hex  # the same press twice is one decision

    def take(view: card.View, topics: tuple[TopicId, ...], seconds: float) -> None:
        seen = Shown(prediction.scores, prediction.topics, prediction.model, view.hidden)
        told = partial(decide, store, prediction, topics, editor, key=named, taxonomy=taxonomy)
        told(seconds=seconds, shown=seen)
        toggles.forget(SPACE, view.paragraph)
        card.tell(f"Saved: {topics_in_words(topics, taxonomy)}")
        _step(judged, here, 1)

    return card.Actions(
        decide=take,
        undo=lambda: _take_back(editor, taxonomy),
        undo_label=name_of_last(store, editor, taxonomy),
        more=(
            ("Next", "j", lambda: _step(judged, here, 1)),
            ("Back", "k", lambda: _step(judged, here, -1)),
        ),
    )


def _step(judged: Sequence[Prediction], here: int, by: int) -> None:
    there = min(max(here + by, 0), len(judged) - 1)
    st.session_state.place = judged[there].paragraph.id


def _take_back(editor: str, taxonomy: Taxonomy) -> None:
    back = undo(session.store(), editor, key=uuid4().hex)
    say_undone(back, taxonomy)
    for row in reversed(back.decisions):  # the first of a batch is where to read on
        toggles.forget(SPACE, row.paragraph)
        st.session_state.place = row.paragraph
