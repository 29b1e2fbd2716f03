import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import InputError, LabelsError, OutputError
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
