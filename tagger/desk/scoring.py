"""The model's word on what is queued: topics, the lane it waits in, how urgent it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tagger.keeping.store import Score
from tagger.learning.selection import Standing, margins, nearest, select

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.keeping.store.store import Store
    from tagger.learning.model import Model
    from tagger.learning.training import Progress

_TEXTS_AT_ONCE = 200  # scored between two reports of progress
_FRONT = 300  # places at the front of the doubt lane that new paragraphs are put among


def score_queue(store: Store, model: Model, progress: Progress | None = None) -> int:
    """Score everything left that this model has not scored; tell how many that were."""
    unscored = list(store.queue.unscored(model.version))
    if not unscored:
        return 0
    ids = [id_ for id_, _ in unscored]
    probabilities = _probabilities([text for _, text in unscored], model, progress)
    choices = select(ids, probabilities, model.thresholds, _standing(store, model))
    rows = zip(ids, probabilities.tolist(), model.chosen(probabilities), choices, strict=True)
    return store.queue.score(
        Score(
            id_,
            dict(zip(model.topics, scores, strict=True)),
            topics,
            model.version,
            choice.priority,
            choice.lane,
        )
        for id_, scores, topics, choice in rows
    )


def _probabilities(
    texts: Sequence[str], model: Model, progress: Progress | None
) -> NDArray[np.float64]:
    parts = []
    for start in range(0, len(texts), _TEXTS_AT_ONCE):
        parts.append(model.probabilities(texts[start : start + _TEXTS_AT_ONCE]))
        if progress:
            progress("scoring", min(start + _TEXTS_AT_ONCE, len(texts)), len(texts))
    return np.concatenate(parts)


def _standing(store: Store, model: Model) -> Standing:
    """The front of the doubt lane as this model scored it earlier."""
    front = store.queue.items("left", lane="doubt", limit=_FRONT)
    items = [item for item in front if item.model == model.version]
    scores = np.array([[item.scores[topic] for topic in model.topics] for item in items])
    topics, distances = nearest(
        margins(scores.reshape(len(items), len(model.topics)), model.thresholds)
    )
    return Standing(topics, distances, np.array([item.priority for item in items]))
