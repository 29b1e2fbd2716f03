"""A judge that also says what becomes of each paragraph: by itself, or asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.batch.tagging import Judge, predict
from tagger.learning.automation import Automation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.learning.model import Model
    from tagger.records import Paragraph, Prediction


@dataclass(frozen=True, slots=True)
class Deciding:
    """Gives topics as ``judge`` does, and a decision; other processes can be handed one.

    Args:
        cuts: as of :class:`tagger.learning.automation.Automation`.
        judge: gives the topics.
    """

    cuts: tuple[float, ...]
    judge: Judge = predict

    def __call__(self, paragraphs: Sequence[Paragraph], model: Model) -> list[Prediction]:
        """One prediction a paragraph, in order, marked auto, ask or none."""
        automation = Automation(model, np.array(self.cuts))
        return automation.mark(self.judge(paragraphs, model))


def deciding(automation: Automation | None, judge: Judge = predict) -> Judge:
    """The judge of a desk; without an automation the paragraphs get topics only."""
    return judge if automation is None else Deciding(tuple(automation.cuts.tolist()), judge)
