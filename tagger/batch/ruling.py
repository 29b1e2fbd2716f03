"""A judge that also says where a phrase suggests a topic that the model has yet to learn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.batch.deciding import Deciding
from tagger.batch.tagging import Judge, predict
from tagger.learning.rules import hits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.learning.model import Model
    from tagger.records import Paragraph, Prediction, TopicId


@dataclass(frozen=True, slots=True)
class Ruling:
    """Gives topics as ``judge`` does, and beside them what rules suggest.

    Args:
        rules: topics with their phrases.
        judge: gives the topics.
    """

    rules: tuple[tuple[TopicId, tuple[str, ...]], ...]
    judge: Judge = predict

    def __call__(self, paragraphs: Sequence[Paragraph], model: Model) -> list[Prediction]:
        """One prediction a paragraph, in order; page furniture is suggested nothing."""
        return [self._with_rules(one) for one in self.judge(paragraphs, model)]

    def _with_rules(self, prediction: Prediction) -> Prediction:
        if prediction.paragraph.furniture is not None:
            return prediction
        found = hits(dict(self.rules), prediction.paragraph.text)
        return replace(prediction, rules=found) if found else prediction


def ruling(rules: Mapping[TopicId, tuple[str, ...]], judge: Judge = predict) -> Judge:
    """The judge of a desk; without rules the paragraphs get the model's topics only."""
    return Ruling(tuple(rules.items()), judge) if rules else judge


def has_rules(judge: Judge) -> bool:
    """Whether a judge may suggest a topic by rule."""
    inner = judge.judge if isinstance(judge, Deciding) else judge
    return isinstance(inner, Ruling)
