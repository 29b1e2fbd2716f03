"""Article: a whole story with its topics, corrected in place and downloaded."""

from __future__ import annotations

import html
import time
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.article import accept_all, add_text, add_upload, download, tagged_article
from tagger.desk.correct import decide, undo
from tagger.keeping.store import Shown
from tagger.reading.formats import SUFFIXES
from tagger.ui import card, paint, retraining, session, stories, toggles, who
from tagger.ui.words import name_of_last, place_in_words, say_undone, topics_in_words

if TYPE_CHECKING:
    from tagger.desk.article import TaggedArticle
    from tagger.learning.model import Model
    from tagger.records import Prediction, TopicId
    from tagger.taxonomy import Taxonomy

_SPACE = "article"
_DOWNLOADS = {"CSV": "csv", "JSONL": "jsonl", "Parquet": "parquet", "ninjs": "ninjs"}
_DWELL = 2.0  # seconds: nobody reads a story faster than that
_SUFFIX = {"csv": "csv", "jsonl": "jsonl", "parquet": "parquet", "ninjs": "json"}


def page() -> None:
    """Draw the page."""
    name = who.need_editor()
    model = session.model_or_none()
    if model is None:
        retraining.no_model_yet()
        return
    number = st.query_params.get("article", "")
    _input(model, number if number.isdigit() else "")
    if number.isdigit():
        _article(int(number), name)


def _input(model: Model, here: str) -> None:
    with st.expander("Another article" if here else "An article", expanded=not here):
        paste, upload, queued = st.tabs(["Paste", "Upload", "Queued"])
        with queued:
            stories.pick(here, _open)
        with paste.form("paste", clear_on_submit=False, border=False):
            text = st.text_area("Paste the story, headline first", height=220, key="pasted")
            if st.form_submit_button("Tag it", type="primary") and text.strip():
                name = f"pasted {time.strftime('%Y-%m-%d %H:%M:%S')} {uuid4().hex[:4]}"
                _open(add_text(text, name, session.store(), model))
        file = upload.file_uploader("A file", type=[suffix.lstrip(".") for suffix in SUFFIXES])
        if file is not None and st.session_state.get("uploaded") != file.file_id:
            st.session_state.uploaded = file.file_id
            _open(add_upload(file.getvalue(), file.name, session.store(), model))


def _open(number: int) -> None:
    st.query_params["article"] = str(number)
    st.query_params.pop("paragraph", None)
    st.session_state.pop("place", None)
    st.rerun()


@st.fragment
def _article(number: int, editor: str) -> None:
    with session.told_errors():
        _draw(number, editor)


def _draw(number: int, editor: str) -> None:
    model, taxonomy = session.model(), session.taxonomy()
    article = tagged_article(
        number, session.store(), model, history=session.history(), rules=session.rules()
    )
    if article is None:
        st.warning(f"There is no article {number} in this desk's store.")
        return
    judged = [p for p in article.predictions if p.paragraph.furniture is None]
    if not judged:
        st.info("This article has no paragraph to judge.")
        return
    _head(article, taxonomy, judged)
    with st.container(horizontal=True):
        _accept_all(article, editor, taxonomy)
        _downloads(article, model, taxonomy)
    here = _place(judged, article)
    _card(judged[here], article, editor, taxonomy, model, judged)
    st.divider()
    _paragraphs(article, judged[here], taxonomy, model)


def _head(article: TaggedArticle, taxonomy: Taxonomy, judged: list[Prediction]) -> None:
    done = sum(p.paragraph.id in article.decided for p in judged)
    title = article.title or judged[0].paragraph.text
    about = place_in_words(None, article.source, article.date, article.name)
    st.subheader(paint.plain(paint.short(title, 140)))
    aside = len(article.predictions) - len(judged)
    st.caption(
        f"{paint.plain(about)} · {done} of {len(judged)} paragraphs decided"
        + (f" · {aside} set aside as furniture" if aside else "")
    )
    listed = "".join(
        f'<span class="nt-tag">{paint.chips([tag.topic], taxonomy)}'
        f'<span class="nt-count">{tag.paragraphs} of {len(judged)}</span></span>'
        for tag in article.tags
    )
    st.html(f"<p>{listed or paint.chips((), taxonomy)}</p>")


def _accept_all(article: TaggedArticle, editor: str, taxonomy: Taxonomy) -> None:
    """One press for all that is still undecided; not for suggestions that nobody sees."""
    waiting = [p.paragraph.id for p in article.undecided]
    if not waiting or card.covered():
        return
    named = uuid4().hex  # the same press twice is one batch
    watch, shown = card.guard("article-all", _DWELL), f"{article.number} {len(waiting)}"
    watch.show(shown, time.monotonic())

    def accept() -> None:
        if not watch.step(shown, time.monotonic()):
            card.tell("Read the story first: a press in its first two seconds accepts nothing.")
            return
        changed = {p: on for p in waiting if (on := toggles.changed(_SPACE, p)) is not None}
        done = accept_all(
            article, session.store(), editor, batch=named, taxonomy=taxonomy, changed=changed
        )
        for paragraph in waiting:
            toggles.forget(_SPACE, paragraph)
        card.tell(f"Saved: {len(done):,} paragraphs. One Undo takes them all back.")

    st.button(
        f"Accept all {len(waiting):,} undecided" if len(waiting) > 1 else "Accept the last one",
        key=f"accept-all-{article.number}",
        icon=":material/done_all:",
        on_click=session.careful(accept),
    )


def _downloads(article: TaggedArticle, model: Model, taxonomy: Taxonomy) -> None:
    for label, form in _DOWNLOADS.items():
        st.download_button(
            f"↓ {label}",
            data=partial(download, article, form, model, taxonomy),
            file_name=f"article-{article.number}.{_SUFFIX[form]}",
            on_click="ignore",
            key=f"download-{form}",
        )


def _place(judged: list[Prediction], article: TaggedArticle) -> int:
    """The paragraph the keys work on: the one chosen, else the first undecided one."""
    ids: list[str] = [p.paragraph.id for p in judged]
    chosen = st.session_state.get("place") or st.query_params.get("paragraph")
    if chosen in ids:
        return ids.index(chosen)
    undecided = [i for i, paragraph in enumerate(ids) if paragraph not in article.decided]
    return undecided[0] if undecided else len(ids) - 1


def _card(
    prediction: Prediction,
    article: TaggedArticle,
    editor: str,
    taxonomy: Taxonomy,
    model: Model,
    judged: list[Prediction],
) -> None:
    paragraph = prediction.paragraph
    found = article.decided.get(paragraph.id)
    here = next(i for i, p in enumerate(judged) if p.paragraph.id == paragraph.id)
    view = card.View(
        paragraph=paragraph.id,
        text=paragraph.text,
        scores=prediction.scores,
        suggested=prediction.topics,
        rules=prediction.rules,
        heading=f"Paragraph {here + 1} of {len(judged)}",
        why=f"decided by {found[1]}" if found else "",
        start=found[0] if found else None,
    )

    named = uuid4().hex  # the same press twice is one decision

    def take(view: card.View, topics: tuple[TopicId, ...], seconds: float) -> None:
        seen = Shown(prediction.scores, prediction.topics, prediction.model, view.hidden)
        decide(
            session.store(),
            prediction,
            topics,
            editor,
            key=named,
            seconds=seconds,
            taxonomy=taxonomy,
            shown=seen,
        )
        toggles.forget(_SPACE, paragraph.id)
        card.tell(f"Saved: {topics_in_words(topics, taxonomy)}")
        later = [p.paragraph.id for p in judged[here + 1 :]]
        st.session_state.place = later[0] if later else paragraph.id

    def step(by: int) -> None:
        there = min(max(here + by, 0), len(judged) - 1)
        st.session_state.place = judged[there].paragraph.id

    def take_back() -> None:
        back = undo(session.store(), editor, key=uuid4().hex)
        say_undone(back, taxonomy)
        for row in reversed(back.decisions):  # the first of a batch is where to read on
            toggles.forget(_SPACE, row.paragraph)
            st.session_state.place = row.paragraph

    actions = card.Actions(
        decide=take,
        undo=take_back,
        undo_label=name_of_last(session.store(), editor, taxonomy),
        more=(
            ("Next", "j", lambda: step(1)),
            ("Back", "k", lambda: step(-1)),
        ),
    )
    card.draw(_SPACE, view, actions, taxonomy, model)


def _paragraphs(article: TaggedArticle, here: Prediction, taxonomy: Taxonomy, model: Model) -> None:
    st.html("".join(_row(p, article, here, taxonomy, model) for p in article.predictions))


def _row(
    prediction: Prediction,
    article: TaggedArticle,
    here: Prediction,
    taxonomy: Taxonomy,
    model: Model,
) -> str:
    paragraph = prediction.paragraph
    if paragraph.furniture is not None:
        return (
            f'<div class="nt-row furniture">{paint.text_block(paragraph.text, css="")}'
            f"<i>{html.escape(paragraph.furniture)}</i></div>"
        )
    found = article.decided.get(paragraph.id)
    css = "nt-row here" if paragraph.id == here.paragraph.id else "nt-row"
    if card.covered() and not found:
        return f'<div class="{css}">{paint.text_block(paragraph.text, css="")}</div>'
    topics = found[0] if found else prediction.topics
    mark = f'<span class="nt-aside">✓ {html.escape(found[1])}</span>' if found else ""
    marks = session.marks(paragraph.text, topics, model, taxonomy) if topics else ()
    chips = paint.chips(topics, taxonomy, None if found else prediction.scores)
    chips += "" if found else paint.rule_chips(prediction.rules, taxonomy)
    return f'<div class="{css}">{paint.text_block(paragraph.text, marks, "")}{chips}{mark}</div>'
