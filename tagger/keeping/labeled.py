"""Labelled paragraphs on disk: JSON lines of ``{"text": ..., "topics": [...]}`` and more.

Lines are never rewritten when topics change: they are read through the changes that came after
them (see :mod:`tagger.keeping.taxonomy_changes`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tagger.errors import LabelsError
from tagger.files import write_beside
from tagger.keeping.taxonomy_changes import History
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.near_copies import group_near_copies
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample, ParagraphId, TopicId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

# Typical traces of UTF-8 read as cp1252 or latin-1 and, for quotes and dashes, as cp1251; of cp1252
# read as latin-1; of bytes that no decoder knew; of a pair cut in half.
_MOJIBAKE = re.compile(
    "\ufffd|â€|вЂ|Ã[\u0080-\u00bf]|Ð[\u0080-\u00bf]|[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ud800-\udfff]"
)
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
                    "'tagger labels check' lists all such lines.",
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


def check_labels(labeled: Path, topics: Collection[TopicId]) -> list[Finding]:
    """Everything wrong with the training files and the frozen test of a desk."""
    findings: list[Finding] = []
    kept: dict[str, list[LabeledExample]] = {"train": [], "test": []}
    files = [("train", path) for path in train_files(labeled)]
    files += [("test", path) for path in test_files(labeled)]
    history = read_history(labeled)
    for side, path in files:
        for found in _read(path, topics, history):
            if isinstance(found, Finding):
                findings.append(found)
            else:
                kept[side].append(found)
    everything = [*kept["train"], *kept["test"]]
    findings += [_finding(e, "mangled characters") for e in everything if _MOJIBAKE.search(e.text)]
    findings += _copies(kept["train"], kept["test"])
    findings += _unused_topics(labeled, kept["train"], topics)
    return sorted(findings, key=lambda finding: (finding.grade, finding.file, finding.line))


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


def _finding(
    example: LabeledExample, message: str, grade: Literal["error", "warning"] = "error"
) -> Finding:
    file, _, line = example.origin.rpartition(":")
    return Finding(file, int(line), message, grade)


def _copies(train: Sequence[LabeledExample], test: Sequence[LabeledExample]) -> list[Finding]:
    """Equal texts, near-copies of a test's text in training, near-copies labelled otherwise."""
    findings = []
    first: dict[ParagraphId, LabeledExample] = {}
    for example in [*test, *train]:
        earlier = first.setdefault(paragraph_id(example.text), example)
        if earlier is not example:
            same = (
                "with the same topics" if earlier.topics == example.topics else "otherwise labelled"
            )
            findings.append(_finding(example, f"the text of {earlier.origin} again, {same}"))
    distinct = [e for e in [*test, *train] if first[paragraph_id(e.text)] is e]
    tests = {example.origin for example in test}
    groups = group_near_copies([example.text for example in distinct])
    for example, group in zip(distinct, groups.tolist(), strict=True):
        original = distinct[group]
        if original.origin in tests and example.origin not in tests:
            findings.append(_finding(example, f"near-copy of the test's {original.origin}"))
        elif example.topics != original.topics and not (example.unsaid or original.unsaid):
            # A rewrite may well change the topic: a person has to look, training goes on.
            message = f"near-copy of {original.origin}, otherwise labelled"
            findings.append(_finding(example, message, "warning"))
    return findings


def _unused_topics(
    labeled: Path, train: Sequence[LabeledExample], topics: Collection[TopicId]
) -> list[Finding]:
    used = {topic for example in train for topic in example.topics}
    file = str(labeled / "taxonomy.toml")
    return [
        Finding(file, 1, f"no training paragraph has the topic {topic}", "warning")
        for topic in topics
        if topic not in used
    ]
