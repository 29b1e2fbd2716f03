"""Set up a desk of one's own: topics, labelled paragraphs, a frozen test."""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.errors import LabelsError, OutputError
from tagger.keeping.labeled import read_examples, write_examples
from tagger.learning.folds import hold_out
from tagger.learning.near_copies import group_near_copies
from tagger.learning.training import truth_table
from tagger.taxonomy import Taxonomy, id_problem, make_taxonomy, write_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.records import LabeledExample

_PACKAGE = Path(__file__).parents[1]
_SEED = 0
_RARE = 10
_LARGEST = 0.5  # of the labels for the test
_DRAFT = (
    "# Drafted from the labels found. Give each topic a label, a definition and a 'not' clause.\n\n"
)
_ID_CURE = (
    "Give it another name in the file, such as real_estate or 'real estate'. A paragraph without a "
    'topic is {"topics": []}.'
)


@dataclass(frozen=True, slots=True)
class NewDesk:
    """What was set up: where, with which topics, how many training and test paragraphs."""

    home: Path
    taxonomy: Taxonomy
    train: int
    test: int


def starter_labels() -> Path:
    """The ``labeled/`` folder that comes with this tool."""
    installed, checkout = _PACKAGE / "starter", _PACKAGE.parent / "labeled"
    return installed if installed.is_dir() else checkout


def init_from_starter(home: Path) -> None:
    """Set up a desk with the four topics and the training paragraphs that come with this tool.

    Raises:
        OutputError: there is a desk already, or it cannot be written.
    """
    ignore = shutil.ignore_patterns("corrections.db*")
    with _labeled_beside(home) as labeled:
        shutil.copytree(starter_labels(), labeled, ignore=ignore, dirs_exist_ok=True)


def init_from_labels(home: Path, file: Path, *, test_share: float = 0.1) -> NewDesk:
    """Set up a desk whose topics are the labels found in a file, any number of them.

    Args:
        home: the new desk's folder.
        file: JSONL of ``{"text", "topics"}``.
        test_share: how much of it is frozen as the test, from 0 (none) to 0.5.

    Raises:
        LabelsError: a line is not valid, no line has a topic, or the share is no share.
        OutputError: there is a desk already, or it cannot be written.
    """
    if not 0 <= test_share <= _LARGEST:  # nan is neither
        raise LabelsError(
            f"{test_share} is no share for a test.", f"Name one from 0 (none) to {_LARGEST}."
        )
    _refuse_existing(home)
    examples = read_examples([file])
    taxonomy = draft_taxonomy(examples, file)
    held_out = _held_out(examples, taxonomy, test_share)
    with _labeled_beside(home) as labeled:
        for path, is_test in {"train/train.jsonl": False, "test.jsonl": True}.items():
            kept = [e for e, out in zip(examples, held_out, strict=True) if out == is_test]
            if kept:
                write_examples(labeled / path, kept)
        draft = _DRAFT + write_taxonomy(taxonomy)
        (labeled / "taxonomy.toml").write_text(draft, encoding="utf-8")
    return NewDesk(home, taxonomy, train=held_out.count(False), test=held_out.count(True))


def draft_taxonomy(examples: Sequence[LabeledExample], file: Path) -> Taxonomy:
    """A taxonomy of the labels found, most frequent first."""
    for example in examples:
        for topic in sorted(example.topics):
            if problem := id_problem(topic):
                file_, _, line = example.origin.rpartition(":")
                raise LabelsError(f"{file_}, line {line}: the topic {topic!r} {problem}.", _ID_CURE)
    counts = Counter(topic for example in examples for topic in sorted(example.topics))
    if not counts:
        raise LabelsError(
            f"No line of {file} has a topic.", 'Give some lines topics: {"text", "topics": [...]}.'
        )
    return make_taxonomy([{"id": topic} for topic, _ in counts.most_common()], str(file))


def _held_out(examples: Sequence[LabeledExample], taxonomy: Taxonomy, share: float) -> list[bool]:
    if not share:
        return [False] * len(examples)
    # Less than one paragraph is taken for one; so many folds as 1 / share would not fit the memory.
    share = max(share, min(_LARGEST, 1 / len(examples)))
    groups = group_near_copies([example.text for example in examples])
    truth = truth_table(examples, taxonomy.ids)
    # A rare topic needs its few examples for training more than the test needs one of them.
    rare = truth[:, truth.sum(axis=0) < _RARE].any(axis=1)
    return [bool(out) for out in hold_out(truth, groups, share, _SEED) & ~rare]


@contextmanager
def _labeled_beside(home: Path) -> Iterator[Path]:
    """Give a folder to fill, which becomes ``labeled/`` when all went well and goes when not.

    Raises:
        OutputError: there is a desk already, or it cannot be written.
    """
    _refuse_existing(home)
    beside = home / f".labeled.{secrets.token_hex(4)}.part"
    try:
        beside.mkdir(parents=True)
        yield beside
        beside.rename(home / "labeled")
        (home / "models").mkdir(exist_ok=True)
    except (OSError, OutputError) as error:
        raise OutputError(
            f"{home} could not be set up: {_reason(error)}.",
            "Free some space or choose a folder you may write to.",
        ) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _reason(error: OSError | OutputError) -> str:
    """Why, in a line; where many files failed, why the first did."""
    if isinstance(error, shutil.Error):
        said = str(error.args[0][0][2])  # "[Errno 28] No space left on device: 'from' -> 'to'"
        return said.partition("] ")[2].partition(": ")[0] or said
    return str(getattr(error, "strerror", None) or error).splitlines()[0].rstrip(".")


def _refuse_existing(home: Path) -> None:
    if (home / "labeled").exists():
        raise OutputError(
            f"{home} has a labeled/ folder already.", "Name a new folder; nothing was changed."
        )
