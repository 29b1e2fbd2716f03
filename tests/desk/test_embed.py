from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tagger import TaggerError, load_model, tag_text

if TYPE_CHECKING:
    from tagger.settings import Settings

STORY = "Shells fell on the town.\n\nEnvoys met in İzmir to speak of a truce, and of gas."


def test_a_model_loaded_fast_tags_exactly_as_the_plain_one(desk_with_model: Settings) -> None:
    plain = load_model(desk_with_model.home)
    fast = load_model(desk_with_model.home, fast=True)
    assert type(fast) is not type(plain)
    assert tag_text(STORY, fast) == tag_text(STORY, plain)


def test_without_the_extra_a_fast_model_is_refused_with_the_command_that_installs_it(
    desk_with_model: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_numba(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'numba'", name="numba")

    monkeypatch.setattr("tagger.learning.compiled.load_kernel", without_numba)
    with pytest.raises(TaggerError, match=r"numba is not installed.\n.*\[fast\]"):
        load_model(desk_with_model.home, fast=True)
