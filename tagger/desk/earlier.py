"""What editors said of a text before, or of a near-copy: colleagues should agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.cards import AUDIT, PLANTED, SECOND
from tagger.desk.translated import translated
from tagger.keeping.taxonomy_history import read_history

if TYPE_CHECKING:
    from tagger.desk.cards import Card
    from tagger.desk.copies import DecidedCopies
    from tagger.keeping.store import Correction
    from tagger.keeping.store.store import Store
    from tagger.settings import Settings

_BLIND = frozenset({AUDIT, SECOND, PLANTED})  # asked in order to be judged independently
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Earlier:
    """An editor's latest answer to a card's text or to a near-copy.

    Args:
        answer: the decision, in today's topics.
        same: whether it was this very text.
        differs: whether it contradicts the card's suggestion.
    """

    answer: Correction
    same: bool
    differs: bool


def earlier_answers(
    store: Store, settings: Settings, decided: DecidedCopies, card: Card
) -> tuple[Earlier, ...]:
    """What up to three editors said of the card's text or of near-copies, the latest first.

    Empty for audits, planted checks and second opinions, which are worth something only where
    the editor knows no other answer. Answers to planted checks are never told.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        settings: the desk.
        decided: kept beside the store.
        card: what an editor is about to be asked.

    Raises:
        StoreError: the store cannot be read.
    """
    if card.hidden or card.lane in _BLIND:
        return ()
    rows = store.latest(decided.near(card.item.text), by_editor=True)
    told = [row for row in rows if row.reason != PLANTED]
    if not told:
        return ()
    today, _ = translated(told, read_history(settings.labeled))
    latest = {row.editor: row for row in sorted(today, key=lambda row: row.sequence)}
    newest = sorted(latest.values(), key=lambda row: -row.sequence)[:_SHOWN]
    return tuple(_earlier(row, card) for row in newest)


def _earlier(row: Correction, card: Card) -> Earlier:
    return Earlier(
        row,
        same=row.paragraph == card.item.paragraph,
        differs=card.model is not None and set(row.topics) != set(card.topics),
    )
