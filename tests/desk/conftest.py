"""A desk with a store, and articles of invented paragraphs to queue."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.desk.models import registry_of
from tagger.desk.retrain import retrain
from tagger.files import digest_file
from tagger.keeping.labeled import write_examples
from tagger.keeping.store import Decision, open_store
from tagger.paragraphs import paragraph_id
from tagger.records import Document, LabeledExample, Passage, TopicId
from tagger.settings import Settings
from tagger.taxonomy import write_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tagger.keeping.store import Decided
    from tagger.keeping.store.store import Store
    from tagger.taxonomy import Taxonomy

FLOODS = TopicId("floods")


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


@pytest.fixture(scope="session")
def trained(
    tmp_path_factory: pytest.TempPathFactory,
    examples: list[LabeledExample],
    taxonomy: Taxonomy,
    paired: list[LabeledExample],
) -> dict[str, Settings]:
    """Two desks with a test of 200 paragraphs whose models serve; one knows little of floods."""

    def make(name: str, kept: list[LabeledExample]) -> Settings:
        desk = Settings(tmp_path_factory.mktemp(name) / "desk")
        write_examples(desk.labeled / "train" / "sentences.jsonl", kept)
        write_examples(desk.labeled / "test.jsonl", paired[:200])
        (desk.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")
        retrain(desk, by="tests", now=datetime(2026, 11, 22, 12, tzinfo=UTC))
        return desk

    known = [e for e in examples if e not in examples[::5]]
    few = [e for e in examples if FLOODS not in e.topics]
    few += [e for e in examples if e.topics == {FLOODS}][:3]
    return {"newsroom": make("newsroom", known), "weak": make("weak", few)}


@pytest.fixture
def newsroom(trained: dict[str, Settings], tmp_path: Path) -> Settings:
    """A desk of one's own with a test of 200 paragraphs; its model serves."""
    return Settings(shutil.copytree(trained["newsroom"].home, tmp_path / "newsroom"))


@pytest.fixture
def weak(trained: dict[str, Settings], tmp_path: Path) -> Settings:
    """The same, but it has seen only three sentences about floods."""
    return Settings(shutil.copytree(trained["weak"].home, tmp_path / "weak"))


@pytest.fixture(scope="session")
def decide_all() -> Callable[..., list[Decided]]:
    """Let an editor give many examples their own topics: ``decide_all(desk, examples)``."""

    def decide(
        desk: Settings,
        examples: Sequence[LabeledExample],
        *,
        reason: str = "doubt",
        editor: str = "ann",
    ) -> list[Decided]:
        decisions = [
            Decision(paragraph_id(e.text), e.text, tuple(e.topics), editor, f"{i} {editor}", reason)
            for i, e in enumerate(examples)
        ]
        with open_store(desk.database) as store:
            return store.decide_many(decisions, f"batch of {editor} for {reason}")

    return decide


@pytest.fixture(scope="session")
def files_of() -> Callable[[Settings], dict[str, str]]:
    """Every file of the model that serves on a desk, by digest."""

    def digests(desk: Settings) -> dict[str, str]:
        folder = desk.models / registry_of(desk).current()
        return {path.name: digest_file(path) for path in sorted(folder.iterdir())}

    return digests
