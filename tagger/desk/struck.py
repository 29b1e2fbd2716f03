"""The record of a struck word, as it reads under today's topics and as a model honours it.

A strike goes with its topic when that is renamed, and to every part when it is split. It ends when
its topic is merged into another or retired: nobody said that the word tells nothing about what the
topic became.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from tagger.keeping.answers import Step
    from tagger.keeping.store import Strike
    from tagger.keeping.taxonomy_changes import History
    from tagger.records import TopicId

StruckState = Literal["honoured", "at the next retrain", "restored", "no such topic"]


@dataclass(frozen=True, slots=True)
class Struck:
    """A word struck for a topic.

    Args:
        word: as the model reads it.
        topic: its id today; the one it was struck for where that is no more.
        editor: who struck it or, of a restored one, who restored it.
        time: when.
        why: may be empty.
        sequence: number of the strike.
        state: ``honoured`` by the model in question; or it learned before the strike and honours
            it ``at the next retrain``; or the word was ``restored`` and counts again from the
            next retrain on; or there is ``no such topic`` any more, or another one under that id.
    """

    word: str
    topic: TopicId
    editor: str
    time: datetime
    why: str
    sequence: int
    state: StruckState = "at the next retrain"

    @property
    def ended(self) -> bool:
        """Whether its topic is no more, or became another one under the same id."""
        return self.state == "no such topic"

    @property
    def told(self) -> str:
        """Who struck or restored it and when, and what became of that."""
        when, now = self.time.astimezone(), datetime.now().astimezone()
        day = f"{when.day} {when:%b}{'' if when.year == now.year else f' {when.year}'}"
        if self.state == "restored":
            return f"restored by {self.editor} on {day}, counts again from the next retrain on"
        return f"struck by {self.editor} on {day}, {_STATES[self.state]}"


_STATES: dict[StruckState, str] = {
    "honoured": "honoured",
    "at the next retrain": "honoured at the next retrain",
    "no such topic": "but there is no such topic any more",
}


def standing(
    rows: Sequence[Strike], past: History, topics: Collection[TopicId]
) -> tuple[Struck, ...]:
    """The strikes that nobody took back, in today's topics, in the order they were made.

    Args:
        rows: the log of strikes.
        past: the changes of the topics.
        topics: today's.
    """
    restored = {row.restores for row in rows}
    return tuple(
        one
        for row in rows
        if row.action == "strike" and row.sequence not in restored
        for one in _today(row, past, topics)
    )


def _today(row: Strike, past: History, topics: Collection[TopicId]) -> list[Struck]:
    steps = past.steps(past.version_at(row.time)) if len(past) else ()
    now = sorted(_topics_after(row.topic, steps).intersection(topics))
    return [struck(row, topic) for topic in now] or [struck(row, row.topic, "no such topic")]


def _topics_after(topic: TopicId, steps: Iterable[Step]) -> set[TopicId]:
    now = {topic}
    for step in steps:
        if now.isdisjoint(step.old):
            continue
        if step.kind == "rename":
            ids = dict(zip(step.old, step.new, strict=True))
            now = {ids.get(one, one) for one in now}
        else:
            now -= set(step.old)
            now |= set(step.new) if step.kind == "split" else set()
    return now


def struck(row: Strike, topic: TopicId, state: StruckState = "at the next retrain") -> Struck:
    """A row of the log as it reads today."""
    number = row.sequence if row.restores is None else row.restores
    return Struck(row.word, topic, row.editor, row.time, row.why, number, state)


def by_topic(found: Iterable[Struck]) -> dict[TopicId, frozenset[str]]:
    """The words that shall have no weight, for every topic that has any."""
    words: dict[TopicId, frozenset[str]] = {}
    for one in found:
        words[one.topic] = words.get(one.topic, frozenset()) | {one.word}
    return words


def on_card(found: Iterable[Struck]) -> list[dict[str, Any]]:
    """What a model's card says of the strikes that it honours."""
    return [
        {
            "topic": one.topic,
            "word": one.word,
            "editor": one.editor,
            "time": one.time.isoformat(),
            "why": one.why,
            "sequence": one.sequence,
        }
        for one in found
    ]


def _from_card(entry: Mapping[str, Any]) -> Struck:
    return Struck(**{**entry, "time": datetime.fromisoformat(entry["time"]), "state": "honoured"})


def with_states(
    rows: Sequence[Strike], past: History, topics: Collection[TopicId], card: Mapping[str, Any]
) -> tuple[Struck, ...]:
    """The strikes that stand or that a model still honours, each with what became of it.

    Args:
        rows: the log of strikes.
        past: the changes of the topics.
        topics: today's.
        card: of the model in question; empty for none.
    """
    on_it = map(_from_card, card.get("strikes", ()))
    honoured = {(one.topic, one.word): one for one in on_it if one.topic in topics}
    found = standing(rows, past, topics)
    stand = {(one.topic, one.word) for one in found if not one.ended}
    taken_back = {row.restores: row for row in rows}
    kept = [
        replace(one, state="honoured")
        if not one.ended and (one.topic, one.word) in honoured
        else one
        for one in found
    ]
    gone = [one for pair, one in honoured.items() if pair not in stand]
    return (
        *kept,
        *(
            struck(taken_back[one.sequence], one.topic, "restored")
            if one.sequence in taken_back
            else one  # struck on another desk, whose model this is
            for one in gone
        ),
    )
