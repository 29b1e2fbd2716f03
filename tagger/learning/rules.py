"""Phrases that suggest a topic by rule, until a model has learned it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from tagger.paragraphs import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.records import TopicId

_BETWEEN = r"[\s\-]+"  # "drone strike" is also met as "drone-strike"


def met(phrases: Sequence[str], text: str) -> str:
    """The first of the phrases that occurs in the text; empty where none does.

    Whole words are compared, whatever their case and typography. A ``*`` at the end of a phrase
    stands for any ending: ``drone strike*`` is met in "Drone strikes", ``drone`` is not met in
    "drones".
    """
    folded = normalise(text).casefold()
    return next((phrase for phrase in phrases if _pattern(phrase).search(folded)), "")


@lru_cache(maxsize=1024)
def _pattern(phrase: str) -> re.Pattern[str]:
    folded = normalise(phrase.removesuffix("*")).casefold()
    words = [word for word in re.split(_BETWEEN, folded) if word]
    ending = r"\w*" if phrase.endswith("*") else ""
    # Not \b: a phrase may begin or end with a sign, such as "F-16".
    return re.compile(rf"(?<!\w){_BETWEEN.join(map(re.escape, words))}{ending}(?!\w)")


def hits(rules: Mapping[TopicId, Sequence[str]], text: str) -> dict[TopicId, str]:
    """The topics that their phrases suggest for a text, each with the first phrase met."""
    found = {topic: met(phrases, text) for topic, phrases in rules.items()}
    return {topic: phrase for topic, phrase in found.items() if phrase}
