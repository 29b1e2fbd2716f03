"""Commands run as a user runs them, in this process."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tagger.cli import main
from tagger.settings import Settings


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


@pytest.fixture
def run_home(desk_with_model):
    return desk_with_model


@pytest.fixture
def run(run_on, run_home):
    """Run a command on the shared desk that has a model."""

    def command(*words, stdin=""):
        return run_on(run_home, *words, stdin=stdin)

    return command
