import errno
import json
import os
import re
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest

SENTENCES = Path(__file__).parents[1] / "sentences.jsonl"


def test_explain_says_yes_no_and_how_far(run):
    done = run("explain", "The envoys met again to talk about a truce.")
    assert done.code == 0
    assert re.search(r"talks: yes, >?\d+%", done.out)
    assert re.search(r"floods: no, <?\d+%", done.out)
    assert "short" in done.out
    assert "envoys" in done.out


def test_explain_as_json_adds_up_to_the_score(run):
    done = run("explain", "The envoys met again to talk about a truce.", "--json")
    for topic in json.loads(done.out)["topics"]:
        words = sum(word["contribution"] for word in topic["words"])
        terms = sum(share for _, share in topic["terms"])
        assert abs(topic["intercept"] + words - topic["score"]) < 1e-9
        assert abs(topic["intercept"] + terms - topic["score"]) < 1e-9
        assert topic["given"] == (topic["probability"] >= topic["threshold"])


def test_explain_reads_a_pipe_and_wants_a_text(run):
    assert run("explain", "-", stdin="The river rose.").code == 0
    assert run("explain", "-", stdin="  ").code == 2


def test_explain_names_the_topics_there_are(run):
    done = run("explain", "The river rose.", "--topic", "tennis")
    assert done.code == 2
    assert "floods" in done.err


def test_evaluate_as_json_keeps_its_contract(run):
    figures = json.loads(run("evaluate", "--json").out)
    assert {
        "macro_f1",
        "micro_f1",
        "exact_match",
        "none_f1",
        "calibration_error",
        "n",
        "model",
        "topics",
    } <= set(figures)
    assert figures["n"] == 13
    assert set(figures["topics"]["talks"]) == {"precision", "recall", "f1", "support", "threshold"}


def test_evaluate_by_a_field_judges_its_parts(run, tmp_path):
    file = tmp_path / "real.jsonl"
    rows = [
        {"text": "The envoys met again.", "topics": ["talks"], "clear": True},
        {"text": "The river rose.", "topics": ["floods"], "clear": True},
        {"text": "A baker sold bread.", "topics": ["talks"], "clear": False},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    parts = json.loads(run("evaluate", file, "--by", "clear", "--json").out)["by"]["clear"]
    assert {name: part["n"] for name, part in parts.items()} == {"true": 2, "false": 1}
    assert parts["false"]["exact_match"] == 0
    assert "clear=true" in run("evaluate", file, "--by", "clear").out
    wrong = run("evaluate", file, "--by", "outlet")
    assert wrong.code == 1
    assert "clear" in wrong.err


def test_evaluate_names_the_line_of_an_unknown_topic(run, tmp_path):
    file = tmp_path / "real.jsonl"
    file.write_text('{"text": "a", "topics": []}\n{"text": "b", "topics": ["tennis"]}\n')
    done = run("evaluate", file)
    assert done.code == 1
    assert "line 2" in done.err
    assert "tennis" in done.err


def test_evaluate_sends_whoever_gave_a_broken_file_to_a_check_of_that_file(run, tmp_path):
    file = tmp_path / "real.jsonl"
    file.write_text('{"text": "a", "topics": []}\n{"text": "b"}\n', encoding="utf-8")
    assert f"'tagger labels check {file}' lists all such lines" in run("evaluate", file).err
    checked = run("labels", "check", file)
    assert (checked.code, checked.out.count("error")) == (1, 1)
    assert f"{file}:2: error: " in checked.out
    assert f"{file}: 1 paragraph, 1 none" in checked.err  # the other line still counts


def test_labels_check_judges_the_given_files_and_no_others(run, run_home, tmp_path):
    good = tmp_path / "good.jsonl"
    good.write_text('{"text": "The river rose.", "topics": ["floods"]}\n', encoding="utf-8")
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text": "The river rose.", "topics": ["tennis"]}\n', encoding="utf-8")
    done = run("labels", "check", good)
    assert (done.code, done.out) == (0, "")
    assert f"{good}: 1 paragraph, 1 floods" in done.err
    done = run("labels", "check", good, bad, "--json")
    told = json.loads(done.out)
    assert (done.code, done.err, told["sound"]) == (1, "", False)
    assert told["findings"] == [
        {"file": str(bad), "line": 1, "message": "unknown topic tennis", "grade": "error"}
    ]
    assert told["counts"][str(good)] == {"paragraphs": 1, "topics": {"floods": 1}}
    assert run("labels", "check", tmp_path / "nowhere.jsonl").code == 1


def test_labels_check_of_a_file_needs_no_desk(run_on, tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text('{"text": "A goat.", "topics": ["goats"]}\n{}\n', encoding="utf-8")
    done = run_on(None, "labels", "check", file)
    assert (done.code, f'{file}:2: error: "text" is missing' in done.out) == (1, True)
    assert "Any topic will do: No desk found" in done.err
    assert run_on(None, "labels", "check", file, "--home", tmp_path).code == 1
    assert "Any topic" not in run_on(None, "labels", "check", file, "--home", tmp_path).err


def test_labels_check_as_json_counts_training_and_test(run):
    done = run("labels", "check", "--json")
    told = json.loads(done.out)
    assert (done.code, told["sound"], told["findings"]) == (0, True, [])
    assert (told["counts"]["train"]["paragraphs"], told["counts"]["test"]["paragraphs"]) == (51, 13)


def test_evaluate_warns_where_texts_were_trained_on(run, run_home):
    done = run("evaluate", run_home.labeled / "train" / "sentences.jsonl")
    assert "stand in the training files too" in done.err


def test_evaluate_writes_a_report_that_needs_no_network(run, tmp_path):
    report = tmp_path / "report.html"
    assert run("evaluate", "--html", report).code == 0
    page = report.read_text(encoding="utf-8")
    assert "<svg" in page
    assert not re.search(r"(src|href)\s*=\s*[\"']?https?:", page)
    assert run("evaluate", "--html", report).code == 1
    assert run("evaluate", "--html", report, "--force").code == 0


def test_models_are_listed_promoted_and_rolled_back(run_on, desk):
    first = json.loads(run_on(desk, "retrain", "--json").out)["version"]
    with (desk.labeled / "train" / "more.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps({"text": "Snow fell on the pass.", "topics": []}))
    second = json.loads(run_on(desk, "retrain", "--json").out)["version"]
    assert first != second

    def serving():
        cards = json.loads(run_on(desk, "models", "list", "--json").out)
        return [card["version"] for card in cards if card["current"]]

    assert serving() == [second]
    assert run_on(desk, "models", "rollback", "--reason", "too eager").code == 0
    assert serving() == [first]
    assert run_on(desk, "models", "rollback").code == 1
    assert run_on(desk, "models", "promote", second).code == 0
    assert serving() == [second]
    assert run_on(desk, "models", "verify").code == 0
    assert json.loads(run_on(desk, "models", "show", first).out)["version"] == first


def test_retrain_without_promotion_leaves_the_serving_model(run_on, desk):
    run_on(desk, "retrain")
    before = json.loads(run_on(desk, "models", "show").out)["version"]
    with (desk.labeled / "train" / "more.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps({"text": "Snow fell on the pass.", "topics": []}))
    assert run_on(desk, "retrain", "--promote", "never").code == 0
    assert json.loads(run_on(desk, "models", "show").out)["version"] == before


def test_an_exported_pipeline_gives_our_probabilities_without_us(run, tmp_path):
    out = tmp_path / "plain.joblib"
    assert run("models", "export", "-o", out).code == 0
    text = "The envoys met again to talk about a truce."
    code = (
        "import sys, joblib\n"
        "class Refuse:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.split('.')[0] == 'tagger': raise ImportError(name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
        f"model = joblib.load({str(out)!r})\n"
        f"print(*model.predict_proba([{text!r}])[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = json.loads(run("explain", text, "--json").out)["topics"]
    probability = sorted(topic["probability"] for topic in ours)
    assert sorted(map(float, done.stdout.split())) == pytest.approx(probability, abs=1e-9)


def test_topics_are_listed(run):
    assert [t["id"] for t in json.loads(run("topics", "list", "--json").out)] == [
        "talks",
        "energy",
        "floods",
    ]
    assert "floods" in run("topics", "list").out


def test_labels_check_names_file_and_line(run_on, desk):
    assert run_on(desk, "labels", "check").code == 0
    bad = desk.labeled / "train" / "bad.jsonl"
    bad.write_text('{"text": "The pass is closed.", "topics": ["tennis"]}\n', encoding="utf-8")
    done = run_on(desk, "labels", "check")
    assert done.code == 1
    assert f"{bad}:1: error: unknown topic tennis" in done.out


def test_init_with_labels_of_ones_own_makes_a_desk_of_any_number_of_topics(run_on, tmp_path):
    rows = [
        {"text": f"{word} number {n} is here today", "topics": [f"topic {word}"]}
        for word in (
            "apples",
            "boats",
            "clocks",
            "drums",
            "eels",
            "flags",
            "goats",
            "hats",
            "inks",
            "jars",
            "kites",
        )
        for n in range(10)
    ]
    source = tmp_path / "mine.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    home = tmp_path / "mine"
    assert run_on(None, "init", home, "--from", source).code == 0
    done = run_on(home, "retrain", "--json")
    assert done.code == 0, done.err
    assert len(json.loads(run_on(home, "topics", "list", "--json").out)) == 11
    assert len(json.loads(done.out)["quality"]["test"]["topics"]) == 11
    assert run_on(None, "init", home, "--from", source).code == 1


def test_init_keeps_the_few_examples_of_a_rare_topic_for_training(run_on, tmp_path):
    rows = [{"text": f"apple pie number {n} here", "topics": ["apples"]} for n in range(40)]
    rows += [{"text": f"a goat stands on rock {n}", "topics": ["goats"]} for n in range(3)]
    source = tmp_path / "mine.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run_on(None, "init", tmp_path / "mine", "--from", source, "--test-share", "0.5")
    test = (tmp_path / "mine" / "labeled" / "test.jsonl").read_text(encoding="utf-8")
    assert "apples" in test
    assert "goats" not in test


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("floods, storms", "holds ','"),
        ("floods ", "begins or ends with a blank"),
        ("", "is empty"),
        ("flo\u0007ods", "holds '\\x07', a character that nobody sees"),
        ("none", "stands for paragraphs without a topic"),
    ],
)
def test_a_topic_that_cannot_work_is_refused_on_every_way_in(run_on, desk, tmp_path, topic, why):
    source = tmp_path / "mine.jsonl"
    rows = [{"text": "The river rose.", "topics": ["floods"]}, {"text": "Rain.", "topics": [topic]}]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run_on(None, "init", tmp_path / "mine", "--from", source)
    assert (done.code, f"{source}, line 2: the topic {topic!r} {why}" in done.err) == (1, True)
    assert not (tmp_path / "mine").exists()
    checked = run_on(None, "labels", "check", source)
    assert (checked.code, f"{source}:2: error: the topic {topic!r} {why}" in checked.out) == (
        1,
        True,
    )
    before = (desk.labeled / "taxonomy.toml").read_text(encoding="utf-8")
    for words in (
        ["add", topic],
        ["rename", "floods", topic],
        ["split", "floods", "rivers", topic],
        ["merge", "floods", "talks", "--into", topic],
    ):
        done = run_on(desk, "topics", *words, "--apply")
        assert (done.code, why in done.err) == (1, True), words
    assert (desk.labeled / "taxonomy.toml").read_text(encoding="utf-8") == before
    with (desk.labeled / "taxonomy.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[[topic]]\nid = {json.dumps(topic)}\n")
    done = run_on(desk, "topics", "list")
    assert (done.code, f"topic 4 has the id {topic!r}, which {why}" in done.err) == (1, True)


def test_init_without_labels_brings_the_four_topics(run_on, tmp_path):
    assert run_on(None, "init", tmp_path / "ours").code == 0
    assert len(json.loads(run_on(tmp_path / "ours", "topics", "list", "--json").out)) == 4


def test_without_a_desk_the_cure_is_named(run_on, tmp_path):
    done = run_on(tmp_path, "topics", "list")
    assert done.code == 1
    assert "tagger init" in done.err


def test_a_desk_with_nothing_to_learn_from_says_so(run_on, desk):
    (desk.labeled / "train" / "sentences.jsonl").write_text(
        '{"text": "The envoys met.", "topics": ["talks"]}\n', encoding="utf-8"
    )
    done = run_on(desk, "retrain")
    assert done.code == 1
    assert "nothing to learn" in done.err


def test_a_taxonomy_with_a_duplicate_id_is_refused(run_on, desk):
    with (desk.labeled / "taxonomy.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[topic]]\nid = "talks"\n')
    done = run_on(desk, "retrain")
    assert done.code == 1
    assert "'talks'" in done.err


def test_a_topic_with_one_example_is_named_and_never_suggested(run_on, desk):
    with (desk.labeled / "taxonomy.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[topic]]\nid = "harvest"\n')
    with (desk.labeled / "train" / "more.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps({"text": "The wheat is in.", "topics": ["harvest"]}))
    done = run_on(desk, "retrain")
    assert done.code == 0
    assert "harvest has 1 labelled" in done.err
    printed = run_on(desk, "explain", "The wheat is in.", "--json").out
    assert "Infinity" not in printed
    harvest = next(t for t in json.loads(printed)["topics"] if t["topic"] == "harvest")
    assert not harvest["given"]
    assert harvest["threshold"] is None


def test_usage_errors_exit_with_2(run):
    assert run("tag").code == 2
    assert run("nonsense").code == 2


def test_explain_reads_a_pipe_in_another_encoding_and_says_so(run, monkeypatch):
    def pipe(data):
        monkeypatch.setattr(
            "tagger.cli.explain.sys", SimpleNamespace(stdin=TextIOWrapper(BytesIO(data)))
        )
        return run("explain", "-")

    done = pipe("Die Gespräche über den Fluß wurden vertagt.".encode("latin-1"))
    assert done.code == 0
    assert "read as cp1252" in done.err
    assert "binary" in pipe(b"\x00\x01\x9f\x00\x02").err


def test_explain_says_that_a_topic_was_never_learned(run_on, desk, monkeypatch):
    lines = desk.labeled / "train" / "few.jsonl"
    lines.write_text('{"text": "The choir sang.", "topics": ["music"]}\n', encoding="utf-8")
    with (desk.labeled / "taxonomy.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[topic]]\nid = "music"\n')
    assert run_on(desk, "retrain").code == 0
    done = run_on(desk, "explain", "The choir sang.", "--topic", "music")
    assert "music: no, for it was never learned" in done.out
    assert "inf" not in done.out


def test_a_share_of_less_than_one_paragraph_freezes_one(run_on, tmp_path):
    share = ["--from", SENTENCES, "--test-share"]
    assert run_on(None, "init", tmp_path / "a", *share, "1e-300").code == 0
    assert len((tmp_path / "a" / "labeled" / "test.jsonl").read_text("utf-8").splitlines()) == 1
    refused = run_on(None, "init", tmp_path / "b", *share, "nan")
    assert refused.code == 1
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("words", [[], ["--from", SENTENCES]])
def test_a_desk_that_cannot_be_set_up_leaves_nothing_and_says_why(
    run_on, tmp_path, monkeypatch, words
):
    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("tagger.desk.init.Path.rename", full)
    done = run_on(None, "init", tmp_path / "desk", *words)
    assert done.code == 1
    assert "could not be set up: No space left on device." in done.err
    assert list((tmp_path / "desk").iterdir()) == []
