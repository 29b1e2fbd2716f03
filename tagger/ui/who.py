"""Who sits at the desk: a login where one is configured, else a name that anybody can type."""

from __future__ import annotations

from urllib.parse import quote, unquote

import streamlit as st

COOKIE = "tagger_editor"
"""Keeps the editor's name in the browser, so that a reload does not ask again."""


def editor() -> str:
    """Who decides: the login where one is configured, else the name given in this browser."""
    if getattr(st.user, "is_logged_in", False):
        return str(st.user.get("name") or st.user.get("email") or st.user.get("sub"))
    if "editor" not in st.session_state:
        st.session_state.editor = unquote(st.context.cookies.get(COOKIE, ""))
    return str(st.session_state.editor)


def need_editor() -> str:
    """The editor's name; asks for it and stops the page where there is none yet."""
    name = editor()
    if name:
        _remember(name)
        return name
    if _login_configured():
        st.subheader("Please log in")
        st.button("Log in", on_click=st.login, type="primary")
        st.stop()
    _ask_name()
    st.stop()
    raise AssertionError  # st.stop does not return


def _remember(name: str) -> None:
    # Not in the address: whoever is sent a link to an article must not decide in its sender's name.
    if unquote(st.context.cookies.get(COOKIE, "")) != name:
        cookie = f"{COOKIE}={quote(name, safe='')}; path=/; max-age=31536000; SameSite=Lax"
        st.html(f'<script>document.cookie = "{cookie}"</script>', unsafe_allow_javascript=True)


def is_picked() -> bool:
    """Whether the editor's name was picked, not logged in with."""
    return not getattr(st.user, "is_logged_in", False)


def ask_again() -> None:
    """Ask for the name again."""
    st.session_state.editor = ""
    st.rerun(scope="app")


def _login_configured() -> bool:
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def _ask_name() -> None:
    st.subheader("Who is deciding?")
    st.caption(
        "Every decision carries a name. This is no security: anybody can type any name. "
        "For logins, configure OpenID Connect in .streamlit/secrets.toml."
    )
    with st.form("who", width=460):
        name = st.text_input("Your name", max_chars=60, key="name")
        if st.form_submit_button("Start", type="primary") and name.strip():
            st.session_state.editor = " ".join(name.split())
            st.rerun()
