"""A model that decides by itself where it is sure enough, and asks an editor elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.operating import sureness
from tagger.learning.rules import hits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.records import Handling, Prediction, TopicId

    Floats = NDArray[np.float64]

READABLE = 0.5
"""With fewer of its words known than this, a paragraph is asked: "none" may only mean "not read".

Of 1,430 English news paragraphs none had less than 0.66 (shipped model, November 2026); a sentence
each of German, French and Spanish had 0.33 to 0.44, one of Ukrainian 0.
"""


@dataclass(frozen=True)
class Automation:
    """A model that decides by itself where it is sure enough.

    Args:
        model: the model.
        cuts: the least sureness for each of its K topics, then for none, shape (K + 1,); infinite
            where an editor is always asked.
        rules: topics that are yet to be learned, with their phrases: where one is met, an editor
            is asked.
    """

    model: Model
    cuts: Floats
    rules: Mapping[TopicId, tuple[str, ...]] = field(default_factory=dict)

    def decide(self, texts: Sequence[str], probabilities: Floats) -> list[Handling]:
        """What becomes of each text; a text the model can hardly read is asked whatever it says.

        Args:
            texts: n of them.
            probabilities: what the model says of them, shape (n, K).
        """
        given = self.model.given(probabilities)
        sure = self._sure(probabilities, given).tolist()
        tagged = np.any(given, axis=1).tolist()
        return [
            ("auto" if has else "none") if by_itself and self._may(text) else "ask"
            for text, by_itself, has in zip(texts, sure, tagged, strict=True)
        ]

    def _sure(self, probabilities: Floats, given: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which rows are sure enough for all they are given, shape (n,)."""
        of_topics = np.where(given, self.cuts[:-1], -np.inf).max(axis=1)
        needed = np.where(given.any(axis=1), of_topics, self.cuts[-1])
        return np.asarray(sureness(probabilities, given) >= needed)

    def _may(self, text: str) -> bool:
        return self.model.knows(text, READABLE) and not hits(self.rules, text)

    def mark(self, predictions: Sequence[Prediction]) -> list[Prediction]:
        """The predictions with what becomes of each paragraph; page furniture stays as it is.

        Asked about is also what something other than the model gave its topics.
        """
        judged = [p for p in predictions if p.paragraph.furniture is None]
        rows = [[p.scores.get(topic, np.nan) for topic in self.model.topics] for p in judged]
        table = np.array(rows).reshape(len(judged), len(self.model.topics))
        decided = self.decide([p.paragraph.text for p in judged], table)
        marked = iter(
            replace(p, decision=one if set(own) == set(p.topics) and not p.rules else "ask")
            for p, one, own in zip(judged, decided, self.model.chosen(table), strict=True)
        )
        return [next(marked) if p.paragraph.furniture is None else p for p in predictions]
