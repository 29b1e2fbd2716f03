"""What becomes of labelled paragraphs where a model decides by itself: work saved, and errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tagger.learning.proportions import Share, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.learning.automation import Automation

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Workload:
    """What labelled paragraphs would have come to, had the model decided by itself.

    Args:
        n: how many there are.
        tagged: of those tagged by itself, how many exactly right.
        none: the same of those that got none of the topics by itself.
        topics: of those tagged by itself with a topic, how many exactly right.
    """

    n: int
    tagged: Share
    none: Share
    topics: dict[str, Share]

    @property
    def by_itself(self) -> Share:
        """All that would not have been asked."""
        return share(self.tagged.right + self.none.right, self.tagged.of + self.none.of)

    @property
    def asked(self) -> int:
        """How many editors would have been asked about."""
        return self.n - self.tagged.of - self.none.of


def workload(
    automation: Automation, texts: Sequence[str], probabilities: Floats, truth: Truth
) -> Workload:
    """What would have become of labelled texts.

    Args:
        automation: decides.
        texts: n of them.
        probabilities: what its model says of them, shape (n, K).
        truth: shape (n, K).
    """
    decided = np.array(automation.decide(texts, probabilities), np.str_)
    given = automation.model.given(probabilities)
    right = np.asarray((given == truth).all(axis=1))
    tagged = decided == "auto"
    return Workload(
        n=len(truth),
        tagged=_share(right, tagged),
        none=_share(right, decided == "none"),
        topics={
            topic: _share(right, tagged & has)
            for topic, has in zip(automation.model.topics, given.T, strict=True)
        },
    )


def _share(right: Truth, rows: Truth) -> Share:
    return share(int((right & rows).sum()), int(rows.sum()))
