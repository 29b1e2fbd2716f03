"""Figures and texts as people read them."""

import pytest
from hypothesis import given
from hypothesis.strategies import integers, text

from tagger.desk.wording import beginning, counted, sure


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "<1%"), (0.0099, "<1%"), (0.01, "1%"), (0.5, "50%"), (0.99, "99%"), (1.0, ">99%")],
)
def test_nothing_is_quite_certain(probability, words):
    assert sure(probability) == words


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (1200, "1,200 rows")]
)
def test_only_one_of_a_thing_is_singular(number, words):
    assert counted(number, "row") == words


def test_a_noun_may_have_a_plural_of_its_own():
    assert counted(1, "copy", "copies") == "1 copy"
    assert counted(0, "copy", "copies") == "0 copies"


def test_a_text_that_is_cut_ends_in_dots_after_a_letter():
    assert beginning("The ferry stayed in harbour.", 10) == "The ferry…"
    assert beginning("The ferry.", 10) == "The ferry."


@given(text(), integers(2, 60))
def test_a_beginning_is_never_longer_than_asked(whole, longest):
    shown = beginning(whole, longest)
    assert len(shown) <= longest
    assert whole.startswith(shown.removesuffix("…"))
