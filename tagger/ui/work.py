"""Working through the queue, one card after the other: the Desk and the Audit page."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.correct import decide, undo
from tagger.desk.models import registry_of
from tagger.desk.queue import UNQUEUED, asked_again, counts, next_up, skip
from tagger.desk.retrain_due import ENOUGH, news_since, seen_by
from tagger.desk.wording import counted
from tagger.keeping.store import Shown
from tagger.records import Version
from tagger.ui import card, paint, retraining, session, stories, who
from tagger.ui.words import name_of_last, place_in_words, say_undone, topics_in_words

if TYPE_CHECKING:
    from tagger.desk.cards import Card
    from tagger.desk.retrain_due import News
    from tagger.learning.model import Model
    from tagger.records import ParagraphId, TopicId
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy

PAGE = 20
_FRESH = 300.0  # seconds after which a page is asked for anew: leases last ten minutes


@dataclass
class Work:
    """What one browser is working on: the rest of its page, and since when."""

    cards: list[Card] = field(default_factory=list)
    fetched: float = 0.0
    passed: set[ParagraphId] = field(default_factory=set)

    def drop(self, paragraph: str) -> None:
        """The paragraph is decided or skipped."""
        self.cards = [one for one in self.cards if one.item.paragraph != paragraph]

    def forget(self) -> None:
        """Ask the store anew."""
        self.cards, self.fetched = [], 0.0


def draw_queue(space: str, lane: str | None, editor: str) -> None:
    """Draw the next card of the queue, or why there is none and what to do.

    Args:
        space: the page's name, so that two pages share no widget.
        lane: only this lane; None for the mixed queue.
        editor: who decides.
    """
    work = _work(space, editor)
    taxonomy, model = session.taxonomy(), session.model_or_none()
    if not work.cards or time.monotonic() - work.fetched > _FRESH:
        _fetch(work, lane, editor, model)
    top = st.container()
    if work.cards:
        actions = _actions(work, editor, taxonomy)
        card.draw(space, _view(work.cards[0]), actions, taxonomy, model)
    else:
        _nothing_left(space, lane, editor)
    with top:
        _progress(space, lane, editor)


def _fetch(work: Work, lane: str | None, editor: str, model: Model | None) -> None:
    """Ask the store for a page; what the editor is reading stays in front."""
    here = work.cards[0].item.paragraph if work.cards else None
    found = next_up(
        session.store(),
        session.settings(),
        editor,
        n=PAGE,
        lane=lane,
        model=model,
        passed=work.passed,
    )
    work.cards = sorted(found, key=lambda one: one.item.paragraph != here)
    work.fetched = time.monotonic()


def _work(space: str, editor: str) -> Work:
    found: Work = st.session_state.setdefault(f"work-{space}-{editor}", Work())
    return found


def _view(found: Card) -> card.View:
    item, place = found.item, found.item.place
    return card.View(
        paragraph=item.paragraph,
        text=item.text,
        scores=found.scores,
        suggested=found.topics,
        heading=place_in_words(place.title, place.source, place.date, place.name),
        story=stories.address(place),
        before=item.before,
        after=item.after,
        copies=item.copies,
        why=found.reason,
        hidden=found.hidden,
        rules={} if found.hidden else session.rule_hits(item.text),
        earlier=session.earlier(found),
    )


def _actions(work: Work, editor: str, taxonomy: Taxonomy) -> card.Actions:
    store, here = session.store(), work.cards[0]
    named = uuid4().hex  # the same press twice is one decision

    def take(view: card.View, topics: tuple[TopicId, ...], seconds: float) -> None:
        seen = Shown(here.scores, here.topics, here.model, view.hidden)
        decide(
            store, here, topics, editor, key=named, seconds=seconds, taxonomy=taxonomy, shown=seen
        )
        work.drop(view.paragraph)
        card.tell(f"Saved: {topics_in_words(topics, taxonomy)}")

    def pass_by(view: card.View) -> None:
        skip(store, here, editor)
        if here.lane in UNQUEUED:
            work.passed.add(here.item.paragraph)
        work.drop(view.paragraph)

    def take_back() -> None:
        say_undone(undo(store, editor, key=uuid4().hex), taxonomy)
        work.forget()

    return card.Actions(
        decide=take,
        skip=pass_by,
        undo=take_back,
        undo_label=name_of_last(store, editor, taxonomy),
    )


def _progress(space: str, lane: str | None, editor: str) -> None:
    store = session.store()
    found = counts(store, editor)
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    today = store.count(editor=editor, since=midnight)
    words = f"**{found.left:,}** left of {found.total:,}" if found.total else "Nothing is queued"
    if found.skipped:
        words += f", {found.skipped:,} skipped"
    if found.held:
        words += f", {found.held:,} with colleagues"
    if again := _again(str(session.settings().database), store.count(), hash(session.taxonomy())):
        words += f" · {again:,} asked again"
    words += f" · {today:,} decided by {paint.plain(editor)} today"
    words = f"The whole queue: {words}" if lane else words + _until_retrain()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(words, width="content")
        if who.is_picked() and st.button(
            f"Not {paint.plain(editor)}?", key=f"rename-{space}", type="tertiary"
        ):
            who.ask_again()


@st.cache_data(show_spinner=False, max_entries=4)
def _again(where: str, rows: int, topics: int) -> int:  # noqa: ARG001 - the key
    """How many are asked again since their topics changed: they are not in the queue's counts."""
    return asked_again(session.store(), session.settings())


def _until_retrain() -> str:
    """How many decisions until a retrain is worth while; empty where there is no model yet."""
    version = registry_of(session.settings()).current()
    if version is None:
        return ""
    seen = _seen(version, session.settings())
    rows = session.store().count(after=seen)
    found = _news(version, seen, rows if rows < 2 * ENOUGH else rows // ENOUGH * ENOUGH)
    if found.until_due:
        return f" · {found.until_due:,} more until the next retrain"
    return " · time to retrain (**[Model](model)** page)"


@st.cache_data(show_spinner=False, max_entries=8)
def _news(version: str, seen: int, rows: int) -> News:  # noqa: ARG001 - the key
    """What the serving model has not seen; of many rows counted at every hundredth only."""
    return news_since(seen, session.store())


@st.cache_data(show_spinner=False, max_entries=4)
def _seen(version: str, _settings: Settings) -> int:
    return seen_by(_settings, Version(version))


def _nothing_left(space: str, lane: str | None, editor: str) -> None:
    found = counts(session.store(), editor)
    if not found.total and session.model_or_none() is None:
        retraining.no_model_yet()
    elif not found.total:
        st.info(
            "The queue is empty. Paste or upload a story on the **[Article](article)** page, or "
            "import a folder on the command line: `tagger queue add stories/`"
        )
    elif lane is not None and found.left:
        others = counted(found.left, "other waits", "others wait")
        st.success(f"Nothing of this kind is left. {others} on the **[Desk](desk)**.")
    elif found.held:
        held = "last one is" if found.held == 1 else f"last {found.held:,} are"
        st.info(f"The {held} with colleagues. Yours to do: nothing, for now.")
    else:
        done = "The one paragraph is" if found.total == 1 else f"All {found.total:,} are"
        st.success(
            f"{done} decided. Queue more on the **[Article](article)** page or with "
            "`tagger queue add`."
        )
    card.told()
    if last := name_of_last(session.store(), editor, session.taxonomy()):
        card.undo_button(space, last, partial(_undo, space, editor))


def _undo(space: str, editor: str) -> None:
    say_undone(undo(session.store(), editor, key=uuid4().hex), session.taxonomy())
    _work(space, editor).forget()
