"""How much a model leans on names: words that are written with a capital inside sentences.

A name is told by plain evidence, without a dictionary: inside sentences, where nothing asks for a
capital, the training texts write it with one nearly always. So peoples ("Danish") and
organisations are among them, and in languages that capitalise every noun this says nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.learning.explanation import explain
from tagger.learning.terms import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tagger.learning.explanation import Explanation
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.records import TopicId

ALWAYS = 0.9
"""A word is a name where so many of its occurrences inside sentences begin with a capital."""

_FEWEST = 2  # occurrences inside sentences: fewer say nothing
_HEADLINE = 0.6  # a text with so many capitals inside is set as a headline, which tells nothing
_LONG = 4  # letters: shorter words stay small in a headline too
_WORDS = re.compile(r"\w\w+")
_INSIDE = re.compile(r"[\s,'’\-]*")  # what may stand before a word inside a sentence
_CALENDAR = re.compile(
    "(mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|"
    "(septem|octo|novem|decem)ber"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name's part in what speaks for a topic: its share, and in how many paragraphs."""

    word: str
    share: float
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much of what speaks for a topic are names.

    Args:
        topic: which topic.
        paragraphs: how many get it, those that it is measured on.
        share: of the positive contributions of all words in these paragraphs, what names give.
        names: those that give most first.
        only: how many of the paragraphs would not get it if their names gave nothing.
    """

    topic: TopicId
    paragraphs: int
    share: float
    names: tuple[Name, ...]
    only: int


def find_names(texts: Iterable[str]) -> frozenset[str]:
    """The words, folded, that the texts write with a capital inside sentences nearly always."""
    inside: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        words = list(_inside_sentences(text))
        if _is_headline(words):
            continue
        inside.update(fold(word) for word in words)
        capital.update(fold(word) for word in words if word[0].isupper())
    return frozenset(
        word
        for word, times in capital.items()
        if inside[word] >= _FEWEST
        and times >= ALWAYS * inside[word]
        and not _CALENDAR.fullmatch(word)
    )


def _inside_sentences(text: str) -> Iterable[str]:
    """The words that follow another one without a stop, quotation mark or bracket between."""
    end = None
    for match in _WORDS.finditer(text):
        if end is not None and _INSIDE.fullmatch(text, end, match.start()):
            yield match.group()
        end = match.end()


def _is_headline(words: Sequence[str]) -> bool:
    long = [word for word in words if len(word) >= _LONG]
    return sum(word[0].isupper() for word in long) > _HEADLINE * len(long)


def lean_on_names(
    model: Model, texts: Sequence[str], names: Collection[str], told: Progress
) -> list[Leaning]:
    """How much each topic leans on names in the texts that get it, in the model's order.

    Args:
        model: which one.
        texts: to measure on.
        names: as from :func:`find_names`.
        told: hears how far it is.
    """
    found: dict[TopicId, list[Explanation]] = defaultdict(list)
    for number, text in enumerate(texts):
        told("taking scores apart", number, len(texts))
        for explanation in explain(model, text):
            if explanation.given:
                found[explanation.topic].append(explanation)
    return [_leaning(topic, found[topic], names) for topic in model.topics]


def _leaning(topic: TopicId, given: Sequence[Explanation], names: Collection[str]) -> Leaning:
    spoke: dict[str, float] = defaultdict(float)
    stood: Counter[str] = Counter()
    total, only = 0.0, 0
    for explanation in given:
        own = _for_topic(explanation)
        total += sum(own.values())
        by_names = {word: share for word, share in own.items() if word in names}
        for word, share in by_names.items():
            spoke[word] += share
            stood[word] += 1
        without = explanation.score - sum(by_names.values())
        only += without < explanation.needed <= explanation.score
    loudest = sorted(spoke, key=lambda word: -spoke[word])
    listed = tuple(Name(word, spoke[word] / total, stood[word]) for word in loudest)
    return Leaning(topic, len(given), sum(spoke.values()) / total if total else 0.0, listed, only)


def _for_topic(explanation: Explanation) -> dict[str, float]:
    """What each distinct word adds, where that is more than nothing."""
    sums: dict[str, float] = defaultdict(float)
    for word in explanation.words:
        sums[fold(word.text)] += word.contribution
    return {word: share for word, share in sums.items() if share > 0}
