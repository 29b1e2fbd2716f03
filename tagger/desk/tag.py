"""Tag articles in memory: read, split, set furniture aside, give every paragraph its topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.batch.tagging import predict, tag_block
from tagger.batch.tally import Tally
from tagger.errors import TaggerError
from tagger.reading import ReadOptions, read, read_stream
from tagger.records import Document, Prediction, Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.batch.tagging import Judge
    from tagger.learning.model import Model

__all__ = ["Tally", "predict", "surviving", "tag_document", "tag_files", "tag_stream"]


def tag_files(
    paths: Sequence[Path],
    model: Model,
    *,
    options: ReadOptions | None = None,
    tally: Tally | None = None,
    on_reject: Callable[[Reject], None] | None = None,
    on_file: Callable[[Path], None] | None = None,
    judge: Judge = predict,
) -> Iterator[Prediction]:
    """Tag the paragraphs of many files; one that cannot be read does not stop the others.

    Args:
        paths: files of any known format.
        model: as from :func:`tagger.desk.models.load_model`.
        options: how to read.
        tally: is filled in on the way.
        on_reject: is handed every row that could not be read.
        on_file: is told when a file is done.
        judge: gives the topics.

    Yields:
        Predictions in reading order, furniture included (with its reason and no topics).
    """
    tally = Tally() if tally is None else tally
    for path in paths:
        found = read(path, options or ReadOptions())
        readable = surviving(found, str(path), tally)
        yield from _tag(readable, str(path), model, tally, on_reject, judge)
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
    judge: Judge = predict,
) -> Iterator[Prediction]:
    """Tag what came through a pipe; as :func:`tag_files`."""
    tally = Tally() if tally is None else tally
    found = read_stream(data, name, options or ReadOptions())
    yield from _tag(surviving(found, name, tally), name, model, tally, on_reject, judge)


def tag_document(document: Document, model: Model, judge: Judge = predict) -> list[Prediction]:
    """Tag one document in memory: every paragraph, furniture included."""
    return list(tag_block([(document.name, document)], model, Tally(), judge))


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
    judge: Judge,
) -> Iterator[Prediction]:
    for item in found:
        if isinstance(item, Document):
            yield from tag_block([(file, item)], model, tally, judge)
            continue
        tally.rejects += 1
        if on_reject:
            on_reject(item)
