"""Ask again: cards of paragraphs whose topics changed since somebody said what they are about."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from tagger.desk.cards import AGAIN, Card, card_of
from tagger.desk.planted import unqueued
from tagger.desk.translated import translated
from tagger.errors import LabelsError
from tagger.keeping.labeled import read_examples, test_files, train_files
from tagger.keeping.taxonomy_history import history_file, read_history
from tagger.learning.selection import chance
from tagger.paragraphs import clean, paragraph_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from tagger.keeping.store.store import Store
    from tagger.keeping.taxonomy_changes import History
    from tagger.learning.model import Model
    from tagger.records import ParagraphId, TopicId
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Open:
    """A paragraph with the topics that were said of it, and those that were left open.

    ``decided`` tells that an editor said so, not a labelled file.
    """

    text: str
    topics: frozenset[TopicId]
    unsaid: frozenset[TopicId]
    decided: bool


def open_paragraphs(settings: Settings, store: Store) -> dict[ParagraphId, Open]:
    """What has to be asked again; empty where no change of the topics left anything open."""
    history = read_history(settings.labeled)
    if not any(step.kind in {"split", "add", "restore"} for step in history.steps(0)):
        return {}
    rows = store.latest()
    said, unsaid = translated(rows, history)
    settled = {row.paragraph for row in said if row.sequence not in unsaid}
    found = {id_: one for id_, one in _labelled(settings).items() if id_ not in settled}
    return found | {
        row.paragraph: Open(row.text, frozenset(row.topics), unsaid[row.sequence], decided=True)
        for row in said
        if row.sequence in unsaid
    }


def _labelled(settings: Settings) -> Mapping[ParagraphId, Open]:
    files = [*train_files(settings.labeled), *test_files(settings.labeled)]
    marks = [path.stat().st_mtime_ns for path in [*files, history_file(settings.labeled)]]
    return _read(settings.labeled, tuple(files), tuple(marks))


@lru_cache(maxsize=2)
def _read(
    labeled: Path, files: tuple[Path, ...], _changed: tuple[int, ...]
) -> Mapping[ParagraphId, Open]:
    # A broken line is for 'tagger labels check' to tell; editors can go on without it.
    with suppress(LabelsError):
        examples = read_examples(files, history=read_history(labeled))
        return {
            paragraph_id(e.text): Open(clean(e.text), e.topics, e.unsaid, decided=False)
            for e in examples
            if e.unsaid
        }
    return {}


def again(
    store: Store,
    settings: Settings,
    editor: str,
    n: int,
    *,
    taxonomy: Taxonomy,
    passed: Collection[ParagraphId] = (),
    model: Model | None = None,
    only_stored: bool = False,
) -> list[Card]:
    """Lend an editor up to ``n`` cards to ask again, in an order of each editor's own.

    Those that the editor holds already come first; for ten minutes no colleague gets them. A card
    starts from the topics that were said and still are, and from what the model makes of those
    that were left open.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        settings: the desk.
        editor: for whom.
        n: how many at most.
        taxonomy: today's topics.
        passed: those that the editor skipped.
        model: makes the suggestions; None leaves only what was said.
        only_stored: leave out what only a labelled file holds.
    """
    found = _found(settings, store, only_stored=only_stored) if n else {}
    order = sorted(found.keys() - set(passed), key=lambda id_: chance(f"{editor}/{id_}", AGAIN))
    lent = store.queue.lend(editor, order, n) if order else []
    history = read_history(settings.labeled)
    return [_card(store, id_, found[id_], history, taxonomy, model) for id_ in lent]


def still_open(
    store: Store, settings: Settings, n: int, *, taxonomy: Taxonomy, only_stored: bool = False
) -> list[Card]:
    """Up to ``n`` of the cards to ask again, as they stand; nobody is lent anything.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        settings: the desk.
        n: how many at most.
        taxonomy: today's topics.
        only_stored: as for :func:`again`.
    """
    found = _found(settings, store, only_stored=only_stored) if n else {}
    history = read_history(settings.labeled)
    return [_card(store, id_, found[id_], history, taxonomy, None) for id_ in sorted(found)[:n]]


def _found(settings: Settings, store: Store, *, only_stored: bool) -> dict[ParagraphId, Open]:
    asked = open_paragraphs(settings, store)
    return {id_: one for id_, one in asked.items() if one.decided or not only_stored}


def _card(
    store: Store,
    id_: ParagraphId,
    asked: Open,
    history: History,
    taxonomy: Taxonomy,
    model: Model | None,
) -> Card:
    suggested = unqueued(id_, asked.text, AGAIN, model)
    topics = asked.topics | asked.unsaid.intersection(suggested.topics)
    given = {"topics": tuple(topic for topic in taxonomy.ids if topic in topics), "lane": AGAIN}
    item = replace(suggested, **given)  # type: ignore[arg-type]  # two fields of two types
    queued = store.queue.item(id_)
    if queued is not None and queued.paragraph == id_:
        item = replace(queued, scores=item.scores, model=item.model, **given)  # type: ignore[arg-type]  # same
    names = ", ".join(taxonomy.label(topic) for topic in taxonomy.ids if topic in asked.unsaid)
    why = f"Asked again, {history.why_unsaid(asked.unsaid)}: does it have {names}?"
    return replace(card_of(item), reason=why)
