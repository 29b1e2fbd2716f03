"""What the pages share: the desk, its store and model, and who sits at it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.models import has_model, load_model, registry_of, taxonomy_of
from tagger.desk.queue import store_of
from tagger.errors import TaggerError
from tagger.settings import find_settings
from tagger.ui.paint import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.keeping.store.store import Store
    from tagger.learning.model import Model
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy


def settings() -> Settings:
    """The desk that this app serves."""
    return find_settings()


def taxonomy() -> Taxonomy:
    """Its topics; read anew when the file changes."""
    path = settings().labeled / "taxonomy.toml"
    return _taxonomy(settings(), path, path.stat().st_mtime_ns)


@st.cache_data(show_spinner=False, max_entries=4)
def _taxonomy(_settings: Settings, path: Path, changed: int) -> Taxonomy:  # noqa: ARG001 - the key
    return taxonomy_of(_settings)


def store() -> Store:
    """The store of corrections, opened once for all sessions."""
    return _store(str(settings().database), settings())


@st.cache_resource(show_spinner=False)
def _store(where: str, _settings: Settings) -> Store:  # noqa: ARG001 - the key
    return store_of(_settings)


def model() -> Model:
    """The model that serves now; another one is loaded as soon as it is promoted.

    Raises:
        NoModel: nothing has been trained yet.
        ModelError: it is damaged, or bound to other topics.
    """
    current = registry_of(settings()).find()
    return _model(str(settings().models), current, taxonomy().digest, settings())


@st.cache_resource(show_spinner="Loading the model …", max_entries=2)
def _model(models: str, version: str, digest: str, _settings: Settings) -> Model:  # noqa: ARG001
    return load_model(_settings, version)


def model_or_none() -> Model | None:
    """The model that serves, or None where nothing has been trained yet."""
    return model() if has_model(settings()) else None


@contextmanager
def told_errors() -> Iterator[None]:
    """Show an error as what happened and what to do, and stop the page there."""
    try:
        yield
    except TaggerError as error:
        st.error(f"{plain(error.message)}\n\n**{plain(error.cure)}**", icon="⚠️")
        st.stop()


def editor() -> str:
    """Who decides: the login where one is configured, else the name picked in this browser."""
    if getattr(st.user, "is_logged_in", False):
        return str(st.user.get("name") or st.user.get("email") or st.user.get("sub"))
    return str(st.session_state.get("editor", "")) or str(st.query_params.get("editor", ""))


def need_editor() -> str:
    """The editor's name; asks for it and stops the page where there is none yet."""
    name = editor()
    if name:
        st.session_state.editor = name
        return name
    if _login_configured():
        st.subheader("Please log in")
        st.button("Log in", on_click=st.login, type="primary")
        st.stop()
    _ask_name()
    st.stop()
    raise AssertionError  # st.stop does not return


def _login_configured() -> bool:
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def _ask_name() -> None:
    st.subheader("Who is deciding?")
    st.caption(
        "Every decision carries a name. Picking one is no security: anybody can pick any name. "
        "For logins, configure OpenID Connect in .streamlit/secrets.toml."
    )
    with st.form("who"):
        name = st.text_input("Your name", max_chars=60, key="name")
        if st.form_submit_button("Start", type="primary") and name.strip():
            st.session_state.editor = " ".join(name.split())
            st.query_params["editor"] = st.session_state.editor
            st.rerun()
