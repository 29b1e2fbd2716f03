"""Article: a whole story with its topics, corrected in place and downloaded."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.article import add_text, add_upload, tagged_article
from tagger.desk.wording import counted
from tagger.reading.formats import SUFFIXES
from tagger.ui import (
    article_buttons,
    article_card,
    article_rows,
    paint,
    retraining,
    session,
    stories,
    who,
)
from tagger.ui.words import place_in_words

if TYPE_CHECKING:
    from tagger.desk.article import TaggedArticle
    from tagger.learning.model import Model
    from tagger.records import Prediction
    from tagger.taxonomy import Taxonomy


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
        st.warning(f"There is no article {number} at this desk. Pick a queued one above.")
        return
    judged = [p for p in article.predictions if p.paragraph.furniture is None]
    if not judged:
        st.info("This article has no paragraph to judge.")
        return
    _head(article, taxonomy, judged)
    article_buttons.draw(article, editor, taxonomy, model)
    here = article_card.place_of(judged, article)
    article_card.draw(judged, here, article, editor, taxonomy, model)
    st.divider()
    article_rows.draw(article, judged[here], taxonomy, model)


def _head(article: TaggedArticle, taxonomy: Taxonomy, judged: list[Prediction]) -> None:
    done = sum(p.paragraph.id in article.decided for p in judged)
    title = article.title or judged[0].paragraph.text
    about = place_in_words(None, article.source, article.date, article.name)
    st.subheader(paint.plain(paint.short(title, 140)))
    aside = len(article.predictions) - len(judged)
    st.caption(
        f"{paint.plain(about)} · {done} of {counted(len(judged), 'paragraph')} decided"
        + (f" · {aside} set aside as furniture" if aside else "")
    )
    listed = "".join(
        f'<span class="nt-tag">{paint.chips([tag.topic], taxonomy)}'
        f'<span class="nt-count">{tag.paragraphs} of {len(judged)}</span></span>'
        for tag in article.tags
    )
    st.html(f"<p>{listed or paint.chips((), taxonomy)}</p>")
