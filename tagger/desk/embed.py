"""The tagger inside another program: load a model once, tag, explain, hand corrections back.

Threads may share what is loaded here, and a web server may fork its workers after loading it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.batch.deciding import deciding
from tagger.batch.ruling import ruling
from tagger.batch.tagging import predict
from tagger.desk import models, tag
from tagger.desk.automation import automation_of
from tagger.desk.explain import explain_text
from tagger.desk.rules import active_rules
from tagger.errors import ModelError
from tagger.learning.compiled import compile_model
from tagger.reading import ReadOptions, read, read_stream
from tagger.records import Document, Passage, Prediction
from tagger.settings import find_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from tagger.batch.tagging import Judge
    from tagger.learning.automation import Automation
    from tagger.learning.model import Model
    from tagger.records import Reject, Version
    from tagger.settings import Settings

__all__ = [
    "correct",
    "explain_text",
    "load_automation",
    "load_model",
    "serving_version",
    "tag_document",
    "tag_file",
    "tag_html",
    "tag_text",
]


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
    model = models.load_model(_settings(home), version)
    return _compiled(model) if fast else model


def _settings(home: str | Path | None) -> Settings:
    return find_settings(Path(home) if home else None)


def _compiled(model: Model) -> Model:
    try:
        return compile_model(model)
    except ImportError as error:
        raise ModelError(
            f"Model {model.version} cannot be compiled: {error.name} is not installed.",
            "Install it with: pip install 'newsroom-tagger[fast]', or load it without fast=True.",
        ) from error


def serving_version(home: str | Path | None = None) -> Version | None:
    """The version that serves a desk now; None where none does. One look at a small file.

    A program that runs on loads the model anew where this is no more its ``model.version``.

    Args:
        home: the desk's folder; found as by :func:`load_model` where None.

    Raises:
        TaggerError: there is no desk, or what it says of its model cannot be read.
    """
    return models.registry_of(_settings(home)).current()


def load_automation(model: Model, home: str | Path | None = None) -> Automation | None:
    """What decides by itself on a desk (see ``tagger automation``); None where no aim is set.

    Args:
        model: as from :func:`load_model`.
        home: the desk's folder; found as by :func:`load_model` where None.

    Raises:
        TaggerError: there is no desk, its aims are not valid, or the model was trained by a tagger
            too old to know how sure it must be.
    """
    settings = _settings(home)
    automation = automation_of(settings, model)
    return automation and replace(automation, rules=active_rules(settings, model))


def tag_text(
    text: str, model: Model, *, name: str = "text", automation: Automation | None = None
) -> list[Prediction]:
    """Tag an article's raw text: one prediction a paragraph, furniture included.

    With an ``automation`` each paragraph's ``decision`` is ``auto``, ``ask`` or ``none``. Markup
    is text here: see :func:`tag_html`.
    """
    return tag_document(Document(name, (Passage(text),)), model, automation=automation)


def tag_document(
    document: Document, model: Model, *, automation: Automation | None = None
) -> list[Prediction]:
    """Tag an article whose title, paragraphs and captions are known; as :func:`tag_text`."""
    return tag.tag_document(document, model, _judge(automation))


def tag_html(
    page: str | bytes, model: Model, *, name: str = "page", automation: Automation | None = None
) -> list[Prediction]:
    """Tag the story of a web page, or of an article's markup; as :func:`tag_text`.

    Raises:
        InputError: there is no story in it, or its bytes are in an unknown encoding.
    """
    data = page.encode(errors="replace") if isinstance(page, str) else page
    return _tagged(read_stream(data, name, ReadOptions(format="html")), model, automation)


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
    return _tagged(read(Path(path), ReadOptions(text_column=text_column)), model, automation)


def _tagged(
    found: Iterable[Document | Reject], model: Model, automation: Automation | None
) -> list[Prediction]:
    judge = _judge(automation)
    documents = (item for item in found if isinstance(item, Document))
    return [one for document in documents for one in tag.tag_document(document, model, judge)]


def _judge(automation: Automation | None) -> Judge:
    return deciding(automation, ruling(automation.rules)) if automation else predict


def correct(
    prediction: Prediction,
    topics: Collection[str],
    *,
    editor: str,
    key: str,
    home: str | Path | None = None,
) -> int:
    """Record what an editor says of a tagged paragraph; the next retrain learns it.

    Args:
        prediction: as the editor saw it.
        topics: what the editor says; empty means "none of them".
        editor: who says so.
        key: names the press, such as an id of the request: sent again it records nothing more.
        home: the desk's folder; found as by :func:`load_model` where None.

    Returns:
        the number of the decision in the desk's log.

    Raises:
        TaggerError: there is no desk, a topic is unknown, the key was used for another decision,
            or it cannot be written.
    """
    from tagger.desk.correct import decide  # noqa: PLC0415 - tagging does without a store
    from tagger.desk.queue import store_of  # noqa: PLC0415 - as above

    settings = _settings(home)
    taxonomy = models.taxonomy_of(settings)
    with store_of(settings) as store:
        done = decide(store, prediction, topics, editor, key=key, taxonomy=taxonomy)
    return done.correction.sequence
