"""Which model learned a decision first, and what it changed nearby."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagger.desk.models import registry_of
from tagger.errors import ModelError
from tagger.learning.neighbours import near_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.keeping.store import Correction
    from tagger.learning.model import Model
    from tagger.records import ParagraphId, TopicId, Version
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Served:
    """A version that serves or served, its card, and the last row of the log that it saw."""

    version: Version
    last: int
    card: Mapping[str, Any]


def versions_in_service(settings: Settings) -> list[Served]:
    """The versions that were ever promoted and left a card, in the order of the first time."""
    registry, found = registry_of(settings), []
    promoted = [event.version for event in registry.history() if event.action == "promote"]
    for version in dict.fromkeys(promoted):
        try:
            card = registry.card(version)
        except ModelError:  # deleted by hand
            continue
        found.append(Served(version, card.get("corrections", {}).get("last", 0), card))
    return found


def given(model: Model, texts: Sequence[str]) -> list[frozenset[TopicId]]:
    """What a model gives each text."""
    return [frozenset(topics) for topics in model.chosen(model.probabilities(texts))]


def learned_by(
    settings: Settings, served: Sequence[Served], rows: Sequence[Correction]
) -> dict[int, Version]:
    """By the decisions' numbers, the first version that saw them and gave exactly their topics."""
    found: dict[int, Version] = {}
    for one in served:
        pending = [r for r in rows if r.sequence not in found and r.sequence <= one.last]
        if not pending:
            continue
        if pruned := one.card.get("pruned"):  # its files are gone; what they told was kept
            found |= {r.sequence: one.version for r in pending if r.sequence in pruned["learned"]}
            continue
        try:
            model = registry_of(settings).load(one.version)
        except ModelError:  # damaged: the others can still tell
            continue
        gives = given(model, [row.text for row in pending])
        exact = (r for r, g in zip(pending, gives, strict=True) if g == frozenset(r.topics))
        found |= {row.sequence: one.version for row in exact}
    return found


def moved_neighbours(
    model: Model,
    served: Sequence[Served],
    rows: Sequence[Correction],
    texts: Mapping[ParagraphId, str],
) -> dict[int, int]:
    """By the decisions' numbers, how many near neighbours changed tag with the first that saw them.

    Args:
        model: tells what is near.
        served: as from :func:`versions_in_service`.
        rows: the decisions.
        texts: the stored paragraphs.
    """
    found: dict[int, int] = {}
    before = 0
    for one in served:
        fresh = [row for row in rows if before < row.sequence <= one.last]
        before = max(before, one.last)
        flipped = [id_ for id_ in one.card.get("flips", {}).get("paragraphs", {}) if id_ in texts]
        near = near_pairs(model, [r.text for r in fresh], [texts[id_] for id_ in flipped])
        for row, hits in zip(fresh, near.tolist(), strict=True):
            others = [id_ != row.paragraph for id_ in flipped]
            found[row.sequence] = sum(map(bool.__and__, hits, others))
    return found
