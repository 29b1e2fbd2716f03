"""Which stored paragraphs a new model would tag otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.desk.steps import in_steps
from tagger.keeping.store import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tagger.desk.decisions import Decisions
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.records import ParagraphId, TopicId
    from tagger.settings import Settings

    Floats = NDArray[np.float64]

_KEPT = 2000  # flips that a card names; more than these nobody reads or counts by


@dataclass(frozen=True, slots=True)
class Flip:
    """A paragraph whose tag changes from ``before`` to ``after``, topics in the desk's order.

    ``decided`` is what editors said of it, None where nobody was asked; ``moved`` is how far the
    probability moved that moved farthest.
    """

    paragraph: ParagraphId
    text: str
    before: tuple[TopicId, ...]
    after: tuple[TopicId, ...]
    decided: frozenset[TopicId] | None
    moved: float

    @property
    def against_editors(self) -> bool:
        """Whether the change leaves what editors said."""
        return self.decided == frozenset(self.before)


def stored_texts(settings: Settings, decisions: Decisions | None) -> dict[ParagraphId, str]:
    """The paragraphs of the store, queued or decided, each once."""
    if decisions is None:
        return {}
    with open_store(settings.database) as store:
        queued = dict(store.queue.unscored())
    return queued | {row.paragraph: row.text for row in decisions.rows}


def find_flips(
    texts: Mapping[ParagraphId, str],
    decisions: Decisions | None,
    current: Model,
    candidate: Model,
    progress: Progress,
) -> tuple[Flip, ...]:
    """Those that change tag: first those against the editors, then the farthest moved.

    Args:
        texts: as from :func:`stored_texts`.
        decisions: tell what editors said.
        current: serves now.
        candidate: may serve next; its topics may be others.
        progress: is told how far the scoring is.
    """
    decided = {row.paragraph: frozenset(row.topics) for row in decisions.rows} if decisions else {}
    found: list[Flip] = []
    for some in in_steps(list(texts.items()), "comparing tags", progress):
        found += _flips_among(some, decided, current, candidate)
    return tuple(sorted(found, key=lambda flip: (not flip.against_editors, -flip.moved)))


def _flips_among(
    named: Sequence[tuple[ParagraphId, str]],
    decided: Mapping[ParagraphId, frozenset[TopicId]],
    current: Model,
    candidate: Model,
) -> list[Flip]:
    texts = [text for _, text in named]
    topics = (*candidate.topics, *(t for t in current.topics if t not in candidate.topics))
    (old, was), (new, becomes) = judged(current, texts, topics), judged(candidate, texts, topics)
    moved = np.abs(new - old).max(axis=1)
    return [
        Flip(
            paragraph=named[row][0],
            text=named[row][1],
            before=_named(was[row], topics),
            after=_named(becomes[row], topics),
            decided=decided.get(named[row][0]),
            moved=float(moved[row]),
        )
        for row in np.flatnonzero((was != becomes).any(axis=1)).tolist()
    ]


def judged(
    model: Model, texts: Sequence[str], topics: Sequence[TopicId]
) -> tuple[Floats, NDArray[np.bool_]]:
    """A model's probabilities and what it gives, columns in the order of ``topics``.

    A topic that it does not know has the probability 0 and is never given.
    """
    known = [k for k, topic in enumerate(topics) if topic in model.topics]
    columns = [model.topics.index(topics[k]) for k in known]
    probabilities = np.zeros((len(texts), len(topics)))
    given = np.zeros(probabilities.shape, bool)
    own = model.probabilities(texts)
    probabilities[:, known] = own[:, columns]
    given[:, known] = model.given(own)[:, columns]
    return probabilities, given


def _named(row: NDArray[np.bool_], topics: Sequence[TopicId]) -> tuple[TopicId, ...]:
    return tuple(topic for topic, given in zip(topics, row, strict=True) if given)


def flips_on_card(flips: Sequence[Flip], stored: int) -> dict[str, Any]:
    """What a model's card keeps: how many of how many change, and the first of them by id."""
    named = {flip.paragraph: [list(flip.before), list(flip.after)] for flip in flips[:_KEPT]}
    return {"stored": stored, "changed": len(flips), "paragraphs": named}
