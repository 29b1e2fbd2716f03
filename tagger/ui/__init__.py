"""The editors' desk in the browser."""

from __future__ import annotations


def run() -> None:
    """Draw the app: the navigation and the page that was chosen."""
    import streamlit as st  # noqa: PLC0415 - importing this package must not start Streamlit

    from tagger.ui import (  # noqa: PLC0415 - same
        article_page,
        audit_page,
        batch_page,
        coverage_page,
        desk_page,
        log_page,
        model_page,
        session,
        style,
        topics_page,
    )

    st.set_page_config(page_icon="🗞️", layout="wide")
    st.html(style.STYLE)
    page = st.navigation(
        [
            st.Page(desk_page.page, title="Desk", url_path="desk", default=True),
            st.Page(article_page.page, title="Article", url_path="article"),
            st.Page(batch_page.page, title="Batch", url_path="batch"),
            st.Page(audit_page.page, title="Audit", url_path="audit"),
            st.Page(model_page.page, title="Model", url_path="model"),
            st.Page(coverage_page.page, title="Coverage", url_path="coverage"),
            st.Page(topics_page.page, title="Topics", url_path="topics"),
            st.Page(log_page.page, title="Log", url_path="log"),
        ],
        position="top",
    )
    st.set_page_config(page_title=f"{page.title} · Newsroom tagger")
    st.html(f'<h1 class="nt-unseen">{page.title}</h1>')
    with session.told_errors():
        st.html(style.toggle_style(session.taxonomy()))
        page.run()
