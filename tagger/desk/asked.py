"""What an editor answers: a card, a paragraph of an article, or a paragraph named by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.desk.cards import AGAIN, Card, card_of
from tagger.desk.wording import beginning
from tagger.errors import InputError
from tagger.keeping.store import Decision, Shown
from tagger.keeping.store.checks import checked_name
from tagger.records import Paragraph, ParagraphId, Prediction

if TYPE_CHECKING:
    from tagger.keeping.store.store import Store
    from tagger.records import TopicId

    Asked = Card | Prediction | Paragraph | str

_SHORTEST = 6  # characters that may stand for an id: among 20,000 ids 1 in 800 shares its first 6
_CANDIDATES = 5  # named where an id's beginning is not enough


def paragraph_of(asked: Asked) -> str:
    """The id of the paragraph, as it was given."""
    if isinstance(asked, Card):
        return asked.item.paragraph
    if isinstance(asked, Prediction):
        return asked.paragraph.id
    return asked.id if isinstance(asked, Paragraph) else asked


def decision_of(
    store: Store, asked: Asked, topics: tuple[TopicId, ...], editor: str, key: str
) -> Decision:
    """The decision with what is known about why it was asked and what was seen.

    Raises:
        InputError: no paragraph, or more than one, has that id.
    """
    text, reason = "", "search"
    if isinstance(asked, str):
        asked, text = find_paragraph(store, asked)
        reason = AGAIN if store.queue.holds(editor, asked) else reason
        asked = _held(store, asked, editor) or asked
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
    return Decision(ParagraphId(asked), text, topics, editor, key, reason)


def _held(store: Store, paragraph: ParagraphId, editor: str) -> Card | None:
    item = store.queue.item(paragraph)
    mine = item is not None and item.paragraph == paragraph and item.leased_by == editor
    return card_of(item) if item is not None and mine else None


def find_paragraph(store: Store, given: str) -> tuple[ParagraphId, str]:
    """The id and text of a paragraph that was queued or decided.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        given: its id, or the beginning of its id where no other one begins so.

    Raises:
        InputError: none begins so, or several do; these are named.
    """
    id_ = ParagraphId(checked_name(given, "paragraph's id"))
    if (text := store.texts([id_]).get(id_)) is not None:
        return id_, text
    found = store.beginning(id_, _CANDIDATES + 1) if len(id_) >= _SHORTEST else {}
    if len(found) == 1:
        return next(iter(found.items()))
    if not found:
        raise InputError(
            f"No paragraph {id_} was queued or decided.",
            f"Give an id as 'tagger queue list' prints it, or its first {_SHORTEST} characters or "
            "more.",
        )
    named = [f"{one} '{beginning(text)}'" for one, text in sorted(found.items())]
    more = " and more" if len(found) > _CANDIDATES else ""
    raise InputError(
        f"Several paragraphs begin with {id_}: {', '.join(named[:_CANDIDATES])}{more}.",
        "Give more characters of the id.",
    )
