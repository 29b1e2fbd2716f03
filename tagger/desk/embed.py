"""The tagger inside another program: load a model once, tag texts and files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tagger.desk import models
from tagger.desk.explain import explain_text
from tagger.desk.tag import tag_document
from tagger.reading import ReadOptions, read
from tagger.records import Document, Passage, Prediction
from tagger.settings import find_settings

if TYPE_CHECKING:
    from tagger.learning.model import Model

__all__ = ["explain_text", "load_model", "tag_file", "tag_text"]


def load_model(home: str | Path | None = None, version: str | None = None) -> Model:
    """Load the model that serves a desk, or another saved version of it.

    Args:
        home: the desk's folder; found from ``TAGGER_HOME`` or the current folder where None.
        version: a version or its unique beginning.

    Raises:
        TaggerError: there is no desk, no model, or it is damaged or bound to other topics.
    """
    return models.load_model(find_settings(Path(home) if home else None), version)


def tag_text(text: str, model: Model, *, name: str = "text") -> list[Prediction]:
    """Tag an article's raw text: one prediction a paragraph, furniture included."""
    return tag_document(Document(name, (Passage(text),)), model)


def tag_file(path: str | Path, model: Model, *, text_column: str | None = None) -> list[Prediction]:
    """Tag a file of any known format; rows of a table that cannot be read are left out.

    Raises:
        InputError: the file cannot be read.
    """
    found = read(Path(path), ReadOptions(text_column=text_column))
    documents = (item for item in found if isinstance(item, Document))
    return [prediction for document in documents for prediction in tag_document(document, model)]
