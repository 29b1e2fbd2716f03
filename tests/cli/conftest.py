"""Commands run on the shared desk that has a model."""

from __future__ import annotations

import pytest


@pytest.fixture
def run_home(desk_with_model):
    return desk_with_model


@pytest.fixture
def run(run_on, run_home):
    """Run a command on the shared desk that has a model."""

    def command(*words, stdin=""):
        return run_on(run_home, *words, stdin=stdin)

    return command
