import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import InputError, LabelsError, OutputError
from tagger.keeping.answers import Step, heirs
from tagger.keeping.automation import FILE, Aims, read_aims, write_aims

aim = st.none() | st.integers(500, 999).map(lambda tenths: tenths / 10)
names = st.text(st.characters(exclude_categories=["C"], exclude_characters=",;|"), min_size=1)


def test_without_a_file_everything_is_asked(tmp_path):
    aims = read_aims(tmp_path)
    assert not aims
    assert aims.of("talks") is None


@given(aim, st.dictionaries(names, aim, max_size=5))
def test_aims_are_read_as_they_were_written(tmp_path_factory, everywhere, only):
    aims = Aims(everywhere, only)
    labeled = tmp_path_factory.mktemp("labeled")
    write_aims(labeled, aims)
    assert read_aims(labeled) == (aims or Aims())


def test_a_topic_s_own_aim_wins_and_one_for_everything_replaces_all():
    aims = Aims().changed(95).changed(98, "talks").changed(None, "none")
    assert (aims.of("talks"), aims.of("none"), aims.of("energy")) == (98, None, 95)
    assert aims.changed(90) == Aims(90)
    assert not aims.changed(None)


@pytest.mark.parametrize("wrong", [0, 49.9, 100, -5, float("nan")])
def test_what_no_model_can_promise_is_refused(wrong):
    with pytest.raises(InputError, match="is no aim"):
        Aims().changed(wrong)


def test_the_last_aim_taken_away_takes_the_file_away(tmp_path):
    write_aims(tmp_path, Aims(95))
    assert tomllib.loads((tmp_path / FILE).read_text(encoding="utf-8")) == {"all": 95}
    write_aims(tmp_path, Aims(None, {"talks": None}))
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "text", ["all = 95 %", "all = 200", 'all = "much"', "only = 3", "[only]\ntalks = []", "\udcff"]
)
def test_a_file_that_is_no_list_of_aims_is_named_with_the_cure(tmp_path, text):
    (tmp_path / FILE).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(LabelsError, match=FILE) as found:
        read_aims(tmp_path)
    assert "tagger automation set" in found.value.cure


def test_aims_that_cannot_be_kept_are_told(tmp_path):
    (tmp_path / "labeled").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(OutputError):
        write_aims(tmp_path / "labeled", Aims(95))


# --- topics that change


RENAMED = Step("rename", ("talks",), ("peace",))
MERGED = Step("merge", ("talks", "energy"), ("deals",))
SPLIT = Step("split", ("talks",), ("talks", "summits"))
RETIRED = Step("retire", ("talks",), ())
ADDED = Step("add", (), ("talks",), ("envoy*",))


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ([], {"talks"}),
        ([RENAMED], {"peace"}),
        ([RENAMED, RENAMED.inverse], {"talks"}),
        ([SPLIT, MERGED], {"deals", "summits"}),
        ([RETIRED], set()),
        ([RETIRED, ADDED], set()),
        ([RENAMED, ADDED], {"peace"}),
        ([RETIRED.inverse], {"talks"}),
    ],
)
def test_what_became_of_a_topic_is_told_by_the_changes(steps, found):
    assert heirs("talks", steps) == found


@pytest.mark.parametrize(
    ("aims", "step", "after"),
    [
        (Aims(95, {"talks": 98}), RENAMED, Aims(95, {"peace": 98})),
        (Aims(95, {"talks": 98}), SPLIT, Aims(95, {"talks": 98, "summits": 98})),
        (Aims(95, {"talks": 98}), RETIRED, Aims(95)),
        (Aims(95, {"talks": 98}), ADDED, Aims(95, {"talks": 98})),
        (Aims(95, {"talks": 98, "energy": 99}), MERGED, Aims(95, {"deals": 99})),
        (Aims(95, {"talks": 90}), MERGED, Aims(95)),
        (Aims(95, {"talks": None, "energy": 99}), MERGED, Aims(95, {"deals": None})),
        (Aims(None, {"talks": 90}), MERGED, Aims(None)),
        (Aims(95, {"none": 98, "floods": 90}), RENAMED, Aims(95, {"none": 98, "floods": 90})),
    ],
)
def test_an_aim_follows_its_topic_and_the_strictest_holds_where_topics_meet(aims, step, after):
    assert aims.after([step]) == after


@pytest.mark.parametrize("wrong", ['"two"', "1.5", "[]"])
def test_a_number_of_changes_that_is_none_is_told(tmp_path, wrong):
    (tmp_path / FILE).write_text(f"changes = {wrong}\n[only]\ntalks = 95\n", encoding="utf-8")
    with pytest.raises(LabelsError, match=FILE):
        read_aims(tmp_path)


@pytest.mark.parametrize("wrong", [-1, 7])
def test_a_number_of_changes_that_never_were_leaves_the_aims_as_they_stand(tmp_path, wrong):
    (tmp_path / FILE).write_text(f"changes = {wrong}\n[only]\ntalks = 95\n", encoding="utf-8")
    assert read_aims(tmp_path) == Aims(None, {"talks": 95})
