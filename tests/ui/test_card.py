"""What the card tells beside the paragraph: what colleagues said of it before."""

import pytest

from tagger.desk.queue import store_of
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id

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
