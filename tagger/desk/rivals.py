"""The models that a candidate is held against: the one that serves, and the best that served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tagger.desk.models import registry_of
from tagger.desk.serving import objections_on_card
from tagger.errors import ModelError, NoModel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tagger.keeping.registry import Registry
    from tagger.learning.model import Model
    from tagger.records import TopicId, Version
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Rivals:
    """What a candidate has to stand up to.

    Args:
        current: the model that serves; None where none can.
        why_none: the reason for that, in words.
        shared: the topics that it and the candidate know: only these can be compared.
        best: the best of the models that served, where that is another one than the current.
        among: how many it is the best of.
    """

    current: Model | None = None
    why_none: str = ""
    shared: tuple[TopicId, ...] = ()
    best: Model | None = None
    among: int = 1


def find_rivals(settings: Settings, topics: Sequence[TopicId], test_digest: str) -> Rivals:
    """Find them for a candidate.

    Args:
        settings: the desk.
        topics: what the candidate knows.
        test_digest: of the frozen test; figures on another one cannot be compared.
    """
    registry = registry_of(settings)
    try:
        current = registry.load()
    except NoModel:
        return Rivals(why_none="It is the first model.")
    except ModelError as error:  # it cannot serve either, so anything is better
        return Rivals(why_none=error.message)
    shared = tuple(topic for topic in topics if topic in current.topics)
    if not shared:
        return Rivals(why_none=f"Model {current.version} knows none of today's topics.")
    return _with_best(registry, current, shared, test_digest)


def _with_best(
    registry: Registry, current: Model, shared: tuple[TopicId, ...], test_digest: str
) -> Rivals:
    figures = dict(_figures(registry, shared, test_digest))
    for version in sorted(figures, key=lambda version: -figures[version]):
        if version == current.version:
            break
        try:
            best = registry.load(version)
        except ModelError:  # damaged: the next best will do
            continue
        return Rivals(current, "", shared, best, len(figures))
    return Rivals(current, "", shared)


def _figures(
    registry: Registry, topics: Collection[TopicId], test_digest: str
) -> Iterator[tuple[Version, float]]:
    """The mean F1 on the frozen test of those that served, as their cards say.

    The latest come first. They end with one that serves against the gate: somebody who says why
    has set the bar anew.
    """
    for version in reversed(registry.served()):
        try:
            card = registry.card(version)
        except ModelError:  # deleted by hand
            continue
        figure = _figure(card, topics, test_digest)
        if figure is not None:
            yield version, figure
        if objections_on_card(card):
            return


def _figure(card: Mapping[str, Any], topics: Collection[TopicId], digest: str) -> float | None:
    try:
        judged = card["quality"]["test"]["topics"]
        values = [judged[topic]["f1"] or 0.0 for topic in topics]
        return float(sum(values) / len(values)) if card["test"]["digest"] == digest else None
    except (KeyError, TypeError):  # of before tests were recorded, or for other topics
        return None
