"""What an answer given under earlier topics says about today's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from tagger.learning.rules import met

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tagger.records import TopicId

Kind = Literal["add", "rename", "merge", "split", "retire", "restore"]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the topics: ``old`` ones became ``new`` ones.

    ``restore`` brings back a topic that nobody was asked about for a while: what takes back a
    ``retire``. ``seeds`` belong to an ``add``.
    """

    kind: Kind
    old: tuple[TopicId, ...]
    new: tuple[TopicId, ...]
    seeds: tuple[str, ...] = ()

    @property
    def inverse(self) -> Step:
        """What takes this step back, for answers given in between."""
        kinds: dict[Kind, Kind] = {
            "add": "retire",
            "rename": "rename",
            "merge": "split",
            "split": "merge",
            "retire": "restore",
            "restore": "retire",
        }
        return Step(kinds[self.kind], self.new, self.old)


@dataclass(frozen=True, slots=True)
class Answer:
    """The topics that a text has, and those that nobody was asked about."""

    topics: frozenset[TopicId]
    unsaid: frozenset[TopicId] = frozenset()


def translate(topics: Iterable[TopicId], text: str, steps: Iterable[Step]) -> Answer:
    """An answer as it reads after the steps.

    ====== ======================================================================
    rename the new id stands for the old one
    merge  any of the old topics is the new one
    retire the topic is dropped
    split  who had the old topic has nothing said about the new ones; who had it
           not has none of them
    add    a text that a seed phrase suggests the topic for has nothing said about
           it; any other text does not have it
    ====== ======================================================================
    """
    answer = Answer(frozenset(topics))
    for step in steps:
        answer = _READ[step.kind](answer, step, text)
    return replace(answer, unsaid=answer.unsaid - answer.topics)  # what was given is not open


def heirs(topic: TopicId, steps: Iterable[Step]) -> frozenset[TopicId]:
    """What became of a topic after the steps: what counted for it counts for each of them."""
    found = frozenset({topic})
    for step in steps:
        if found & frozenset(step.old):
            found = found - frozenset(step.old) | frozenset(step.new)
    return found


def _renamed(answer: Answer, step: Step, _: str) -> Answer:
    ids = dict(zip(step.old, step.new, strict=True))
    return replace(
        answer,
        topics=frozenset(ids.get(topic, topic) for topic in answer.topics),
        unsaid=frozenset(ids.get(topic, topic) for topic in answer.unsaid),
    )


def _merged(answer: Answer, step: Step, _: str) -> Answer:
    old, new = frozenset(step.old), frozenset(step.new)
    kept = _without(answer, old)
    if answer.topics & old:
        return replace(kept, topics=kept.topics | new)
    return replace(kept, unsaid=kept.unsaid | new) if answer.unsaid & old else kept


def _split(answer: Answer, step: Step, _: str) -> Answer:
    old, new = frozenset(step.old), frozenset(step.new)
    if not (answer.topics | answer.unsaid) & old:
        return answer
    kept = _without(answer, old)
    return replace(kept, unsaid=kept.unsaid | new)


def _retired(answer: Answer, step: Step, _: str) -> Answer:
    return _without(answer, frozenset(step.old))


def _restored(answer: Answer, step: Step, _: str) -> Answer:
    return replace(answer, unsaid=answer.unsaid | frozenset(step.new))


def _added(answer: Answer, step: Step, text: str) -> Answer:
    if not met(step.seeds, text):
        return answer
    return replace(answer, unsaid=answer.unsaid | frozenset(step.new))


def _without(answer: Answer, old: frozenset[TopicId]) -> Answer:
    return replace(answer, topics=answer.topics - old, unsaid=answer.unsaid - old)


_READ: dict[Kind, Callable[[Answer, Step, str], Answer]] = {
    "add": _added,
    "rename": _renamed,
    "merge": _merged,
    "split": _split,
    "retire": _retired,
    "restore": _restored,
}
