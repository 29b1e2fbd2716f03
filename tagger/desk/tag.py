"""Tag articles: read, split, set furniture aside, give every paragraph its topics."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagger.errors import TaggerError
from tagger.furniture import mark
from tagger.paragraphs import split
from tagger.reading import ReadOptions, read, read_stream
from tagger.records import Document, Prediction, Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.learning.model import Model
    from tagger.records import Paragraph

_READABLE = 0.2  # of the words; English news has 0.9, Ukrainian or Russian text nearly none


@dataclass
class Tally:
    """What happened while tagging, for the closing words of a command.

    Args:
        documents: how many were read.
        paragraphs: how many were judged.
        topics: how many paragraphs got each topic; ``none`` counts those that got none.
        furniture: how many paragraphs were set aside, by reason.
        rejects: how many rows could not be read.
        failures: the files that could not be read, with their errors.
        notes: what was passed over.
        assumed: in how many documents of a file something had to be assumed: (file, what).
    """

    documents: int = 0
    paragraphs: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    furniture: Counter[str] = field(default_factory=Counter)
    rejects: int = 0
    failures: list[tuple[str, TaggerError]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    assumed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def assume(self, file: str, notes: Iterable[str]) -> None:
        """Count what was assumed about one document of a file."""
        self.assumed.update((file, note) for note in notes)

    @property
    def all_notes(self) -> list[str]:
        """Everything a person should know, each thing once a file."""
        told = [
            f"{file}: {note}" + (f" ({count:,} documents)" if count > 1 else "")
            for (file, note), count in self.assumed.items()
        ]
        return [*self.notes, *told]

    @property
    def clean(self) -> bool:
        """Whether everything that was given could be read."""
        return not self.rejects and not self.failures


def tag_files(
    paths: Sequence[Path],
    model: Model,
    *,
    options: ReadOptions | None = None,
    tally: Tally | None = None,
    on_reject: Callable[[Reject], None] | None = None,
    on_file: Callable[[Path], None] | None = None,
) -> Iterator[Prediction]:
    """Tag the paragraphs of many files; one that cannot be read does not stop the others.

    Args:
        paths: files of any known format.
        model: as from :func:`tagger.desk.models.load_model`.
        options: how to read.
        tally: is filled in on the way.
        on_reject: is handed every row that could not be read.
        on_file: is told when a file is done.

    Yields:
        Predictions in reading order, furniture included (with its reason and no topics).
    """
    tally = Tally() if tally is None else tally
    for path in paths:
        found = read(path, options or ReadOptions())
        yield from _tag(surviving(found, str(path), tally), str(path), model, tally, on_reject)
        if on_file:
            on_file(path)


def tag_stream(
    data: bytes,
    name: str,
    model: Model,
    *,
    options: ReadOptions | None = None,
    tally: Tally | None = None,
    on_reject: Callable[[Reject], None] | None = None,
) -> Iterator[Prediction]:
    """Tag what came through a pipe; as :func:`tag_files`."""
    tally = Tally() if tally is None else tally
    found = read_stream(data, name, options or ReadOptions())
    yield from _tag(surviving(found, name, tally), name, model, tally, on_reject)


def tag_document(document: Document, model: Model) -> list[Prediction]:
    """Tag one document in memory: every paragraph, furniture included."""
    return predict(mark(split(document)), model)


def predict(paragraphs: Sequence[Paragraph], model: Model) -> list[Prediction]:
    """Give every paragraph that is no furniture its topics and probabilities."""
    judged = [paragraph for paragraph in paragraphs if paragraph.furniture is None]
    probabilities = model.probabilities(paragraph.text for paragraph in judged)
    rows = dict(zip((p.index for p in judged), probabilities, strict=True))
    topics = dict(zip(rows, model.chosen(probabilities), strict=True))
    return [
        Prediction(
            paragraph,
            topics.get(paragraph.index, ()),
            dict(zip(model.topics, rows[paragraph.index].tolist(), strict=True))
            if paragraph.index in rows
            else {},
            model.version,
        )
        for paragraph in paragraphs
    ]


def surviving(
    found: Iterable[Document | Reject], name: str, tally: Tally
) -> Iterator[Document | Reject]:
    """What could be read of a file; the error that ended it goes to the tally."""
    try:
        yield from found
    except TaggerError as error:
        tally.failures.append((name, error))


def _tag(
    found: Iterable[Document | Reject],
    file: str,
    model: Model,
    tally: Tally,
    on_reject: Callable[[Reject], None] | None,
) -> Iterator[Prediction]:
    for item in found:
        if isinstance(item, Reject):
            tally.rejects += 1
            if on_reject:
                on_reject(item)
            continue
        tally.documents += 1
        predictions = tag_document(item, model)
        tally.assume(file, [*item.notes, *_strange(predictions, model)])
        for prediction in predictions:
            _count(prediction, tally)
            yield prediction


def _strange(predictions: Sequence[Prediction], model: Model) -> Iterator[str]:
    """Say so where "none of them" only means that the model cannot read the document."""
    text = " ".join(p.paragraph.text for p in predictions if p.paragraph.furniture is None)
    if text and not any(p.topics for p in predictions) and model.known_share(text) < _READABLE:
        yield "the model knows hardly a word of it (another language?); do not rely on its answers"


def _count(prediction: Prediction, tally: Tally) -> None:
    if prediction.paragraph.furniture is not None:
        tally.furniture[prediction.paragraph.furniture] += 1
        return
    tally.paragraphs += 1
    tally.topics.update(prediction.topics or ("none",))
