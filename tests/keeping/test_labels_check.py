"""What is wrong with labels is found before anybody learns from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tagger.keeping.labeled import Finding
from tagger.keeping.labels_check import check_files, check_labels
from tagger.keeping.taxonomy_changes import History
from tagger.records import TopicId

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy

TALKS, FLOODS = TopicId("talks"), TopicId("floods")
TOPICS = (TALKS, FLOODS)
GOOD = b'{"text": "A truce was agreed.", "topics": ["talks"]}'


def write_lines(path: Path, *lines: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n".join(lines))
    return path


def line(text: str, *topics: str) -> bytes:
    return json.dumps({"text": text, "topics": topics}, ensure_ascii=False).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sound labels: both topics in the training file, other texts in the test."""
    write_lines(
        tmp_path / "train" / "a.jsonl",
        line("The mediator read the draft of the truce to both delegations.", "talks"),
        line("The river carried away the bridge and flooded the village below.", "floods"),
        line("The school choir will sing in the cathedral on Sunday afternoon."),
    )
    write_lines(tmp_path / "test.jsonl", line("Envoys met in Vienna for a second round.", "talks"))
    return tmp_path


def add(file: Path, *lines: bytes) -> None:
    file.write_bytes(b"\n".join([file.read_bytes(), *lines]))


def found(folder: Path) -> list[tuple[str, int, str]]:
    findings = check_labels(folder, TOPICS)
    return [(f.file.removeprefix(f"{folder}/"), f.line, f.message) for f in findings]


def test_sound_labels_have_no_findings(folder: Path) -> None:
    assert found(folder) == []


def test_the_desk_of_the_tests_is_sound(desk: Settings, taxonomy: Taxonomy) -> None:
    assert check_labels(desk.labeled, taxonomy.ids) == []


def test_every_invalid_line_is_found_not_just_the_first(folder: Path) -> None:
    add(folder / "train" / "a.jsonl", b"{", GOOD, b"\xff")
    add(folder / "test.jsonl", line("Something", "sport"))
    findings = [(file, line) for file, line, _ in found(folder)]
    assert findings == [("test.jsonl", 2), ("train/a.jsonl", 4), ("train/a.jsonl", 6)]


def test_a_text_that_stands_twice_is_found_whatever_its_typography(folder: Path) -> None:
    add(folder / "train" / "a.jsonl", line("“Rain” – again", "floods"), line('"Rain" - again'))
    assert found(folder) == [
        (
            "train/a.jsonl",
            5,
            f"the text of {folder}/train/a.jsonl:4 again, otherwise labelled",
        )
    ]


def test_a_text_that_stands_twice_with_the_same_topics_is_found_too(folder: Path) -> None:
    write_lines(folder / "train" / "b.jsonl", line("Rain again", "floods"))
    add(folder / "train" / "a.jsonl", line("Rain again", "floods"))
    ((file, number, message),) = found(folder)
    assert (file, number) == ("train/b.jsonl", 1)
    assert message.endswith("a.jsonl:4 again, with the same topics")


def test_a_training_text_that_stands_in_the_test_is_found_in_the_training_file(
    folder: Path,
) -> None:
    add(folder / "train" / "a.jsonl", line("Envoys met in Vienna for a second round.", "talks"))
    ((file, number, message),) = found(folder)
    assert (file, number) == ("train/a.jsonl", 4)
    assert message == f"the text of {folder}/test.jsonl:1 again, with the same topics"


def test_a_near_copy_of_a_test_text_is_found_in_the_training_file(folder: Path) -> None:
    add(folder / "train" / "a.jsonl", line("UPDATE: Envoys met in Vienna for a second round"))
    assert found(folder) == [("train/a.jsonl", 4, f"near-copy of the test's {folder}/test.jsonl:1")]


def test_near_copies_in_training_that_are_labelled_otherwise_are_a_warning(folder: Path) -> None:
    text = "The river rose by a metre overnight and flooded forty houses in the lower village"
    add(
        folder / "train" / "a.jsonl", line(f"{text}.", "floods"), line(f"UPDATE: {text}.", "floods")
    )
    assert found(folder) == []
    add(folder / "train" / "a.jsonl", line(f"{text}, police said.", "talks"))
    [finding] = check_labels(folder, TOPICS)
    assert (finding.line, finding.grade) == (6, "warning")
    assert finding.message == f"near-copy of {folder}/train/a.jsonl:4, otherwise labelled"


def test_near_copies_within_one_side_are_no_finding(folder: Path) -> None:
    add(
        folder / "train" / "a.jsonl",
        line("The dam was opened in the evening after three days of heavy rain.", "floods"),
        line("The dam was opened in the evening after five days of heavy rain.", "floods"),
    )
    assert found(folder) == []


@pytest.mark.parametrize(
    "mangled",
    [
        "It â€™s raining",
        "The cafÃ© is closed",
        "Ð Ð¾Ñ\x81Ñ\x81Ð¸Ñ",
        "It вЂ™s raining",
        "It\x92s raining",
        "caf\ufffd",
        "nul\x00byte",
        "half a pair \ud83d",
    ],
    ids=[
        "quote as cp1252",
        "accent as cp1252",
        "Cyrillic as latin-1",
        "quote as cp1251",
        "cp1252 quote as latin-1",
        "replacement character",
        "control",
        "lone surrogate",
    ],
)
def test_mangled_characters_are_found(folder: Path, mangled: str) -> None:
    add(folder / "train" / "a.jsonl", json.dumps({"text": mangled, "topics": []}).encode())
    assert found(folder) == [("train/a.jsonl", 4, "mangled characters")]


@pytest.mark.parametrize(
    "sound",
    ["Ça, São Paulo, ÂNGELA, €5", "Рік у Києві, вісім", "“quotes”\tand – tabs", "İstanbul 🚀 ½ °C"],
)
def test_foreign_letters_are_not_mangled(folder: Path, sound: str) -> None:
    add(folder / "train" / "a.jsonl", line(sound))
    assert found(folder) == []


def test_a_topic_without_a_training_text_is_a_warning(folder: Path) -> None:
    findings = check_labels(folder, (*TOPICS, TopicId("sport")))
    assert findings == [
        Finding(
            f"{folder}/taxonomy.toml", 1, "no training paragraph has the topic sport", "warning"
        )
    ]


def test_a_desk_without_a_test_or_training_file_can_be_checked(tmp_path: Path) -> None:
    findings = check_labels(tmp_path, TOPICS)
    assert [finding.grade for finding in findings] == ["warning", "warning"]


def test_errors_come_before_warnings_then_by_file_and_line(folder: Path) -> None:
    add(folder / "train" / "a.jsonl", b"{", b"{")
    findings = check_labels(folder, (*TOPICS, TopicId("sport")))
    assert [(f.grade, f.line) for f in findings] == [("error", 4), ("error", 5), ("warning", 1)]


def test_files_by_themselves_are_checked_against_each_other_but_not_for_unused_topics(
    tmp_path: Path,
) -> None:
    first = write_lines(tmp_path / "a.jsonl", line("Rain again.", "floods"), b"{")
    second = write_lines(tmp_path / "b.jsonl", line("Rain again.", "floods"))
    findings = check_files([first, second], TOPICS, History())
    assert [(f.file, f.line, f.grade) for f in findings] == [
        (str(first), 2, "error"),
        (str(second), 1, "error"),
    ]


def test_without_known_topics_only_those_that_no_desk_could_have_are_wrong(tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "a.jsonl",
        line("Flats are dear.", "real estate"),
        line("A choir sang.", "a;b", "talks "),
    )
    assert [f.message for f in check_files([file], None, History())] == [
        "the topic 'a;b' holds ';', the sign between topics in lists and tables",
        "the topic 'talks ' begins or ends with a blank",
    ]
