"""A story's headline stands first, and once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tagger.records import Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def led_by(headline: str | None, passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages with the headline as first of them; any other title becomes a heading."""
    if not headline:
        return tuple(passages)
    return (Passage(headline, "title"), *_others(headline, passages))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in blanks and capitals at most."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _others(headline: str, passages: Iterable[Passage]) -> Iterator[Passage]:
    for passage in passages:
        if not same_words(passage.text, headline):
            yield replace(passage, role="heading") if passage.role == "title" else passage
