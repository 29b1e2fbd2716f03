"""Figures as people read them."""

import pytest

from tagger.desk.wording import sure


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "<1%"), (0.0099, "<1%"), (0.01, "1%"), (0.5, "50%"), (0.99, "99%"), (1.0, ">99%")],
)
def test_nothing_is_quite_certain(probability, words):
    assert sure(probability) == words
