"""Phrases that suggest a topic."""

import pytest

from tagger.learning.rules import met


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("Shahed", "A shahed fell into the harbour."),
        ("Shahed", "Two SHAHED-136 drones were seen."),
        ("drone strike*", "Drone strikes hit the depot."),
        ("drone strike", "A drone-strike was heard."),
        ("drone strike", "A drone\u00a0strike was heard."),
        ("F-16", "An F-16 took off."),
        ("F-16", "An F‑16 took off."),  # a non-breaking hyphen
        ("O’Neil", "Ms O'Neil voted."),
        ("straße*", "In den STRASSEN war es still."),
    ],
)
def test_a_phrase_is_met_whatever_its_case_and_typography(phrase, text):
    assert met([phrase], text) == phrase


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("drone", "Drones were seen."),  # no star, no ending
        ("drone", "A quadrodrone was seen."),
        ("ice", "The police came."),
        ("drone strike", "A drone was hit in a strike."),
        ("F-16", "F-160 is a film."),
        ("a.c", "abc"),  # a full stop is no wildcard
    ],
)
def test_a_part_of_a_word_is_no_phrase(phrase, text):
    assert met([phrase], text) == ""


def test_the_first_phrase_that_is_met_is_named():
    assert met(["tide", "flood*", "dyke"], "The dyke held the floods.") == "flood*"
    assert met([], "The dyke held.") == ""
