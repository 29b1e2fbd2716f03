"""The models that a candidate is held against: the one that serves, and the best that served."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from tagger.desk.models import registry_of
from tagger.desk.serving import objections_on_card
from tagger.errors import ModelError, NoModel
from tagger.keeping.history import served_up_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from tagger.keeping.registry import Registry
    from tagger.learning.model import Model
    from tagger.records import TopicId, Version
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class Rivals:
    """What a candidate has to stand up to.

    Args:
        current: the model that serves or, where that is damaged, the best sound one that served;
            None where there is neither.
        note: why there is none, or why another one stands in for the model that serves.
        shared: the topics that it and the candidate know: only these can be compared.
        best: the best of the models that served, where that is another one than the current.
        among: how many the best, or the one that stands in, is the best of.
        follows: the version that the candidate would follow, damaged or not.
        damaged: whether the model that serves is damaged.
    """

    current: Model | None = None
    note: str = ""
    shared: tuple[TopicId, ...] = ()
    best: Model | None = None
    among: int = 1
    follows: Version | None = None
    damaged: bool = False


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
    except ModelError as error:
        served = _served(registry)
        if isinstance(error, NoModel) and not served:
            return Rivals(note="It is the first model.")
        return _standing_in(registry, served, topics, test_digest, error.message)
    if not (shared := _shared(topics, current)):
        return Rivals(note=f"Model {current.version} knows none of today's topics.")
    return _with_best(registry, current, shared, test_digest)


def _shared(topics: Iterable[TopicId], rival: Model) -> tuple[TopicId, ...]:
    return tuple(topic for topic in topics if topic in rival.topics)


def _served(registry: Registry) -> list[Version]:
    """The versions that served, the last one last, also where ``current`` cannot be read."""
    events = registry.history()
    last = [event.version for event in events if event.action in {"promote", "rollback"}][-1:]
    return _up_to_current(registry) or served_up_to(next(iter(last), None), events)


def _up_to_current(registry: Registry) -> list[Version]:
    try:
        return registry.served()
    except ModelError:  # 'current' names no model
        return []


def _standing_in(
    registry: Registry,
    served: Sequence[Version],
    topics: Sequence[TopicId],
    test_digest: str,
    why: str,
) -> Rivals:
    """The best sound model that served, in place of the one that should serve and cannot."""
    figures = dict(_figures(registry, served, topics, test_digest))
    follows = next(iter(_up_to_current(registry)[-1:]), None)
    for version in dict.fromkeys([*_best_first(figures), *reversed(served)]):
        rival = _sound(registry, version)
        if rival and (shared := _shared(topics, rival)):
            note = f"{why} {version}, the best sound model that served, stands in for it."
            among = len(figures) if version in figures else 1
            return Rivals(rival, note, shared, None, among, follows, damaged=True)
    note = f"{why} No sound model that served is left to judge by."
    return Rivals(note=note, follows=follows, damaged=True)


def _with_best(
    registry: Registry, current: Model, shared: tuple[TopicId, ...], test_digest: str
) -> Rivals:
    figures = dict(_figures(registry, registry.served(), shared, test_digest))
    better = takewhile(lambda version: version != current.version, _best_first(figures))
    best = next(filter(None, (_sound(registry, version) for version in better)), None)
    among = len(figures) if best else 1
    return Rivals(current, "", shared, best, among, current.version)


def _best_first(figures: Mapping[Version, float]) -> list[Version]:
    return sorted(figures, key=lambda version: -figures[version])


def _sound(registry: Registry, version: Version) -> Model | None:
    try:
        return registry.load(version)
    except ModelError:  # damaged or deleted: the next best will do
        return None


def _figures(
    registry: Registry, served: Sequence[Version], topics: Collection[TopicId], test_digest: str
) -> Iterator[tuple[Version, float]]:
    """The mean F1 on the frozen test of those that served, as their cards say.

    The latest come first. They end with one that serves against the gate: somebody who says why
    has set the bar anew.
    """
    for version in reversed(served):
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


def best_under_each_test(registry: Registry, topics: Collection[TopicId]) -> list[Version]:
    """The best sound model that served, for every frozen test and list of topics on a card.

    Whatever becomes of test and topics, a candidate is held against one of these.

    Args:
        registry: the desk's models.
        topics: today's.
    """
    served = _served(registry)
    found: dict[Version, None] = {}
    for digest, names in _judged_on(registry, served, topics):
        figures = dict(_figures(registry, served, names, digest))
        sound = (one for one in _best_first(figures) if not registry.problems(one))
        found |= dict.fromkeys([one for one in [next(sound, None)] if one])
    return list(found)


def _judged_on(
    registry: Registry, served: Iterable[Version], topics: Collection[TopicId]
) -> set[tuple[str, frozenset[TopicId]]]:
    """Every frozen test that a card names, with its topics and with those that are left today."""
    found = set()
    for version in served:
        with suppress(ModelError, KeyError, TypeError):  # no card, or of before tests were recorded
            card = registry.card(version)
            digest, judged = card["test"]["digest"], frozenset(card["quality"]["test"]["topics"])
            found |= {(digest, judged), (digest, judged.intersection(topics) or judged)}
    return found
