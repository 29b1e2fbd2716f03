"""Topics: what each one means and what it is not, its key; and how they change with the news."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.wording import counted
from tagger.ui import contest, session, topics_form

if TYPE_CHECKING:
    from tagger.taxonomy import Topic


def page() -> None:
    """Draw the page."""
    st.header("Topics")
    taxonomy = session.taxonomy()
    st.caption(
        f"{counted(len(taxonomy), 'topic')}, from this desk's "
        "labeled/taxonomy.toml. A paragraph gets every topic an editor would file it under: none, "
        "one or several."
    )
    for topic in taxonomy:
        st.html(_drawn(topic))
    contest.section()
    topics_form.draw()


def _drawn(topic: Topic) -> str:
    codes = ", ".join([*topic.iptc, *topic.iptc_near])
    seeds = ", ".join(topic.seeds)
    key = f" <kbd>{html.escape(topic.key)}</kbd>" if topic.key else ""
    ids = f"<code>{html.escape(topic.id)}</code>{key}"
    parts = [
        f'<div class="nt-row" style="border-left-color:{topic.colour}">',
        f"<h4>{html.escape(topic.label)} {ids}</h4>",
        f"<p>{html.escape(topic.definition)}</p>" if topic.definition else "",
        f"<p><b>Not:</b> {html.escape(topic.not_)}</p>" if topic.not_ else "",
        f"<p><b>Suggested by rule at:</b> {html.escape(seeds)}</p>" if seeds else "",
        f'<p class="nt-aside">IPTC {html.escape(codes)}</p>' if codes else "",
        "</div>",
    ]
    return "".join(parts)
