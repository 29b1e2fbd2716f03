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
    rising = next(frame.value for frame in page.dataframe if "word" in frame.value)
    assert "kvasso" in list(rising["word"])


def test_what_the_plots_show_in_colours_stands_in_tables_as_well(visit, queued):
    page = visit(queued, "coverage")
    dates, sources = (frame.value for frame in page.dataframe[:2])
    assert list(sources.columns) == ["", "talks", "energy", "floods", "None of them"]
    assert list(sources[""]) == ["Halyard"]
    per_topic = [name for name in dates.columns if name]
    assert int(dates[per_topic].to_numpy().sum()) == int(sources[per_topic].to_numpy().sum()) >= 32
