"""One article at the desk: queued, tagged, decided, rolled up, downloaded."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.batch.ruling import ruling
from tagger.desk.correct import decide_batch
from tagger.desk.queue import queue_documents
from tagger.desk.roll_up import Tag, roll_up
from tagger.desk.translated import translated
from tagger.errors import InputError
from tagger.furniture import mark
from tagger.keeping.taxonomy_changes import History
from tagger.paragraphs import split
from tagger.reading import ReadOptions, read_stream
from tagger.reading.formats import format_of
from tagger.records import Document, Passage, Reject
from tagger.writing.ninjs import ninjs_item
from tagger.writing.tables import open_stream, parquet_bytes

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tagger.keeping.store import Decided
    from tagger.keeping.store.store import Store
    from tagger.learning.automation import Automation
    from tagger.learning.model import Model
    from tagger.records import ParagraphId, Prediction, TopicId
    from tagger.taxonomy import Taxonomy
    from tagger.writing.tables import Format

_LONGEST_HEADLINE = 160


@dataclass(frozen=True, slots=True)
class TaggedArticle:
    """An article of the store with predictions and what editors decided.

    Args:
        number: the store's number of the article.
        name: its name.
        title: its headline, where known.
        source: who published it, where known.
        date: when, where known.
        predictions: one a paragraph, furniture included.
        decided: what holds for the paragraphs that were decided, and by whom.
    """

    number: int
    name: str
    title: str | None
    source: str | None
    date: str | None
    predictions: tuple[Prediction, ...]
    decided: dict[ParagraphId, tuple[tuple[TopicId, ...], str]]

    @property
    def tags(self) -> list[Tag]:
        """The article's topics, editors' decisions counted before predictions."""
        return roll_up(
            self.predictions, {paragraph: topics for paragraph, (topics, _) in self.decided.items()}
        )

    @property
    def undecided(self) -> list[Prediction]:
        """What nobody has decided, without furniture; a paragraph that stands twice counts once."""
        judged = [p for p in self.predictions if p.paragraph.furniture is None]
        once = {p.paragraph.id: p for p in judged}
        return [p for id_, p in once.items() if id_ not in self.decided]


def add_text(text: str, name: str, store: Store, model: Model) -> int:
    """Queue a pasted article and return its number.

    Raises:
        InputError: there is no paragraph in it that could be judged.
    """
    return _add([Document(name, (Passage(text),), title=_headline(text))], store, model)


def _headline(text: str) -> str | None:
    """The first line, where it reads like a headline."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return first if 0 < len(first) <= _LONGEST_HEADLINE and first[-1] not in '.!:;,"”' else None


def add_upload(data: bytes, name: str, store: Store, model: Model) -> int:
    """Queue an uploaded file of any known format; return the number of its first article.

    Raises:
        InputError: it cannot be read, or holds no paragraph.
    """
    found = list(read_stream(data, name, ReadOptions(format=format_of(Path(name)))))
    documents = [item for item in found if isinstance(item, Document)]
    if not documents:
        rejects = [item for item in found if isinstance(item, Reject)]
        reason = f" (row {rejects[0].row}: {rejects[0].reason})" if rejects else ""
        raise InputError(f"{name} holds no article{reason}.", "Upload another file.")
    return _add(documents, store, model)


def _add(documents: Sequence[Document], store: Store, model: Model) -> int:
    judged = [p for p in mark(split(documents[0])) if p.furniture is None]
    if not judged:
        raise InputError(
            f"{documents[0].name} has no paragraph to judge.", "Paste or upload a whole article."
        )
    queue_documents(documents, store, model)
    places = store.queue.places(judged[0].id)
    named = [place for place in places if place.name == documents[0].name]
    return (named or places)[-1].article


def tagged_article(
    number: int,
    store: Store,
    model: Model,
    *,
    history: History | None = None,
    rules: Mapping[TopicId, tuple[str, ...]] | None = None,
) -> TaggedArticle | None:
    """An article of the store with today's predictions; None where there is no such number.

    Args:
        number: the store's number of it.
        store: as from :func:`tagger.desk.queue.store_of`.
        model: the model that serves.
        history: how decisions on earlier topics read today; None takes them as they were given.
        rules: phrases that suggest topics beside the model (see :mod:`tagger.desk.rules`).
    """
    article = store.queue.article(number)
    if article is None:
        return None
    ids = {paragraph.id for paragraph in article.paragraphs if paragraph.furniture is None}
    decided, _ = translated(store.latest(ids), history or History())
    return TaggedArticle(
        number=number,
        name=article.name,
        title=article.title,
        source=article.source,
        date=article.date,
        predictions=tuple(ruling(rules or {})(article.paragraphs, model)),
        decided={row.paragraph: (row.topics, row.editor) for row in decided},
    )


def accept_all(
    article: TaggedArticle,
    store: Store,
    editor: str,
    *,
    batch: str,
    taxonomy: Taxonomy,
    changed: Mapping[ParagraphId, Collection[TopicId]] | None = None,
) -> list[Decided]:
    """Accept what is suggested for every undecided paragraph: all or none, one undo for all.

    Args:
        article: as its editor saw it.
        store: as from :func:`tagger.desk.queue.store_of`.
        editor: who accepts.
        batch: names the press: the same batch again records nothing twice.
        taxonomy: today's topics; what was suggested besides them is left out.
        changed: what the editor had turned on for a paragraph, which counts instead.
    """
    changed = changed or {}
    wanted = [
        (p, set(changed.get(p.paragraph.id, (*p.topics, *p.rules)))) for p in article.undecided
    ]
    decisions = [(p, [topic for topic in taxonomy.ids if topic in on]) for p, on in wanted]
    return decide_batch(store, decisions, editor, batch=batch, taxonomy=taxonomy)


def download(
    article: TaggedArticle,
    form: str,
    model: Model,
    taxonomy: Taxonomy,
    automation: Automation | None = None,
) -> bytes:
    """The article's paragraphs as ``csv``, ``jsonl`` or ``parquet``, or it all as ``ninjs``.

    Editors' decisions replace the predicted topics; scores stay the model's. Where an
    ``automation`` says so, the other paragraphs are marked auto, ask or none.
    """
    found = automation.mark(article.predictions) if automation else article.predictions
    rows = [_as_decided(prediction, article) for prediction in found]
    rules = any(row.rules for row in rows)
    if form == "ninjs":
        tags = [(t.topic, t.share, t.confidence, t.editor) for t in article.tags]
        item = ninjs_item(rows, tags, taxonomy, title=article.title)
        return json.dumps(item, ensure_ascii=False, indent=1).encode("utf-8", "replace")
    if form == "parquet":
        return parquet_bytes(rows, model.topics, rules=rules)
    text = io.StringIO()
    kind: Format = "csv" if form == "csv" else "jsonl"
    with open_stream(text, kind, model.topics, rules=rules) as writer:
        for row in rows:
            writer.write(row)
    return text.getvalue().encode("utf-8", "replace")


def _as_decided(prediction: Prediction, article: TaggedArticle) -> Prediction:
    found = article.decided.get(prediction.paragraph.id)
    return replace(prediction, topics=found[0], rules={}, decision=None) if found else prediction
