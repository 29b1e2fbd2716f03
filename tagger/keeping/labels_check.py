"""Everything wrong with labelled files that a person should know, by file and line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from tagger.keeping.labeled import Finding, sifted, test_files, train_files
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.near_copies import group_near_copies
from tagger.paragraphs import paragraph_id
from tagger.taxonomy import id_problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.keeping.taxonomy_changes import History
    from tagger.records import LabeledExample, ParagraphId, TopicId

# Typical traces of UTF-8 read as cp1252 or latin-1 and, for quotes and dashes, as cp1251; of cp1252
# read as latin-1; of bytes that no decoder knew; of a pair cut in half.
_MOJIBAKE = re.compile(
    "\ufffd|â€|вЂ|Ã[\u0080-\u00bf]|Ð[\u0080-\u00bf]|[\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f\ud800-\udfff]"
)


def check_labels(labeled: Path, topics: Collection[TopicId]) -> list[Finding]:
    """Everything wrong with the training files and the frozen test of a desk."""
    history = read_history(labeled)
    train, broken = sifted(train_files(labeled), topics, history)
    test, more = sifted(test_files(labeled), topics, history)
    unused = _unused_topics(labeled, train, topics)
    return _in_order([*broken, *more, *_wrong_texts(train, test), *unused])


def check_files(
    paths: Iterable[Path], topics: Collection[TopicId] | None, history: History
) -> list[Finding]:
    """Everything wrong with labelled files by themselves, none of which is a test of the others.

    Args:
        paths: JSONL files.
        topics: the known topics; None accepts any.
        history: how earlier topics read today.

    Raises:
        LabelsError: a file cannot be read.
    """
    kept, broken = sifted(paths, topics, history)
    wrong = _wrong_ids(kept) if topics is None else ()
    return _in_order([*broken, *wrong, *_wrong_texts(kept, [])])


def _wrong_ids(examples: Sequence[LabeledExample]) -> Iterator[Finding]:
    """Topics that no desk could have."""
    for example in examples:
        for topic in sorted(example.topics):
            if problem := id_problem(topic):
                yield _finding(example, f"the topic {topic!r} {problem}")


def _wrong_texts(
    train: Sequence[LabeledExample], test: Sequence[LabeledExample]
) -> Iterator[Finding]:
    for example in (*train, *test):
        if _MOJIBAKE.search(example.text):
            yield _finding(example, "mangled characters")
    yield from _copies(train, test)


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (finding.grade, finding.file, finding.line))


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
