"""The tagger inside another program: load a model once, tag texts and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tagger.batch.deciding import deciding
from tagger.desk import models
from tagger.desk.automation import automation_of
from tagger.desk.explain import explain_text
from tagger.desk.tag import tag_document
from tagger.errors import ModelError
from tagger.learning.compiled import compile_model
from tagger.reading import ReadOptions, read
from tagger.records import Document, Passage, Prediction
from tagger.settings import find_settings

if TYPE_CHECKING:
    from tagger.learning.model import Model
    from tagger.learning.operating import Automation

__all__ = ["explain_text", "load_automation", "load_model", "tag_file", "tag_text"]


def load_model(
    home: str | Path | None = None, version: str | None = None, *, fast: bool = False
) -> Model:
    """Load the model that serves a desk, or another saved version of it.

    Args:
        home: the desk's folder; found from ``TAGGER_HOME`` or the current folder where None.
        version: a version or its unique beginning.
        fast: compile it, for a program that scores texts by the thousand. The scores stay the
            same to the last bit and take 0.02 ms a paragraph rather than 0.05; the start takes
            0.7 s more, and some ten where this machine has never compiled one.

    Raises:
        TaggerError: there is no desk, no model, or it is damaged or bound to other topics; or,
            with ``fast``, it cannot be compiled.
    """
    model = models.load_model(find_settings(Path(home) if home else None), version)
    return _compiled(model) if fast else model


def _compiled(model: Model) -> Model:
    try:
        return compile_model(model)
    except ImportError as error:
        raise ModelError(
            f"Model {model.version} cannot be compiled: {error.name} is not installed.",
            "Install it with: pip install 'newsroom-tagger[fast]', or load it without fast=True.",
        ) from error


def load_automation(model: Model, home: str | Path | None = None) -> Automation | None:
    """What decides by itself on a desk (see ``tagger automation``); None where no aim is set.

    Args:
        model: as from :func:`load_model`.
        home: the desk's folder; found as by :func:`load_model` where None.

    Raises:
        TaggerError: there is no desk, its aims are not valid, or the model was trained by a tagger
            too old to know how sure it must be.
    """
    return automation_of(find_settings(Path(home) if home else None), model)


def tag_text(
    text: str, model: Model, *, name: str = "text", automation: Automation | None = None
) -> list[Prediction]:
    """Tag an article's raw text: one prediction a paragraph, furniture included.

    With an ``automation`` each paragraph's ``decision`` is ``auto``, ``ask`` or ``none``.
    """
    return tag_document(Document(name, (Passage(text),)), model, deciding(automation))


def tag_file(
    path: str | Path,
    model: Model,
    *,
    text_column: str | None = None,
    automation: Automation | None = None,
) -> list[Prediction]:
    """Tag a file of any known format; rows of a table that cannot be read are left out.

    ``automation`` as for :func:`tag_text`.

    Raises:
        InputError: the file cannot be read.
    """
    found = read(Path(path), ReadOptions(text_column=text_column))
    documents = (item for item in found if isinstance(item, Document))
    judge = deciding(automation)
    tagged = (tag_document(document, model, judge) for document in documents)
    return [prediction for document in tagged for prediction in document]
