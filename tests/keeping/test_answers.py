"""Old answers in today's topics."""

from hypothesis import given
from hypothesis import strategies as st

from tagger.keeping.answers import Answer, Step, translate

TEXT = "A drone fell on the dyke."


def read(topics, *steps):
    return translate(topics, TEXT, steps)


def answer(topics=(), unsaid=()):
    return Answer(frozenset(topics), frozenset(unsaid))


def test_a_renamed_topic_is_read_under_its_new_id():
    rename = Step("rename", ("war",), ("front",))
    assert read({"war", "talks"}, rename) == answer({"front", "talks"})
    assert read({"talks"}, rename) == answer({"talks"})


def test_any_of_merged_topics_is_the_one():
    merge = Step("merge", ("floods", "storms"), ("weather",))
    assert read({"floods"}, merge) == read({"floods", "storms"}, merge) == answer({"weather"})
    assert read(set(), merge) == answer()
    assert read({"floods"}, Step("merge", ("floods", "storms"), ("storms",))) == answer({"storms"})


def test_a_retired_topic_is_dropped():
    assert read({"war", "talks"}, Step("retire", ("war",), ())) == answer({"talks"})


def test_a_split_leaves_its_parts_open_only_where_the_whole_was_given():
    split = Step("split", ("war",), ("front", "air"))
    assert read({"war", "talks"}, split) == answer({"talks"}, {"front", "air"})
    assert read({"talks"}, split) == answer({"talks"})
    assert read({"war"}, Step("split", ("war",), ("war", "air"))) == answer((), {"war", "air"})


def test_an_added_topic_is_absent_but_where_a_seed_phrase_speaks_for_it():
    assert read({"talks"}, Step("add", (), ("drones",), ("drone",))) == answer(
        {"talks"}, {"drones"}
    )
    assert read({"talks"}, Step("add", (), ("drones",), ("missile",))) == answer({"talks"})
    assert read({"talks"}, Step("add", (), ("drones",))) == answer({"talks"})


def test_what_is_open_stays_open_through_later_changes():
    split = Step("split", ("war",), ("front", "air"))
    rename = Step("rename", ("air",), ("sky",))
    assert read({"war"}, split, rename) == answer((), {"front", "sky"})
    assert read({"war"}, split, Step("merge", ("front", "air"), ("war",))) == answer((), {"war"})
    assert read({"war"}, split, Step("retire", ("front",), ())) == answer((), {"air"})
    again = Step("split", ("air",), ("jets", "drones"))
    assert read({"war"}, split, again) == answer((), {"front", "jets", "drones"})


def test_one_given_topic_settles_a_merge_with_an_open_one():
    split = Step("split", ("war",), ("front", "air"))
    merge = Step("merge", ("front", "talks"), ("land",))
    assert read({"war", "talks"}, split, merge) == answer({"land"}, {"air"})


def test_what_was_answered_in_between_is_read_back_where_that_is_known():
    rename = Step("rename", ("war",), ("front",))
    split = Step("split", ("war",), ("front", "air"))
    retire = Step("retire", ("war",), ())
    add = Step("add", (), ("drones",), ("drone",))
    assert read({"front"}, rename.inverse) == answer({"war"})
    assert read({"air"}, split.inverse) == answer({"war"})
    assert read(set(), split.inverse) == answer()
    assert read({"drones", "talks"}, add.inverse) == answer({"talks"})
    assert read(set(), retire.inverse) == answer((), {"war"})  # nobody was asked about it
    merge = Step("merge", ("floods", "storms"), ("weather",))
    assert read({"weather"}, merge.inverse) == answer((), {"floods", "storms"})
    assert read(set(), merge.inverse) == answer()


IDS = st.sampled_from("abcdef")
SETS = st.frozensets(IDS, min_size=1, max_size=3)
STEPS = st.one_of(
    st.builds(lambda a, b: Step("rename", (a,), (b,)), IDS, IDS),
    st.builds(lambda old, new: Step("merge", tuple(old), (new,)), SETS, IDS),
    st.builds(lambda old, new: Step("split", (old,), tuple(new)), IDS, SETS),
    st.builds(lambda old: Step("retire", (old,), ()), IDS),
    st.builds(lambda new: Step("restore", (), (new,)), IDS),
    st.builds(lambda new: Step("add", (), (new,), ("drone",)), IDS),
)


@given(st.frozensets(IDS), st.lists(STEPS, max_size=8))
def test_no_topic_is_both_given_and_open(topics, steps):
    found = read(topics, *steps)
    assert not found.topics & found.unsaid
