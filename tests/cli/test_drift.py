"""``tagger drift`` as operators see it."""

from __future__ import annotations

import json

SYLLABLES = ("kva", "bru", "thig", "mor", "quil", "sar", "plo", "wen", "ost", "ydd", "lun")
STRANGE = "\n\n".join(
    f"Kvasso {one}{two} went {two}{one} to {one}{one}en and {two}{two}or, {two}ash {one}em."
    for one in SYLLABLES
    for two in SYLLABLES
)


def test_it_says_that_retraining_is_due_and_what_to_do(run, tmp_path):
    (tmp_path / "strange.txt").write_text(STRANGE, encoding="utf-8")
    done = run("drift", tmp_path / "strange.txt")
    assert done.code == 0
    assert "Retraining is due" in done.err
    assert "tagger queue add" in done.err
    assert "kvasso" in done.out


def test_json_holds_the_verdict_and_every_figure(run, tmp_path):
    (tmp_path / "strange.txt").write_text(STRANGE, encoding="utf-8")
    found = json.loads(run("drift", tmp_path / "strange.txt", "--json").out)
    assert found["due"]
    assert found["n"] == 121
    assert {shift["topic"] for shift in found["topics"]} == {"talks", "energy", "floods"}
    assert found["unseen"]["low"] <= found["unseen"]["now"] <= found["unseen"]["high"]


def test_without_input_the_queue_is_compared(run_on, desk, tmp_path):
    (tmp_path / "strange.txt").write_text(STRANGE, encoding="utf-8")
    assert run_on(desk, "retrain").code == 0
    assert "Too few" in run_on(desk, "drift").err
    assert run_on(desk, "queue", "add", tmp_path / "strange.txt").code == 0
    assert "Retraining is due" in run_on(desk, "drift").err


def test_a_name_that_stands_for_no_file_is_an_error_with_a_cure(run):
    done = run("drift", "nowhere.txt")
    assert done.code == 1
    assert "nowhere.txt" in done.err


def test_a_model_without_figures_of_its_training_says_how_to_get_them(run_on, desk, tmp_path):
    assert run_on(desk, "retrain").code == 0
    card = next(desk.models.glob("*/card.json"))
    data = json.loads(card.read_text(encoding="utf-8"))
    del data["baseline"]
    card.write_text(json.dumps(data), encoding="utf-8")
    done = run_on(desk, "drift")
    assert done.code == 1
    assert "tagger retrain" in done.err
