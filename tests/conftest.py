"""A small desk of invented sentences, and a real model trained on them."""

from __future__ import annotations

import gc
import io
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tagger.cli import main
from tagger.keeping import labeled
from tagger.learning.training import Training, train
from tagger.settings import Settings
from tagger.taxonomy import Taxonomy, make_taxonomy, write_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType

    from _typeshed import TraceFunction

    from tagger.learning.model import Model
    from tagger.records import LabeledExample

SENTENCES = Path(__file__).parent / "sentences.jsonl"

# A promise is kept on a slow machine too. CI tries the same examples in every run of the same
# tests, so that it fails for a change and not by chance; developers' machines look further.
settings.register_profile(
    "newsroom",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("newsroom")


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return make_taxonomy([{"id": "talks"}, {"id": "energy"}, {"id": "floods"}])


@pytest.fixture(scope="session")
def examples(taxonomy: Taxonomy) -> list[LabeledExample]:
    """64 sentences: 18 of talks, 20 of energy, 18 of floods (some of two) and 12 of none."""
    return labeled.read_examples([SENTENCES], taxonomy.ids)


@pytest.fixture(scope="session")
def training(examples: list[LabeledExample], taxonomy: Taxonomy) -> Training:
    return train(examples, taxonomy.ids)


@pytest.fixture(scope="session")
def model(training: Training) -> Model:
    return training.model


@pytest.fixture
def desk(tmp_path: Path, examples: list[LabeledExample], taxonomy: Taxonomy) -> Settings:
    """A desk on disk: three topics, 51 training sentences, a frozen test of 13; no model yet."""
    return make_desk(tmp_path / "desk", examples, taxonomy)


def make_desk(home: Path, examples: list[LabeledExample], taxonomy: Taxonomy) -> Settings:
    desk = Settings(home)
    test = examples[::5]
    labeled.write_examples(
        desk.labeled / "train" / "sentences.jsonl", [e for e in examples if e not in test]
    )
    labeled.write_examples(desk.labeled / "test.jsonl", test)
    (desk.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")
    return desk


@pytest.fixture(scope="session")
def desk_with_model(
    tmp_path_factory: pytest.TempPathFactory, examples: list[LabeledExample], taxonomy: Taxonomy
) -> Settings:
    """A desk whose model serves already; shared, so nothing may be changed in it."""
    from tagger.desk.retrain import retrain

    desk = make_desk(tmp_path_factory.mktemp("shared") / "desk", examples, taxonomy)
    retrain(desk, by="tests", now=datetime(2026, 11, 22, tzinfo=UTC))
    return desk


@pytest.fixture
def interrupted_at() -> Iterator[Callable[..., bool]]:
    """Do some work, and press Ctrl-C at the nth line of certain files of ours.

    ``interrupted_at(line, files, work)`` is False where the work was done before.
    """

    def run(line: int, files: Sequence[str], work: Callable[[], object]) -> bool:
        lines, names = count(), tuple(str(Path("tagger", file)) for file in files)

        def trace(frame: FrameType, event: str, _: object) -> TraceFunction | None:
            if not frame.f_code.co_filename.endswith(names):
                return None
            if event == "line" and next(lines) == line:
                raise KeyboardInterrupt
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            work()
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
        return False

    yield run
    gc.collect()  # what an interruption left open is no other test's affair


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


@pytest.fixture
def run_on(capsys, monkeypatch, tmp_path):
    """Run a command on a desk (None: on none) from a folder that is no desk."""

    def command(home, *words, stdin=""):
        home = home.home if isinstance(home, Settings) else home
        away = tmp_path / "away"
        away.mkdir(exist_ok=True)
        monkeypatch.chdir(away)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        if home is None:
            monkeypatch.delenv("TAGGER_HOME", raising=False)
        else:
            monkeypatch.setenv("TAGGER_HOME", str(home))
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(word) if isinstance(word, Path) else word for word in words])
        shown = capsys.readouterr()
        return Done(stopped.value.code or 0, shown.out, shown.err)

    return command
