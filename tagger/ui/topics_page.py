"""Topics: what each one means, what it is not, and its key."""

from __future__ import annotations

import html

import streamlit as st

from tagger.ui import session


def page() -> None:
    """Draw the page."""
    st.header("Topics")
    taxonomy = session.taxonomy()
    st.caption(
        f"{len(taxonomy)} topic{'s' if len(taxonomy) > 1 else ''}, from this desk's "
        "labeled/taxonomy.toml. A paragraph gets every topic an editor would file it under: none, "
        "one or several."
    )
    for topic in taxonomy:
        codes = ", ".join([*topic.iptc, *topic.iptc_near])
        parts = [
            f'<div class="nt-row" style="border-left-color:{topic.colour}">',
            f"<h4>{html.escape(topic.label)} <code>{html.escape(topic.id)}</code>"
            + (f" <kbd>{html.escape(topic.key)}</kbd>" if topic.key else "")
            + "</h4>",
            f"<p>{html.escape(topic.definition)}</p>" if topic.definition else "",
            f"<p><b>Not:</b> {html.escape(topic.not_)}</p>" if topic.not_ else "",
            f'<p class="nt-aside">IPTC {html.escape(codes)}</p>' if codes else "",
            "</div>",
        ]
        st.html("".join(parts))
