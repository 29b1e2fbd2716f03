from __future__ import annotations

import copy
import pickle
import re
from typing import TYPE_CHECKING

import pytest

import tagger.errors
from tagger.errors import LabelsError, NoModel, Refused, TaggerError

if TYPE_CHECKING:
    from collections.abc import Iterator


def family(kind: type[TaggerError]) -> Iterator[type[TaggerError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from family(child)


ERRORS = [kind for kind in family(TaggerError) if kind.__module__ == "tagger.errors"]


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("cure", ["", "Do this instead."])
def test_an_error_crosses_process_borders_with_message_and_cure(
    kind: type[TaggerError], cure: str
) -> None:
    error = kind("It broke.", cure)
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is kind
        assert (twin.message, twin.cure, str(twin)) == ("It broke.", cure, str(error))


def test_an_error_reads_as_what_happened_and_then_what_to_do() -> None:
    assert str(LabelsError("Line 3 is empty.", "Fill it.")) == "Line 3 is empty.\nFill it."
    assert str(LabelsError("Line 3 is empty.")) == "Line 3 is empty."


def test_a_gate_that_says_no_exits_with_three_and_everything_else_with_one() -> None:
    assert {kind.exit_code for kind in family(Refused)} == {3}
    assert {k.exit_code for k in ERRORS if not issubclass(k, Refused)} == {1}


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    drawn = re.findall(r"^[|` -]*(\w+)(?: {2,})", tagger.errors.__doc__ or "", re.MULTILINE)
    assert sorted(drawn) == sorted(kind.__name__ for kind in ERRORS)


def test_a_missing_model_is_caught_with_the_other_troubles_of_models() -> None:
    assert [kind.__name__ for kind in NoModel.__mro__[:3]] == [
        "NoModel",
        "ModelError",
        "TaggerError",
    ]
