"""From paragraphs to the article: which topics it is about, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.records import ParagraphId, Prediction, TopicId


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic of one paragraph, or of an article.

    Args:
        topic: which.
        paragraphs: how many paragraphs have it.
        share: of the paragraphs that were judged, from 0 to 1.
        confidence: the highest probability among those; 1 where an editor gave it.
        editor: whether an editor gave it, at least once.
    """

    topic: TopicId
    paragraphs: int
    share: float
    confidence: float
    editor: bool


def roll_up(
    predictions: Sequence[Prediction],
    decided: Mapping[ParagraphId, Sequence[TopicId]] | None = None,
) -> list[Tag]:
    """An article's topics: those that at least one paragraph has, most paragraphs first.

    Args:
        predictions: of all paragraphs; furniture is passed over.
        decided: what editors said of some of them; it replaces the prediction.
    """
    decided = decided or {}
    judged = [p for p in predictions if p.paragraph.furniture is None]
    tags: dict[TopicId, list[tuple[float, bool]]] = {}
    for prediction in judged:
        by_editor = prediction.paragraph.id in decided
        for topic in decided.get(prediction.paragraph.id, prediction.topics):
            sure = 1.0 if by_editor else prediction.scores[topic]
            tags.setdefault(topic, []).append((sure, by_editor))
    found = [
        Tag(
            topic,
            len(given),
            len(given) / len(judged),
            max(sure for sure, _ in given),
            any(by_editor for _, by_editor in given),
        )
        for topic, given in tags.items()
    ]
    return sorted(found, key=lambda tag: (-tag.paragraphs, -tag.confidence))
