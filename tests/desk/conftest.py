"""A desk with a store, and articles of invented paragraphs to queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.keeping.store import open_store
from tagger.records import Document, LabeledExample, Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagger.keeping.store.store import Store
    from tagger.settings import Settings


class Clock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def wait(self, minutes: float) -> None:
        self.time += timedelta(minutes=minutes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(desk: Settings, clock: Clock) -> Iterator[Store]:
    with open_store(desk.database, now=clock) as opened:
        yield opened


@pytest.fixture
def document() -> Callable[..., Document]:
    """Make a document of paragraphs: ``document("name", "First.", "Second.", date=...)``."""

    def make(name: str, *paragraphs: str, **about: str) -> Document:
        return Document(name, tuple(Passage(text, "paragraph") for text in paragraphs), **about)

    return make


@pytest.fixture(scope="session")
def many(examples: list[LabeledExample]) -> list[str]:
    """400 paragraphs of two invented sentences each, no two of them near-copies."""
    pairs = combinations([example.text for example in examples[:30]], 2)
    return [f"{first} {second}" for first, second in pairs][:400]


@pytest.fixture(scope="session")
def paired(examples: list[LabeledExample]) -> list[LabeledExample]:
    """1,128 paragraphs of two sentences each with the topics of both, in a random order."""
    pairs = [
        LabeledExample(f"{a.text} {b.text}", a.topics | b.topics)
        for a, b in combinations(examples[::4] + examples[1::4] + examples[2::4], 2)
    ]
    order = np.random.default_rng(0).permutation(len(pairs))
    return [pairs[i] for i in order.tolist()]
