"""The model's word on what is queued: topics, the lane it waits in, how urgent it is."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from tagger.desk.models import load_model, registry_of
from tagger.desk.steps import in_steps
from tagger.errors import ModelError
from tagger.keeping.store import Score
from tagger.learning.selection import select, typicality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tagger.keeping.store.store import Store
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.settings import Settings

_SAMPLE = 300  # texts that tell what is typical of the queue
_CATCH_UP = 200  # scored while an editor waits for a page, some 0.1 s


def score_queue(
    store: Store, model: Model, progress: Progress | None = None, *, most: int | None = None
) -> int:
    """Score what is left that this model has not scored; tell how many that were.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        model: the model that serves.
        progress: is told how far it is.
        most: stop after so many.
    """
    unscored = list(islice(store.queue.unscored(model.version), most))
    if not unscored:
        return 0
    ids = [id_ for id_, _ in unscored]
    texts = [text for _, text in unscored]
    probabilities = _probabilities(texts, model, progress)
    typical = typicality(model, texts, _sample(store, texts))
    choices = select(ids, probabilities, model.thresholds, typical)
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


def catch_up(store: Store, settings: Settings, model: Model | None = None) -> int:
    """Score a few of the items that another model than the one that serves has scored.

    Whoever lets a model serve rescores the queue too (see :mod:`tagger.desk.serving`); this mends
    what was interrupted there, some at every page that an editor asks for. Where there is nothing
    to mend it costs one look at the queue.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        settings: the desk.
        model: spares loading it, if it is still the one that serves.
    """
    try:
        current = registry_of(settings).current()
        if current is None or next(store.queue.unscored(current), None) is None:
            return 0
        if model is None or model.version != current:
            model = load_model(settings)
    except ModelError:  # none can serve: editors go on with what was said before
        return 0
    return score_queue(store, model, most=_CATCH_UP)


def _probabilities(
    texts: Sequence[str], model: Model, progress: Progress | None
) -> NDArray[np.float64]:
    parts = [model.probabilities(some) for some in in_steps(texts, "scoring", progress)]
    return np.concatenate(parts)


def _sample(store: Store, fresh: Sequence[str]) -> list[str]:
    """Some of what waits, to tell what is typical of it: new texts, doubtful and sure ones."""
    waiting = [
        item.text
        for lane in ("doubt", "confident")
        for item in store.queue.items("left", lane=lane, limit=_SAMPLE // 3)
    ]
    step = max(1, len(fresh) // (_SAMPLE - len(waiting)))
    return [*waiting, *fresh[::step]]
