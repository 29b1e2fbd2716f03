"""What is done with a whole article: accept all that is undecided, and download it."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

import streamlit as st

from tagger.desk.article import accept_all, download
from tagger.desk.automation import automation_of
from tagger.desk.wording import counted
from tagger.ui import card, session, toggles
from tagger.ui.article_card import SPACE

if TYPE_CHECKING:
    from tagger.desk.article import TaggedArticle
    from tagger.learning.model import Model
    from tagger.taxonomy import Taxonomy

_DOWNLOADS = {"CSV": "csv", "JSONL": "jsonl", "Parquet": "parquet", "ninjs": "ninjs"}
_SUFFIX = {"csv": "csv", "jsonl": "jsonl", "parquet": "parquet", "ninjs": "json"}
_DWELL = 2.0  # seconds: nobody reads a story faster than that


def draw(article: TaggedArticle, editor: str, taxonomy: Taxonomy, model: Model) -> None:
    """Draw the buttons."""
    with st.container(horizontal=True):
        _accept_all(article, editor, taxonomy)
        _downloads(article, model, taxonomy)


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
        changed = {p: on for p in waiting if (on := toggles.changed(SPACE, p)) is not None}
        done = accept_all(
            article, session.store(), editor, batch=named, taxonomy=taxonomy, changed=changed
        )
        for paragraph in waiting:
            toggles.forget(SPACE, paragraph)
        card.tell(f"Saved: {counted(len(done), 'paragraph')}. One Undo takes all of it back.")

    st.button(
        f"Accept all {len(waiting):,} undecided" if len(waiting) > 1 else "Accept the last one",
        key=f"accept-all-{article.number}",
        icon=":material/done_all:",
        on_click=session.careful(accept),
    )


def _file(article: TaggedArticle, form: str, model: Model, taxonomy: Taxonomy) -> bytes:
    automation = automation_of(session.settings(), model)
    return download(article, form, model, taxonomy, automation)


def _downloads(article: TaggedArticle, model: Model, taxonomy: Taxonomy) -> None:
    for label, form in _DOWNLOADS.items():
        st.download_button(
            f"↓ {label}",
            data=partial(_file, article, form, model, taxonomy),
            file_name=f"article-{article.number}.{_SUFFIX[form]}",
            on_click="ignore",
            key=f"download-{form}",
        )
