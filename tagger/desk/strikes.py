"""The verbs of struck words: strike one that says nothing about a topic, restore it, list them.

A strike is kept as a decision is: who, when and why, in a log that only grows. The next retrain
honours it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.desk.decisions import has_store
from tagger.desk.models import known_of, taxonomy_of
from tagger.desk.queue import store_of
from tagger.desk.struck import Struck, standing, struck, with_states
from tagger.errors import InputError
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.strikes import read_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.keeping.store import Strike
    from tagger.keeping.store.store import Store
    from tagger.records import Version
    from tagger.settings import Settings


def may_be_struck(word: str) -> bool:
    """Whether a word of a text is a single one to the model."""
    try:
        return bool(read_word(word))
    except InputError:
        return False


def strike(
    store: Store, settings: Settings, word: str, topic: str, editor: str, *, why: str = ""
) -> tuple[Struck, bool]:
    """Say that a word tells nothing about a topic; False where somebody has said so before.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        settings: the desk.
        word: as typed.
        topic: one of today's.
        editor: who says so.
        why: may be empty.

    Raises:
        InputError: it is no single word, or the topic is unknown.
    """
    read, topics = read_word(word), taxonomy_of(settings).ids
    if topic not in topics:
        raise InputError(f"Unknown topic: {topic}.", f"Choose among {', '.join(topics)}.")
    rows = store.strikes.log()
    for one in standing(rows, read_history(settings.labeled), topics):
        if (one.word, one.topic) == (read, topic) and not one.ended:
            return one, False
    seen = rows[-1].sequence if rows else 0
    row, new = store.strikes.strike(read, topic, editor, why.strip(), seen=seen)
    return struck(row, row.topic), new


def restore(
    store: Store, settings: Settings, word: str, topic: str, editor: str, *, why: str = ""
) -> Struck:
    """Take a strike back, whoever made it.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        settings: the desk.
        word: as typed.
        topic: one of today's, or the one that it was struck for.
        editor: who takes it back.
        why: may be empty.

    Raises:
        InputError: the word is not struck for the topic.
    """
    read, rows = read_word(word), store.strikes.log()
    named = {row.sequence for row in rows if row.topic == topic}
    stand = standing(rows, read_history(settings.labeled), taxonomy_of(settings).ids)
    own = [one for one in stand if one.word == read]
    found = {one.sequence for one in own if one.topic == topic or one.sequence in named}
    if not found:
        raise InputError(
            f"'{read}' is not struck for {topic}.", "'tagger words list' names what is."
        )
    done = [store.strikes.restore(number, editor, why.strip())[0] for number in sorted(found)]
    return struck(done[-1], done[-1].topic, "restored")


def struck_words(
    settings: Settings, version: Version | None = None, store: Store | None = None
) -> tuple[Struck, ...]:
    """The words struck on the desk, each with what a model makes of it.

    Args:
        settings: the desk.
        version: the model; None for the one that serves.
        store: the desk's, where it is open already.

    Raises:
        StoreError: the store cannot be read.
    """
    rows = _rows(settings) if store is None else store.strikes.log()
    past, topics = read_history(settings.labeled), taxonomy_of(settings).ids
    return with_states(rows, past, topics, known_of(settings, version))


def _rows(settings: Settings) -> Sequence[Strike]:
    if not has_store(settings):
        return ()
    with store_of(settings) as store:
        return store.strikes.log()
