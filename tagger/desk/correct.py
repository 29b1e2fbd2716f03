"""Editors decide and take back; every press is one row of the log."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.desk.cards import Card, card_of
from tagger.desk.corrections_file import correct_from_file, known_text
from tagger.errors import InputError
from tagger.keeping.store import Decision, Score, Shown, StoreError
from tagger.learning.selection import SECOND_SHARE, chance
from tagger.records import Paragraph, ParagraphId, Prediction, TopicId

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tagger.keeping.store import Correction, Decided, Undone
    from tagger.keeping.store.store import Store
    from tagger.taxonomy import Taxonomy

    Asked = Card | Prediction | Paragraph | str

__all__ = [
    "checked_topics",
    "correct_from_file",
    "decide",
    "decide_batch",
    "describe",
    "describe_decisions",
    "text_of",
    "undo",
]

_QUOTED = 48  # characters of a paragraph that name it


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
    known = _decision(store, asked, given, editor, key)
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
    decisions: Sequence[tuple[Card, Collection[str]]],
    editor: str,
    *,
    batch: str,
    taxonomy: Taxonomy | None = None,
) -> list[Decided]:
    """Record decisions about many cards as one press: all or none; one undo takes back all.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        decisions: cards with the topics that the editor accepts.
        editor: who decides.
        batch: names the press: the same batch again records nothing twice.
        taxonomy: today's topics; None leaves them unchecked.

    Raises:
        InputError: a topic is unknown.
    """
    rows = [
        _decision(
            store,
            card,
            checked_topics(topics, taxonomy) if taxonomy else tuple(map(TopicId, topics)),
            editor,
            f"{batch}/{card.item.paragraph}",
        )
        for card, topics in decisions
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
    return store.undo(editor, sequence, key=key)


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


def describe_decisions(decisions: Sequence[Correction], taxonomy: Taxonomy) -> str:
    """One press in plain words: its first decision, and how many more there are."""
    if not decisions:
        return ""
    first = decisions[0]
    labels = ", ".join(taxonomy.label(topic) for topic in first.topics) or "none of them"
    more = f" and {len(decisions) - 1:,} more" if len(decisions) > 1 else ""
    return f"{labels} for '{_beginning(first.text)}'{more}"


def _beginning(text: str) -> str:
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1].rstrip() + "…"


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


def text_of(store: Store, paragraph: ParagraphId) -> str:
    """The text of a paragraph that was queued or decided.

    Raises:
        InputError: it is neither in the queue nor in the log.
    """
    if (text := known_text(store, paragraph)) is not None:
        return text
    raise InputError(
        f"No paragraph {paragraph} was queued or decided.",
        "Give the full id, as 'tagger queue list' prints it.",
    )


def _decision(
    store: Store, asked: Asked, topics: tuple[TopicId, ...], editor: str, key: str
) -> Decision:
    """The decision with what is known about why it was asked and what was seen."""
    if isinstance(asked, str):
        asked = _held(store, ParagraphId(asked), editor) or asked
    if isinstance(asked, Card):
        seen = Shown(asked.scores, asked.topics, asked.model, asked.hidden)
        item = asked.item
        return Decision(item.paragraph, item.text, topics, editor, key, asked.lane, seen)
    if isinstance(asked, Prediction):
        seen = Shown(asked.scores, asked.topics, asked.model)
        paragraph = asked.paragraph
        return Decision(paragraph.id, paragraph.text, topics, editor, key, "article", seen)
    if isinstance(asked, Paragraph):
        return Decision(asked.id, asked.text, topics, editor, key, "article")
    id_ = ParagraphId(asked)
    return Decision(id_, text_of(store, id_), topics, editor, key, "search")


def _held(store: Store, paragraph: ParagraphId, editor: str) -> Card | None:
    item = store.queue.item(paragraph)
    mine = item is not None and item.paragraph == paragraph and item.leased_by == editor
    return card_of(item) if item is not None and mine else None


def _ask_a_colleague(store: Store, done: Decided) -> None:
    """Put a random share of what was decided first into the lane of second opinions."""
    made = done.correction
    if done.repeated or not done.closed or done.before or made.reason not in {"doubt", "confident"}:
        return
    if chance(made.paragraph, "second") >= SECOND_SHARE:
        return
    # The decision is recorded; that nobody is asked about it again is a small loss.
    with suppress(StoreError):
        item = store.queue.item(made.paragraph)
        if item and item.model:
            again = (item.scores, item.topics, item.model, item.priority, "second")
            store.queue.score([Score(item.paragraph, *again)])
