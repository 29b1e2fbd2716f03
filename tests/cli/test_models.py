"""``tagger models`` as whoever looks after the models meets it."""

import io
import json
import shutil
import subprocess
import sys

import joblib
import pytest

from tagger.desk.models import registry_of
from tagger.keeping.labeled import read_examples, write_examples
from tagger.settings import Settings


@pytest.fixture(scope="session")
def two(tmp_path_factory, desk_with_model):
    """A desk with two models; the second one was refused, as it learned from half the sentences."""
    home = shutil.copytree(desk_with_model.home, tmp_path_factory.mktemp("models") / "desk")
    return Settings(home)


@pytest.fixture
def desk(two, tmp_path, run_on):
    desk = Settings(shutil.copytree(two.home, tmp_path / "own"))
    path = desk.labeled / "train" / "sentences.jsonl"
    kept = read_examples([path])
    spoilt = [e for e in kept if "floods" not in e.topics]
    write_examples(path, spoilt, force=True)
    assert run_on(desk, "retrain").code == 3
    return desk


def versions(desk):
    return registry_of(desk).versions()


def test_promoting_a_refused_model_without_a_reason_exits_with_3_and_the_figures(run_on, desk):
    serving, refused = versions(desk)
    done = run_on(desk, "models", "promote", refused)
    assert done.code == 3
    assert f"The gate refused model {refused}: macro-F1 on 13 test paragraphs: " in done.err
    assert "--reason" in done.err
    assert registry_of(desk).current() == serving
    done = run_on(desk, "models", "promote", refused, "--reason", "no rivers here")
    assert (done.code, f"{refused} serves now." in done.err) == (0, True)
    assert registry_of(desk).history()[-1].reason == "no rivers here (against the gate)"


def test_a_unique_beginning_is_enough_and_no_name_is_refused(run_on, desk):
    serving, _ = versions(desk)
    done = run_on(desk, "models", "promote", serving[:14])
    assert (done.code, f"{serving} serves now." in done.err) == (0, True)
    done = run_on(desk, "models", "promote", "")
    assert (done.code, "tagger models list" in done.err) == (1, True)


def test_going_back_is_told(run_on, desk):
    serving, refused = versions(desk)
    run_on(desk, "models", "promote", refused, "--reason", "a try")
    done = run_on(desk, "models", "rollback")
    assert (done.code, f"{serving} serves again." in done.err) == (0, True)


def test_a_broken_card_is_named_and_the_others_are_listed_and_verified(run_on, desk):
    serving, broken = versions(desk)
    (desk.models / broken / "card.json").write_text("{", encoding="utf-8")
    listed = run_on(desk, "models", "list")
    assert listed.code == 0
    assert serving in listed.out
    assert f"The card of model {broken} cannot be read" in listed.err
    rows = json.loads(run_on(desk, "models", "list", "--json").out)
    assert [(row["version"], row["current"], "problem" in row) for row in rows] == [
        (serving, True, False),
        (broken, False, True),
    ]
    verified = run_on(desk, "models", "verify")
    assert verified.code == 1
    assert f"{serving}: sound" in verified.err
    assert f"{broken}: card.json or another file cannot be read" in verified.err


def test_a_serving_model_that_was_deleted_fails_the_check(run_on, desk):
    serving, other = versions(desk)
    shutil.rmtree(desk.models / serving)
    done = run_on(desk, "models", "verify")
    assert done.code == 1
    assert f"{other}: sound" in done.err
    assert f"{serving}: serves, but is not there" in done.err


def test_a_current_line_that_names_no_model_leaves_the_list(run_on, desk):
    (desk.models / "current").write_text("../elsewhere\n", encoding="utf-8")
    done = run_on(desk, "models", "list", "--json")
    assert [row["current"] for row in json.loads(done.out)] == [False, False]
    verified = run_on(desk, "models", "verify")
    assert (verified.code, "names no model: '../elsewhere'" in verified.err) == (1, True)
    told = json.loads(run_on(desk, "models", "verify", "--json").out)
    assert not told["sound"]
    assert "names no model" in told["problem"]
    assert [one["problems"] for one in told["models"]] == [[], []]


def test_verify_as_json_says_the_same_to_a_program(run_on, desk):
    serving, other = versions(desk)
    done = run_on(desk, "models", "verify", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == {
        "sound": True,
        "problem": None,
        "models": [
            {"version": serving, "current": True, "problems": []},
            {"version": other, "current": False, "problems": []},
        ],
    }
    (desk.models / other / "idf.npy").unlink()
    done = run_on(desk, "models", "verify", other, "--json")
    told = json.loads(done.out)
    assert (done.code, told["sound"]) == (1, False)
    assert told["models"] == [
        {"version": other, "current": False, "problems": ["idf.npy is missing"]}
    ]


def test_an_export_takes_its_file_with_or_without_o(run_on, desk, tmp_path):
    serving, other = versions(desk)
    for words, version in (
        ([tmp_path / "a.joblib"], serving),
        (["-o", tmp_path / "b.joblib"], serving),
        ([other, tmp_path / "c.joblib"], other),
        ([other[:14], "-o", tmp_path / "d"], other),
    ):
        done = run_on(desk, "models", "export", *words)
        assert (done.code, done.err) == (0, f"{version} written to {words[-1]}\n")
        assert joblib.load(words[-1]).classes_ is not None
    assert run_on(desk, "models", "export", "model").code == 1  # it could be a version
    twice = run_on(desk, "models", "export", serving, tmp_path / "e", "-o", tmp_path / "f")
    assert (twice.code, "named twice" in twice.err) == (2, True)


@pytest.mark.parametrize("words", [["-"], ["-o", "-"]])
def test_an_export_goes_into_a_pipe(desk, tmp_path, words):
    done = subprocess.run(
        [sys.executable, "-m", "tagger.cli", "models", "export", *words, "--home", str(desk.home)],
        capture_output=True,
        cwd=tmp_path,
        check=True,
    )
    assert joblib.load(io.BytesIO(done.stdout)).classes_ is not None
    assert not (tmp_path / "-").exists()
