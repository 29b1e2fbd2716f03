"""Planted checks: labelled paragraphs among the queued ones, to measure the desk itself."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from tagger.desk.cards import PLANTED, Card, card_of
from tagger.errors import LabelsError
from tagger.keeping.labeled import read_examples, test_file
from tagger.keeping.store import Place, QueueItem
from tagger.keeping.store.slices import slices
from tagger.learning.selection import chance
from tagger.paragraphs import clean, paragraph_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from tagger.keeping.store.store import Store
    from tagger.learning.model import Model
    from tagger.records import ParagraphId, TopicId
    from tagger.settings import Settings

_AT_ONCE = 50  # candidates looked up in the log together


def checks(
    store: Store,
    settings: Settings,
    editor: str,
    pages: Collection[int],
    *,
    passed: Collection[ParagraphId] = (),
    model: Model | None = None,
) -> dict[int, Card]:
    """A check for each of an editor's pages, drawn at random for the editor and the page.

    The same page has the same check until it is answered; no editor who answered one meets it
    again, unless they took the answer back. The answer is not in the card.

    Args:
        store: tells what the editor answered.
        settings: the desk; checks come from its frozen test, none where it has none.
        editor: for whom.
        pages: numbers of the editor's pages.
        passed: those that the editor skipped: their page has no check.
        model: gives each a suggestion, as everything else has one; None covers it.
    """
    texts = _test_texts(settings)
    found: dict[int, Card] = {}
    taken: set[ParagraphId] = set()
    for page in pages:
        unmet = (id_ for id_ in _unanswered(store, editor, page, texts) if id_ not in taken)
        id_ = next(unmet, None)
        if id_ is not None and id_ not in passed:
            taken.add(id_)
            found[page] = card_of(unqueued(id_, texts[id_], PLANTED, model))
    return found


def taken_back(
    settings: Settings,
    undone: Mapping[ParagraphId, str],
    *,
    passed: Collection[ParagraphId] = (),
    model: Model | None = None,
) -> list[Card]:
    """The checks whose answer an editor just took back, to be asked again at once.

    Args:
        settings: the desk.
        undone: what was taken back, and why it had been asked.
        passed: as for :func:`checks`.
        model: as for :func:`checks`.
    """
    texts = _test_texts(settings) if PLANTED in undone.values() else {}
    again = [id_ for id_, reason in undone.items() if reason == PLANTED and id_ not in passed]
    return [card_of(unqueued(id_, texts[id_], PLANTED, model)) for id_ in again if id_ in texts]


def _unanswered(
    store: Store, editor: str, page: int, texts: Mapping[ParagraphId, str]
) -> Iterator[ParagraphId]:
    order = sorted(texts, key=lambda id_: chance(f"{editor}/{page}/{id_}", PLANTED))
    for some in slices(order, _AT_ONCE):
        answers = store.latest(some, by_editor=True)
        answered = {row.paragraph for row in answers if row.editor == editor}
        yield from (id_ for id_ in some if id_ not in answered)


def unqueued(id_: ParagraphId, text: str, lane: str, model: Model | None) -> QueueItem:
    """A paragraph that is in no queue as if it were an item of it."""
    scores, topics = _suggestion(text, model) if model else ({}, ())
    return QueueItem(
        paragraph=id_,
        text=text,
        lane=lane,
        priority=0.0,
        scores=scores,
        topics=topics,
        model=model.version if model else None,
        place=Place(0, "", None, None, None, 0, id_, text),
        before=(),
        after=(),
        copies=0,
        leased_by=None,
        leased_until=None,
        decision=None,
    )


def _suggestion(text: str, model: Model) -> tuple[dict[TopicId, float], tuple[TopicId, ...]]:
    probabilities = model.probabilities([text])
    scores = dict(zip(model.topics, probabilities[0].tolist(), strict=True))
    return scores, model.chosen(probabilities)[0]


def _test_texts(settings: Settings) -> Mapping[ParagraphId, str]:
    path = test_file(settings.labeled)
    with suppress(FileNotFoundError):
        return _texts_of(path, path.stat().st_mtime_ns)
    return {}


@lru_cache(maxsize=4)
def _texts_of(path: Path, _changed: int) -> Mapping[ParagraphId, str]:
    # A broken line is for 'tagger labels check' to tell; editors can go on without checks.
    with suppress(LabelsError):
        return {paragraph_id(e.text): clean(e.text) for e in read_examples([path])}
    return {}
