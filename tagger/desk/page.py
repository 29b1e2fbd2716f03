"""What an editor is asked next."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING

from tagger.desk import planted
from tagger.desk.again import again
from tagger.desk.cards import AGAIN, PLANTED, Card, card_of
from tagger.desk.models import taxonomy_of
from tagger.desk.scoring import catch_up
from tagger.learning.selection import slots

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tagger.keeping.store.store import Store
    from tagger.learning.model import Model
    from tagger.learning.selection import Slot
    from tagger.records import ParagraphId
    from tagger.settings import Settings

_SKIPPED = 1000  # skipped items known at the end of a queue


def next_up(
    store: Store,
    settings: Settings,
    editor: str,
    *,
    n: int = 20,
    lane: str | None = None,
    model: Model | None = None,
    checks: bool = True,
    passed: Collection[ParagraphId] = (),
) -> list[Card]:
    """Lend an editor the next page, or the one they are at, for ten minutes.

    The page is mixed as :data:`tagger.learning.selection.MIX` says; where a lane has run dry
    others fill its places. What the editor just took back comes first, what they skipped last.
    Working through a page and then asking for the next, or asking again after every decision and
    taking the first card, both keep the mix.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        settings: the desk.
        editor: for whom.
        n: how many cards at most.
        lane: only this lane, without planted checks; no other fills it up. ``again`` holds what
            is asked again because its topics changed; a third of a mixed page is of it.
        model: lets reasons name the doubtful topic and gives planted checks a suggestion, as all
            others have one; without it theirs is hidden.
        checks: whether to mix in planted checks (see :mod:`tagger.desk.planted`); they are no
            items of the queue and can be decided as cards only.
        passed: what the editor skipped that is no item of the queue: planted checks, and what is
            asked again.

    Returns:
        the cards in the order to show them; empty when nothing is left that nobody else holds.
    """
    taxonomy = taxonomy_of(settings)
    catch_up(store, settings, model)
    if lane not in {None, AGAIN}:
        items = store.queue.lease(editor, n, lanes={lane: n}, fill=False)
        return [card_of(item, model=model, taxonomy=taxonomy) for item in items]
    repeated = again(
        store,
        settings,
        editor,
        n if lane == AGAIN else n // 3,
        taxonomy=taxonomy,
        passed=passed,
        model=model,
        only_stored=not checks,
    )
    if lane == AGAIN:
        return repeated
    places = slots(editor, store.count(editor=editor), n)
    pages = [slot.page for slot in places if slot.lane == PLANTED] if checks else []
    found = planted.checks(store, settings, editor, pages, passed=passed, model=model)
    undone = _just_undone(store, editor, n)
    back = planted.taken_back(settings, undone, passed=passed, model=model) if checks else []
    found = {page: card for page, card in found.items() if card.item.paragraph not in undone}
    lanes = Counter[str](slot.lane for slot in places if slot.lane != PLANTED)
    lanes["doubt"] = max(0, lanes["doubt"] - len(repeated))
    others = len(found) + len(back) + len(repeated)
    asked = {card.item.paragraph for card in repeated}  # also where it waits in the queue as well
    leased = store.queue.lease(editor, max(1, n - others), lanes=lanes)
    items = [item for item in leased if item.paragraph not in asked]
    if not items:  # checks alone would be no work
        return [*back, *repeated]
    cards = [card_of(item, model=model, taxonomy=taxonomy) for item in items]
    first = _in_order(undone, [*back, *cards])
    skipped = _skipped(store, editor, n) - undone.keys()
    last = [card for card in cards if card.item.paragraph in skipped]
    rest = [card for card in cards if card not in first + last]
    return [*first, *_arranged(places, _dealt(repeated, rest), found), *last][:n]


def _in_order(undone: Mapping[ParagraphId, str], cards: Sequence[Card]) -> list[Card]:
    """The cards that were just taken back, the last one of them first."""
    return [card for id_ in undone for card in cards if card.item.paragraph == id_]


def _dealt(repeated: Sequence[Card], rest: Sequence[Card]) -> list[Card]:
    """What is asked again among the other cards, one after every two of them."""
    dealt = list(rest)
    for number, card in enumerate(repeated):
        dealt.insert(3 * number, card)
    return dealt


def _arranged(
    places: Sequence[Slot], cards: Sequence[Card], checks: Mapping[int, Card]
) -> list[Card]:
    """Checks and cards in the places of their lanes, then the other cards in the free ones."""
    waiting = list(cards)
    taken: list[Card | None] = []
    for slot in places:
        if slot.lane == PLANTED:
            taken.append(checks.get(slot.page))
            continue
        fitting = next((card for card in waiting if _lane(card) == slot.lane), None)
        if fitting:
            waiting.remove(fitting)
        taken.append(fitting)
    spare = iter(waiting)
    return [card for found in taken if (card := found or next(spare, None))]


def _lane(card: Card) -> str:
    """The lane whose places a card takes."""
    return "doubt" if card.lane == AGAIN else card.lane


def _skipped(store: Store, editor: str, n: int) -> set[ParagraphId]:
    """What the editor skipped, if there may be some of it on the page."""
    now = store.queue.counts(editor)
    if not now.skipped or now.left - now.skipped - now.held >= n:  # enough that is fresh
        return set()
    skipped = store.queue.items("skipped", editor=editor, limit=_SKIPPED)
    return {item.paragraph for item in skipped}


def _just_undone(store: Store, editor: str, n: int) -> dict[ParagraphId, str]:
    """What the editor just took back, and why it had been asked."""
    rows = takewhile(lambda row: row.action == "undo", store.log(editor=editor, limit=n))
    return {row.paragraph: row.reason for row in rows}
