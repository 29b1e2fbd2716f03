"""Coverage compares the stored stories with what the model learned."""

from __future__ import annotations

from itertools import product

SYLLABLES = ("kva", "bru", "thig", "mor", "quil", "sar", "plo", "wen", "ost", "ydd", "lun")


def test_a_few_stories_are_too_few_to_say_whether_retraining_is_due(visit, queued):
    page = visit(queued, "coverage")
    assert not page.exception
    assert "Too few paragraphs to say whether retraining is due: 32" in page.words


def test_stories_of_unknown_words_make_retraining_due_and_the_words_are_listed(visit, home, queue):
    strange = [f"Kvasso {one}{two} to {one}{one}en." for one, two in product(SYLLABLES, repeat=2)]
    queue(home, strange)
    page = visit(home, "coverage")
    assert not page.exception
    assert "Retraining is due" in page.words
    assert page.metric[1].value == "75%"  # all but "to"
    assert "kvasso" in list(page.dataframe[0].value["word"])
