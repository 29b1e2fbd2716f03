"""The card: a paragraph that an editor is asked about, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.wording import sure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.keeping.store import QueueItem
    from tagger.learning.model import Model
    from tagger.records import TopicId, Version
    from tagger.taxonomy import Taxonomy

AUDIT, PLANTED, SECOND, AGAIN = "audit", "planted", "second", "again"
"""The lanes that mean more than how sure the model is; decisions keep them as their reason."""

_REASONS = {
    "": "No model has judged this one yet.",
    "doubt": "The model is in doubt about this one.",
    "confident": "The model is sure of this one: a look for quiet errors.",
    AUDIT: "A random sample that measures the model; its suggestion is covered.",
    PLANTED: "A spot check of the desk itself.",
    SECOND: "A second opinion on what a colleague decided.",
}


@dataclass(frozen=True, slots=True)
class Card:
    """A paragraph that an editor is asked about.

    Args:
        item: its id, text, neighbours (``before``, ``after``), place and number of ``copies``.
        scores: the probability of each topic; empty where no model has judged it.
        topics: the suggested topics; empty means "none of them".
        model: which model said so; None where none did.
        lane: doubt, confident, audit, planted, second, or "" before it is scored.
        reason: why it is asked, in words.
        hidden: whether the suggestion must be covered.
    """

    item: QueueItem
    scores: Mapping[TopicId, float]
    topics: tuple[TopicId, ...]
    model: Version | None
    lane: str
    reason: str
    hidden: bool = False


def card_of(
    item: QueueItem, *, model: Model | None = None, taxonomy: Taxonomy | None = None
) -> Card:
    """A queued item as a card; ``model`` and ``taxonomy`` let its reason name the topic."""
    return Card(
        item=item,
        scores=item.scores,
        topics=item.topics,
        model=item.model,
        lane=item.lane,
        reason=_doubt(item, model, taxonomy) or _REASONS.get(item.lane, item.lane),
        hidden=item.lane == AUDIT or (item.lane == PLANTED and item.model is None),
    )


def _doubt(item: QueueItem, model: Model | None, taxonomy: Taxonomy | None) -> str:
    """Which topic the model is in doubt about; empty where it is not, or was another model."""
    if item.lane != "doubt" or model is None or taxonomy is None or item.model != model.version:
        return ""
    import numpy as np  # noqa: PLC0415 - cards without a model do without

    from tagger.learning.selection import margins, nearest  # noqa: PLC0415 - same

    scores = np.array([[item.scores[topic] for topic in model.topics]])
    number = int(nearest(margins(scores, model.thresholds))[0][0])
    topic, needed = model.topics[number], float(model.thresholds[number])
    return (
        f"The model is in doubt about {taxonomy.label(topic)}: {sure(item.scores[topic])} likely, "
        f"given from {needed:.0%} on."
    )
