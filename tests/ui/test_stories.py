"""The way from a paragraph to its story."""

from dataclasses import replace

from tagger.keeping.store import Place
from tagger.paragraphs import paragraph_id
from tagger.ui.stories import address

TEXT = "The ferry runs again."
PLACE = Place(7, "wire.html", None, None, None, 0, paragraph_id(TEXT), TEXT)


def test_a_paragraph_s_story_opens_at_the_paragraph():
    assert address(PLACE) == f"article?article=7&paragraph={paragraph_id(TEXT)}"


def test_what_stands_in_no_story_leads_to_none():
    assert address(replace(PLACE, article=0)) == ""
