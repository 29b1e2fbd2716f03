"""Editors decide and take back; every press is one row of the log."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.desk.asked import decision_of, find_paragraph, paragraph_of
from tagger.desk.cards import SECOND
from tagger.desk.corrections_file import correct_from_file
from tagger.desk.wording import beginning
from tagger.errors import InputError
from tagger.keeping.store import Score, StoreError
from tagger.learning.selection import SECOND_SHARE, chance
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagger.desk.asked import Asked
    from tagger.keeping.store import Correction, Decided, Shown, Undone
    from tagger.keeping.store.store import Store
    from tagger.taxonomy import Taxonomy

__all__ = [
    "checked_topics",
    "correct_from_file",
    "decide",
    "decide_batch",
    "describe",
    "describe_decisions",
    "find_paragraph",
    "undo",
]


def decide(
    store: Store,
    asked: Asked,
    topics: Collection[str],
    editor: str,
    *,
    key: str,
    taxonomy: Taxonomy,
    seconds: float | None = None,
    shown: Shown | None = None,
    reason: str | None = None,
) -> Decided:
    """Record an editor's decision about a paragraph, and close its item in the queue.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        asked: the card; or a prediction or paragraph of an article; or a paragraph's id, which
            stands for its card where the editor holds it (see :func:`next_up`).
        topics: what the editor says; empty means "none of them".
        editor: who decides.
        key: names this press: the same key again records nothing, and says so.
        taxonomy: today's topics.
        seconds: how long the editor took.
        shown: what the editor saw; None for what the card or prediction says.
        reason: why it was asked; None for the card's lane, else ``article`` or ``search``.

    Raises:
        InputError: a topic or the paragraph is unknown, or the key belongs to another decision.
    """
    given = checked_topics(topics, taxonomy)
    known = decision_of(store, asked, given, editor, key)
    done = store.decide(
        replace(
            known,
            reason=known.reason if reason is None else reason,
            shown=shown or known.shown,
            seconds=seconds,
        )
    )
    _ask_a_colleague(store, done)
    return done


def decide_batch(
    store: Store,
    decisions: Sequence[tuple[Asked, Collection[str]]],
    editor: str,
    *,
    batch: str,
    taxonomy: Taxonomy | None = None,
) -> list[Decided]:
    """Record many decisions as one press: all or none; one undo takes back all.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        decisions: what was asked, as in :func:`decide`, with the topics that the editor accepts.
        editor: who decides.
        batch: names the press: the same batch again records nothing twice.
        taxonomy: today's topics; None leaves them unchecked.

    Raises:
        InputError: a topic is unknown.
    """
    rows = [
        decision_of(
            store,
            asked,
            checked_topics(topics, taxonomy) if taxonomy else tuple(map(TopicId, topics)),
            editor,
            f"{batch}/{paragraph_of(asked)}",
        )
        for asked, topics in decisions
    ]
    done = store.decide_many(rows, batch)
    for one in done:
        _ask_a_colleague(store, one)
    return done


def undo(store: Store, editor: str, sequence: int | None = None, *, key: str) -> Undone:
    """Take back an editor's last press with its whole batch, or the decision of that number.

    The ``status`` of the answer tells whether that was possible; :func:`describe` words it.

    Raises:
        InputError: the key was used for something else.
    """
    done = store.undo(editor, sequence, key=key)
    if done.status == "undone":
        _ask_nobody_else(store, done)
    return done


def describe(undone: Undone, taxonomy: Taxonomy) -> str:
    """What an undo did, in plain words: "Undid: Battlefield for 'The brigade held…'"."""
    first = undone.decisions[0] if undone.decisions else None
    if undone.status in {"undone", "repeated"}:
        return f"Undid: {describe_decisions(undone.decisions, taxonomy)}"
    if undone.status == "already" and first:
        return f"Decision {first.sequence} was taken back before."
    if undone.status == "not_yours" and first:
        return f"Decision {first.sequence} is {first.editor}'s, who alone can take it back."
    if undone.status == "nothing":
        return "There is nothing to undo: none of your decisions is left."
    return "No decision has that number."


def describe_decisions(
    decisions: Sequence[Correction], taxonomy: Taxonomy, size: int | None = None
) -> str:
    """One press in plain words: its first decision, and how many more there are.

    Args:
        decisions: in order.
        taxonomy: today's topics.
        size: how many they are where only the first is given.
    """
    if not decisions:
        return ""
    size = size or len(decisions)
    first = decisions[0]
    labels = ", ".join(taxonomy.label(topic) for topic in first.topics) or "none of them"
    more = f" and {size - 1:,} more" if size > 1 else ""
    return f"{labels} for '{beginning(first.text)}'{more}"


def checked_topics(topics: Collection[str], taxonomy: Taxonomy) -> tuple[TopicId, ...]:
    """The topics in the taxonomy's order.

    Raises:
        InputError: one is unknown; the known ones are named.
    """
    if unknown := sorted(set(topics) - set(taxonomy.ids)):
        raise InputError(
            f"Unknown topic: {', '.join(unknown)}.",
            f"Choose among {', '.join(taxonomy.ids)}, or say 'none' for none of them.",
        )
    return tuple(topic for topic in taxonomy.ids if topic in topics)


def _ask_a_colleague(store: Store, done: Decided) -> None:
    """Put a random share of what was decided first into the lane of second opinions."""
    made = done.correction
    if done.repeated or not done.closed or done.before or made.reason not in {"doubt", "confident"}:
        return
    if chance(made.paragraph, SECOND) >= SECOND_SHARE:
        return
    # The decision is recorded; that nobody is asked about it again is a small loss.
    with suppress(StoreError):
        item = store.queue.item(made.paragraph)
        if item and item.model:
            again = (item.scores, item.topics, item.model, item.priority, SECOND)
            store.queue.score([Score(item.paragraph, *again)])


def _ask_nobody_else(store: Store, done: Undone) -> None:
    """Put what is open again back where it was asked: there is no first opinion any more."""
    for made in done.decisions:
        if made.paragraph in done.reopened and made.reason in {"doubt", "confident"}:
            with suppress(StoreError):
                item = store.queue.item(made.paragraph)
                if item and item.model and item.lane == SECOND:
                    back = (item.scores, item.topics, item.model, item.priority, made.reason)
                    store.queue.score([Score(item.paragraph, *back)])
