"""A newsroom to tell stories of, and its command line."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tagger.settings import Settings


@pytest.fixture
def newsroom(tmp_path, desk_with_model) -> Settings:
    """A desk of talks, energy and floods whose model serves."""
    return Settings(shutil.copytree(desk_with_model.home, tmp_path / "newsroom"))


@pytest.fixture
def tagger(run_on, newsroom):
    """Run a command on it that must succeed; give what it printed."""

    def command(*words: Any, stdin: str = "") -> str:
        done = run_on(newsroom, *words, stdin=stdin)
        assert done.code == 0, done.err
        command.err = done.err
        return done.out

    return command
