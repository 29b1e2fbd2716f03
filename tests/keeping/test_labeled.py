from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import LabelsError, OutputError
from tagger.keeping import labeled
from tagger.keeping.labeled import Finding, check_labels, read_examples, write_examples
from tagger.records import LabeledExample, TopicId

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


def test_a_line_becomes_an_example_that_knows_where_it_stands(tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "a.jsonl",
        b'{"text": "Rain again.", "topics": [], "year": 2022, "tags": ["x"]}',
        b"",
        b'{"topics": ["floods", "talks"], "text": "Talks drowned."}',
    )
    first, second = read_examples([file], TOPICS)
    assert first == LabeledExample("Rain again.", frozenset(), f"{file}:1")
    assert first.extra == {"year": 2022, "tags": ["x"]}
    assert second == LabeledExample("Talks drowned.", frozenset(TOPICS), f"{file}:3")


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    files = [write_lines(tmp_path / f"{name}.jsonl", line(name)) for name in "ba"]
    assert [example.text for example in read_examples(files)] == ["b", "a"]


@pytest.mark.parametrize(
    "data",
    [b"\xef\xbb\xbf" + GOOD, GOOD + b"\r\n\r\n", b"\n\n  \n" + GOOD, GOOD + b"\n\n"],
    ids=["byte order mark", "Windows line ends", "blank lines before", "blank lines after"],
)
def test_traces_of_other_editors_do_no_harm(tmp_path: Path, data: bytes) -> None:
    (example,) = read_examples([write_lines(tmp_path / "a.jsonl", data)], TOPICS)
    assert example.text == "A truce was agreed."
    assert example.topics == {TALKS}


def test_an_empty_file_holds_no_example(tmp_path: Path) -> None:
    assert read_examples([write_lines(tmp_path / "a.jsonl", b"")]) == []


BAD = {
    "broken JSON": (b'{"text": "A truce', "is no JSON"),
    "two objects": (GOOD + GOOD, "is no JSON"),
    "nested beyond measure": (b"[" * 100_000, "is no JSON"),
    "a figure beyond measure": (
        GOOD[:-1] + b', "n": ' + b"1" * 5000 + b"}",
        "is no JSON",
    ),
    "a list": (b"[]", "is no object"),
    "no text": (b'{"topics": []}', '"text" is missing or empty'),
    "blank text": (b'{"text": " ", "topics": []}', '"text" is missing or empty'),
    "text that is a number": (b'{"text": 7, "topics": []}', '"text" is missing or empty'),
    "no topics": (b'{"text": "x"}', '"topics" is no list'),
    "topics that are a text": (b'{"text": "x", "topics": "talks"}', '"topics" is no list'),
    "a topic that is a number": (b'{"text": "x", "topics": [1]}', '"topics" is no list'),
    "null topics": (b'{"text": "x", "topics": null}', '"topics" is no list'),
    "a topic twice": (b'{"text": "x", "topics": ["talks", "talks"]}', "a topic is given twice"),
    "an unknown topic": (b'{"text": "x", "topics": ["talk", "x"]}', "unknown topic talk, x"),
    "bytes that are not UTF-8": (b'{"text": "caf\xe9", "topics": []}', "is not UTF-8"),
    "UTF-16": ('{"text": "x", "topics": []}'.encode("utf-16"), "is not UTF-8"),
}


@pytest.mark.parametrize(("bad", "message"), BAD.values(), ids=BAD)
def test_an_invalid_line_is_refused_by_file_and_number(
    tmp_path: Path, bad: bytes, message: str
) -> None:
    file = write_lines(tmp_path / "a.jsonl", *[GOOD] * 16, bad, GOOD)
    with pytest.raises(LabelsError) as caught:
        read_examples([file], TOPICS)
    assert caught.value.message.startswith(f"{file}, line 17: {message}")
    assert "tagger labels check" in caught.value.cure


def test_any_topic_is_accepted_where_none_are_known(tmp_path: Path) -> None:
    (example,) = read_examples([write_lines(tmp_path / "a.jsonl", line("x", "anything"))])
    assert example.topics == {"anything"}


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(LabelsError, match="could not be read"):
        read_examples([tmp_path / name])


TEXTS = st.text(
    st.characters(exclude_categories=()) | st.sampled_from('\ud83d\udfff\\"\u2028\x85\r\n\x00'),
    min_size=1,
).filter(str.strip)


def joined(text: str) -> str:
    """Halves of a surrogate pair side by side become one character, as in all JSON."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@given(st.lists(st.tuples(TEXTS, st.frozensets(TEXTS.map(TopicId), max_size=3)), max_size=4))
def test_what_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, frozenset[TopicId]]]
) -> None:
    file = tmp_path_factory.mktemp("labeled") / "a.jsonl"
    extra: dict[str, object] = {"year": 2026, "note": "“Привіт”"}
    rows = [(joined(text), frozenset(map(TopicId, map(joined, given)))) for text, given in rows]
    write_examples(file, [LabeledExample(text, given, extra=extra) for text, given in rows])
    read = read_examples([file])
    assert [(e.text, e.topics, e.extra) for e in read] == [(t, g, extra) for t, g in rows]


def test_written_lines_can_be_read_by_people(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    write_examples(file, [LabeledExample("Überflutung – “Привіт”", frozenset([TALKS, FLOODS]))])
    expected = '{"text": "Überflutung – “Привіт”", "topics": ["floods", "talks"]}\n'
    assert file.read_text(encoding="utf-8") == expected


def test_writing_replaces_no_file_unasked(tmp_path: Path) -> None:
    file = write_lines(tmp_path / "a.jsonl", GOOD)
    with pytest.raises(OutputError, match="exists"):
        write_examples(file, [])
    assert file.read_bytes() == GOOD
    write_examples(file, [], force=True)
    assert file.read_bytes() == b""


# --- check_labels


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


def test_a_finding_reads_like_a_compilers_message() -> None:
    assert str(Finding("train/a.jsonl", 17, "is no JSON")) == "train/a.jsonl:17: error: is no JSON"


def test_training_files_come_in_order_of_their_names(folder: Path) -> None:
    write_lines(folder / "train" / "0.jsonl", GOOD)
    write_lines(folder / "train" / "notes.txt", b"no labels")
    assert [path.name for path in labeled.train_files(folder)] == ["0.jsonl", "a.jsonl"]
    assert labeled.test_file(folder) == folder / "test.jsonl"
