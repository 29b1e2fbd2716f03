"""Say why a text gets a topic, or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.learning.explanation import Explanation, explain

if TYPE_CHECKING:
    from tagger.learning.model import Model
    from tagger.records import Prediction


def explain_text(text: str, model: Model) -> list[Explanation]:
    """Take every topic's score for a text apart, most probable topic first."""
    return sorted(explain(model, text), key=lambda explanation: -explanation.probability)


def explain_prediction(prediction: Prediction, model: Model) -> list[Explanation]:
    """Explain the topics a paragraph got or, where it got none, the nearest one."""
    if prediction.paragraph.furniture is not None:
        return []
    found = explain_text(prediction.paragraph.text, model)
    return [e for e in found if e.topic in prediction.topics] or found[:1]
