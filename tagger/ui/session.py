"""What the pages share: the desk, its store and model, and how errors are told."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.copies import DecidedCopies
from tagger.desk.earlier import earlier_answers
from tagger.desk.explain import explain_text
from tagger.desk.models import has_model, load_model, registry_of, taxonomy_of
from tagger.desk.queue import store_of
from tagger.desk.rules import active_rules
from tagger.errors import ModelError, TaggerError
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.rules import hits
from tagger.settings import find_settings
from tagger.ui import paint
from tagger.ui.paint import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.desk.cards import Card
    from tagger.desk.earlier import Earlier
    from tagger.keeping.store.store import Store
    from tagger.keeping.taxonomy_changes import History
    from tagger.learning.explanation import Word
    from tagger.learning.model import Model
    from tagger.records import TopicId
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


def earlier(found: Card) -> tuple[Earlier, ...]:
    """What editors said of a card's text, or of a near-copy, before."""
    return earlier_answers(store(), settings(), _decided(str(settings().database), store()), found)


@st.cache_resource(show_spinner=False)
def _decided(where: str, _store: Store) -> DecidedCopies:  # noqa: ARG001 - the key
    return DecidedCopies(_store)


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


def rules() -> dict[TopicId, tuple[str, ...]]:
    """The phrases that suggest new topics beside the model; none where no model serves."""
    found = model_or_none()
    return {} if found is None else _rules(found.version, hash(taxonomy()), settings(), found)


@st.cache_data(show_spinner=False, max_entries=4)
def _rules(
    version: str,  # noqa: ARG001 - the key
    topics: int,  # noqa: ARG001 - same
    _settings: Settings,
    _model: Model,
) -> dict[TopicId, tuple[str, ...]]:
    return active_rules(_settings, _model)


def rule_hits(text: str) -> dict[TopicId, str]:
    """The topics that a phrase of the text suggests, with the phrase."""
    return hits(rules(), text)


def history() -> History:
    """The changes of the topics, through which older decisions are read."""
    return read_history(settings().labeled)


def marks(
    text: str, topics: tuple[TopicId, ...], model: Model, taxonomy: Taxonomy
) -> list[tuple[Word, str, str]]:
    """The words that speak loudest for and against ``topics``, or the nearest topic where empty.

    Remembered, since a long article shows those of all its paragraphs at every press.
    """
    return _marks(text, topics, model.version, hash(taxonomy), model, taxonomy)


@st.cache_data(show_spinner=False, max_entries=2000)
def _marks(
    text: str,
    topics: tuple[TopicId, ...],
    version: str,  # noqa: ARG001 - the key
    looks: int,  # noqa: ARG001 - same
    _model: Model,
    _taxonomy: Taxonomy,
) -> list[tuple[Word, str, str]]:
    found = explain_text(text, _model)
    shown = [e for e in found if e.topic in topics] or found[:1]
    return paint.strongest_marks(shown, _taxonomy)


@contextmanager
def told_errors(*, stop: bool = True) -> Iterator[None]:
    """Show an error as what happened and what to do, and stop the page there.

    What a callback met (see :func:`careful`) is shown first. Where no model can serve, a retrain
    is offered on the spot.

    Args:
        stop: False goes on after the block.
    """
    if (trouble := st.session_state.pop("trouble", None)) is not None:
        _show(trouble)
    try:
        yield
    except TaggerError as error:
        _show(error)
        if stop and isinstance(error, ModelError):
            from tagger.ui import retraining  # noqa: PLC0415 - it needs this module

            retraining.panel()
        if stop:
            st.stop()


def _show(error: TaggerError) -> None:
    st.error(f"{plain(error.message)}\n\n**{plain(error.cure)}**", icon="⚠️")


def careful(act: Callable[..., object]) -> Callable[..., None]:
    """A callback whose errors are told on the page: what was pressed stays on the screen."""

    @wraps(act)
    def run(*args: object) -> None:
        try:
            act(*args)
        except TaggerError as error:
            st.session_state.trouble = error

    return run
