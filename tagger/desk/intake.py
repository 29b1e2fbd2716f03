"""Articles into the queue: read, split, furniture marked, near-copies grouped, scored."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.copies import QueuedCopies
from tagger.desk.scoring import score_queue
from tagger.desk.tag import Tally, surviving
from tagger.desk.tag_job import STDIN
from tagger.furniture import mark
from tagger.keeping.store import Added, Article
from tagger.paragraphs import split
from tagger.reading import ReadOptions, find, read, read_stream
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.keeping.store.store import Store
    from tagger.learning.model import Model
    from tagger.learning.training import Progress

_PARAGRAPHS_AT_ONCE = 500  # handed to the store together; what was handed over is safe


@dataclass(frozen=True, slots=True)
class QueueReport:
    """What became of the inputs: in the queue, and while reading."""

    added: Added
    tally: Tally


def queue_inputs(
    inputs: Sequence[str],
    store: Store,
    model: Model,
    *,
    text_column: str | None = None,
    encoding: str | None = None,
    on_total: Callable[[int], None] = lambda _: None,
    on_file: Callable[[Path], None] = lambda _: None,
    on_reject: Callable[[Reject], None] = lambda _: None,
    progress: Progress | None = None,
) -> QueueReport:
    """Queue the paragraphs of files, folders and patterns, and score them.

    A file or row that cannot be read does not stop the others. Adding the same again changes
    nothing, so an interrupted call is simply repeated.

    Args:
        inputs: as people name them; ``-`` for standard input.
        store: as from :func:`tagger.desk.queue.store_of`.
        model: says how urgent each paragraph is.
        text_column: the column of a table that holds the text.
        encoding: the inputs' encoding where it is not UTF-8.
        on_total: is told how many files there are.
        on_file: is told when one is done.
        on_reject: is handed every row that could not be read.
        progress: is told how far the scoring is.

    Raises:
        InputError: an input matches no file.
        StoreError: the store cannot be written; what was queued before stays.
    """
    tally = Tally()
    options = ReadOptions(text_column, encoding)
    documents = _documents(inputs, options, tally, on_total, on_file, on_reject)
    added = _add(_counted(map(_article, documents), tally), store, QueuedCopies(store))
    score_queue(store, model, progress)
    return QueueReport(added, tally)


def queue_documents(
    documents: Iterable[Document],
    store: Store,
    model: Model,
    *,
    copies: QueuedCopies | None = None,
) -> Added:
    """Queue the paragraphs of documents in memory, pasted or uploaded, and score them.

    Args:
        documents: in the order to keep them.
        store: as from :func:`tagger.desk.queue.store_of`.
        model: says how urgent each paragraph is.
        copies: kept from an earlier call, spares reading the whole queue again.
    """
    added = _add(map(_article, documents), store, copies or QueuedCopies(store))
    score_queue(store, model)
    return added


def _documents(
    inputs: Sequence[str],
    options: ReadOptions,
    tally: Tally,
    on_total: Callable[[int], None],
    on_file: Callable[[Path], None],
    on_reject: Callable[[Reject], None],
) -> Iterator[Document]:
    if STDIN in inputs:
        found = read_stream(sys.stdin.buffer.read(), "stdin", options)
        yield from _readable(found, "stdin", tally, on_reject)
    named = [name for name in inputs if name != STDIN]
    files = find(named) if named else None
    if files is None:
        return
    tally.notes += [files.skipped] if files.skipped else []
    on_total(len(files.files))
    for path in files.files:
        yield from _readable(read(path, options), str(path), tally, on_reject)
        on_file(path)


def _readable(
    found: Iterator[Document | Reject],
    name: str,
    tally: Tally,
    on_reject: Callable[[Reject], None],
) -> Iterator[Document]:
    for item in surviving(found, name, tally):
        if isinstance(item, Document):
            tally.documents += 1
            tally.assume(name, item.notes)
            yield item
        else:
            tally.rejects += 1
            on_reject(item)


def _article(document: Document) -> Article:
    return Article(
        name=_keepable(document.name),
        paragraphs=tuple(mark(split(document))),
        title=document.title and _keepable(document.title),
        date=document.date and _keepable(document.date),
        source=document.source and _keepable(document.source),
    )


def _keepable(name: str) -> str:
    # A file name may hold bytes that are no UTF-8, a cell of a table anything.
    return name.replace("\0", "").encode("utf-8", "replace").decode()


def _counted(articles: Iterable[Article], tally: Tally) -> Iterator[Article]:
    for article in articles:
        reasons = [p.furniture for p in article.paragraphs]
        tally.paragraphs += reasons.count(None)
        tally.furniture.update(reason for reason in reasons if reason is not None)
        yield article


def _add(articles: Iterable[Article], store: Store, copies: QueuedCopies) -> Added:
    added = Added()
    for part in _parts(articles):
        groups = copies.groups(p for article in part for p in article.paragraphs)
        added += store.queue.add(part, groups)
    return added


def _parts(articles: Iterable[Article]) -> Iterator[list[Article]]:
    part: list[Article] = []
    for article in articles:
        part.append(article)
        if sum(len(one.paragraphs) for one in part) >= _PARAGRAPHS_AT_ONCE:
            yield part
            part = []
    if part:
        yield part
