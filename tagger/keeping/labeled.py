"""Labelled paragraphs on disk: JSON lines of ``{"text": ..., "topics": [...]}`` and more.

Lines are never rewritten when topics change: they are read through the changes that came after
them (see :mod:`tagger.keeping.taxonomy_changes`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagger.errors import LabelsError
from tagger.files import write_beside
from tagger.keeping.taxonomy_changes import History
from tagger.records import LabeledExample, TopicId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

_UNKNOWN = "unknown topic"
_CURE = "Mend that line, or say what became of it with 'tagger topics rename' or 'topics retire'"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the labels that a person should know, at a file and line."""

    file: str
    line: int
    message: str
    grade: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.grade}: {self.message}"


def train_files(labeled: Path) -> list[Path]:
    """The training files of a desk, in order of their names."""
    return sorted((labeled / "train").glob("*.jsonl"))


def test_file(labeled: Path) -> Path:
    """The frozen test of a desk."""
    return labeled / "test.jsonl"


def test_files(labeled: Path) -> list[Path]:
    """The same in a list, which is empty where the desk has none."""
    return [path for path in [test_file(labeled)] if path.exists()]


def read_examples(
    paths: Iterable[Path],
    topics: Collection[TopicId] | None = None,
    history: History | None = None,
) -> list[LabeledExample]:
    """Read labelled paragraphs, all or nothing.

    Args:
        paths: JSONL files.
        topics: the known topics; None accepts any.
        history: how earlier topics read today; None takes all ids as they stand.

    Raises:
        LabelsError: a file is missing, or a line in it is not valid; file and line are named.
    """
    examples = []
    for path in paths:
        for found in _read(path, topics, history or History()):
            if isinstance(found, Finding):
                raise LabelsError(
                    f"{found.file}, line {found.line}: {found.message}.",
                    f"{_CURE if _UNKNOWN in found.message else 'Mend that line'}; "
                    f"'tagger labels check {path}' lists all such lines.",
                )
            examples.append(found)
    return examples


def write_examples(path: Path, examples: Iterable[LabeledExample], *, force: bool = False) -> None:
    """Write labelled paragraphs as JSONL, whole or not at all.

    Raises:
        OutputError: the file exists and may not be replaced, or cannot be written.
    """
    with (
        write_beside(path, force=force) as beside,
        # Half a surrogate pair is no UTF-8; \udXXX written out is what JSON has for it.
        beside.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):
        for example in examples:
            line = {"text": example.text, "topics": sorted(example.topics), **example.extra}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def sifted(
    paths: Iterable[Path], topics: Collection[TopicId] | None, history: History
) -> tuple[list[LabeledExample], list[Finding]]:
    """The lines that are valid, and what is wrong with the others.

    Raises:
        LabelsError: a file cannot be read.
    """
    found = [one for path in paths for one in _read(path, topics, history)]
    broken = [one for one in found if isinstance(one, Finding)]
    return [one for one in found if isinstance(one, LabeledExample)], broken


def _read(
    path: Path, topics: Collection[TopicId] | None, history: History
) -> Iterator[LabeledExample | Finding]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise LabelsError(
            f"{path} could not be read: {error.strerror}.", "Name a JSONL file of labelled texts."
        ) from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _parse(line, path, number, topics, history)


def _parse(
    line: bytes, path: Path, number: int, topics: Collection[TopicId] | None, history: History
) -> LabeledExample | Finding:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Finding(str(path), number, "is not UTF-8")
    except (ValueError, RecursionError) as error:  # not JSON, or a figure of thousands of digits
        return Finding(str(path), number, f"is no JSON ({error})")
    if problem := _problem(row):
        return Finding(str(path), number, problem)
    extra = {key: value for key, value in row.items() if key not in {"text", "topics"}}
    text, given = row["text"], row["topics"]
    answer = history.read(given, text, history.version_of_line(text, given))
    if unknown := sorted(answer.topics.difference(topics)) if topics is not None else []:
        return Finding(str(path), number, f"{_UNKNOWN} {', '.join(unknown)}")
    return LabeledExample(text, answer.topics, f"{path}:{number}", extra, answer.unsaid)


def _problem(row: object) -> str:
    if not isinstance(row, dict):
        return 'is no object of {"text", "topics"}'
    text, given = row.get("text"), row.get("topics")
    if not isinstance(text, str) or not text.strip():
        return '"text" is missing or empty'
    if not isinstance(given, list) or not all(isinstance(topic, str) for topic in given):
        return '"topics" is no list of topic ids ([] means none of them)'
    return "a topic is given twice" if len(set(given)) < len(given) else ""
