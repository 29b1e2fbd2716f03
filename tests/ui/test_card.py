"""What the card tells beside the paragraph: what colleagues said of it before."""

import pytest

from tagger.desk.queue import store_of
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id
from tagger.ui.card import View
from tagger.ui.toggles import _said
from tagger.ui.words import place_in_words

WIRE = (
    "The river burst its banks on Monday night and flooded some forty houses in the lower "
    "village, the district office said, while rescuers brought families out in boats."
)


@pytest.fixture
def told(visit, home, queue):
    """The Desk where a near-copy of its one paragraph was decided before."""

    def open_as(*topics, editor="Olena"):
        near = WIRE.replace("Monday", "Tuesday")
        with store_of(home) as store:
            store.decide(Decision(paragraph_id(near), near, topics, editor, "1", "import"))
        queue(home, [WIRE])
        return visit(home, "desk")

    return open_as


def test_the_card_tells_who_gave_a_near_copy_which_topic_and_marks_a_contradiction(told):
    page = told("energy")
    assert "<bdi>Olena</bdi> gave a near-copy: <b>energy</b>" in page.words
    assert "≠ the suggestion" in page.words
    page.click("Hide suggestion")
    assert "<bdi>Olena</bdi> gave a near-copy: <b>energy</b>" in page.words
    assert "≠ the suggestion" not in page.words


def test_what_a_colleague_is_called_is_text_and_nothing_else(told):
    page = told(editor="<b>Mallory</b>")
    assert "<bdi>&lt;b&gt;Mallory&lt;/b&gt;</bdi> gave a near-copy: <b>none of them" in page.words


@pytest.mark.parametrize(
    ("score", "needed", "said"),
    [
        (0.28, 0.2, " · 28%, given from 20% on"),
        (0.55, 0.6, " · 55%, given from 60% on"),
        (0.18, 0.5, " · 18%"),
        (0.97, 0.3, " · 97%"),
        (0.28, 2.0, " · 28%"),  # too few examples: never given
        (0.28, None, " · 28%"),
    ],
)
def test_a_share_that_looks_the_wrong_way_round_says_from_where_on_a_topic_is_given(
    score, needed, said
):
    view = View("id", "Text.", {"floods": score}, ())
    needs = {} if needed is None else {"floods": needed}
    assert _said("floods", view, needs) == said


def test_a_covered_card_tells_no_share():
    view = View("id", "Text.", {"floods": 0.28}, (), hidden=True)
    assert _said("floods", view, {"floods": 0.2}) == ""


def test_long_neighbours_are_shown_where_they_touch_the_paragraph(visit, home, queue):
    before = f"Far away. {'The dyke held. ' * 40}It broke at noon."
    after = f"Boats came at once. {'The square was dry. ' * 40}Nobody was hurt."
    queue(home, [before, WIRE, after])
    page = visit(home, "desk")
    while page.shown != WIRE:
        page.press("Skip")
    card = next(body for body in page.html if "nt-near" in body)
    assert "It broke at noon." in card
    assert "Far away." not in card
    assert "Boats came at once." in card
    assert "Nobody was hurt." not in card


def test_an_endless_headline_does_not_push_the_paragraph_off_the_screen():
    said = place_in_words("A flood of words " * 40, "The Gazette", "2026-11-20")
    assert said.endswith("… · The Gazette · 20 November 2026")
    assert len(said) < 160
