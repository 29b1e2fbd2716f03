from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import LabelsError, OutputError
from tagger.keeping import labeled
from tagger.keeping.labeled import Finding, read_examples, write_examples
from tagger.records import LabeledExample, TopicId

if TYPE_CHECKING:
    from pathlib import Path


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


def test_a_finding_reads_like_a_compilers_message() -> None:
    assert str(Finding("train/a.jsonl", 17, "is no JSON")) == "train/a.jsonl:17: error: is no JSON"


def test_training_files_come_in_order_of_their_names(tmp_path: Path) -> None:
    for name in ("a.jsonl", "0.jsonl", "notes.txt"):
        write_lines(tmp_path / "train" / name, GOOD)
    assert [path.name for path in labeled.train_files(tmp_path)] == ["0.jsonl", "a.jsonl"]
    assert labeled.test_file(tmp_path) == tmp_path / "test.jsonl"
