"""The changes of a desk's topics, one line each, and how old answers read after them.

Labelled files and the log of corrections are never rewritten. ``taxonomy.history.jsonl`` beside
``taxonomy.toml`` says which topics became which, and every reader of labels and decisions
translates. A version of the topics is the number of changes before it: version 0 is the first.

- A decision belongs to the version at its time.
- A line of a labelled file has no time, so every change notes the lines that were there (four
  bytes for each text with its topics). A line that was written or altered later belongs to a later
  version.
- An answer with an id that its version does not have was given under an earlier one that has it:
  on a page that was still open, or in a file from elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from tagger.errors import TaxonomyError
from tagger.files import write_beside
from tagger.keeping.answers import Answer, Step, translate
from tagger.keeping.taxonomy_text import parse
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ChangeKind = Literal["add", "rename", "merge", "split", "retire", "revert"]
_MARK = 4  # bytes; among 100,000 lines a new one is taken for a known one with odds of 1 in 43,000


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history.

    Args:
        number: counted from 1.
        time: when.
        by: who made it.
        kind: what was done.
        old: the topics it was done to.
        new: the topics they became.
        seeds: of an added topic.
        reverts: the number of the change that a ``revert`` takes back.
        before: the text of ``taxonomy.toml``, to the byte.
        after: the same afterwards.
        lines: marks of labelled lines that no earlier change had noted.
    """

    number: int
    time: datetime
    by: str
    kind: ChangeKind
    old: tuple[TopicId, ...]
    new: tuple[TopicId, ...]
    before: str
    after: str
    seeds: tuple[str, ...] = ()
    reverts: int | None = None
    lines: frozenset[bytes] = field(default=frozenset(), repr=False)

    @property
    def step(self) -> Step:
        """The change as readers see it; a revert is none of its own."""
        if self.kind == "revert":
            raise ValueError("a revert takes back the step of another change")
        return Step(self.kind, self.old, self.new, self.seeds)


@dataclass(frozen=True)
class History:
    """All changes in order, and the ids of today's topics."""

    changes: tuple[Change, ...] = ()
    today: frozenset[TopicId] = frozenset()

    def __len__(self) -> int:
        return len(self.changes)

    def read(self, topics: Iterable[TopicId], text: str, version: int) -> Answer:
        """An answer of a version as it reads today."""
        given = frozenset(topics)
        if not self.changes:
            return Answer(given)
        return translate(given, text, self.steps(self._fitting(given, version)))

    def read_undated(self, topics: Iterable[TopicId]) -> tuple[TopicId, ...]:
        """What is left today of topics of which only the ids are known."""
        return tuple(sorted(self.read(topics, "", len(self.changes)).topics))

    def version_at(self, time: datetime) -> int:
        """The version of a decision's time."""
        return sum(change.time <= time for change in self.changes)

    def version_of_line(self, text: str, topics: Iterable[TopicId]) -> int:
        """The version that a labelled line was written for."""
        return self._noted.get(mark(text, topics), len(self.changes)) if self.changes else 0

    def unnoted(self, labels: Iterable[tuple[str, Iterable[TopicId]]]) -> frozenset[bytes]:
        """Marks of the labelled lines (text and topics) that no change has noted yet."""
        return frozenset(mark(text, topics) for text, topics in labels) - self._noted.keys()

    @cached_property
    def _noted(self) -> dict[bytes, int]:
        noted: dict[bytes, int] = {}
        for version, change in enumerate(self.changes):
            for line in change.lines:
                noted.setdefault(line, version)
        return noted

    def _fitting(self, topics: frozenset[TopicId], version: int) -> int:
        """The version itself or the latest one before it that has all the topics."""
        fitting = (v for v in range(version, -1, -1) if topics <= self._ids[v])
        return next(fitting, version)

    @cached_property
    def _ids(self) -> list[frozenset[TopicId]]:
        """For each version its ids; the file may have been edited by hand in between."""
        starts = [frozenset([*parse(c.before).ids, *c.old]) for c in self.changes]
        ends = [frozenset([*parse(c.after).ids, *c.new]) for c in self.changes]
        return [a | b for a, b in zip([frozenset(), *ends], [*starts, self.today], strict=True)]

    def steps(self, version: int) -> tuple[Step, ...]:
        """What happened to the topics since a version."""
        return self._steps[version]

    @cached_property
    def _steps(self) -> list[tuple[Step, ...]]:
        return [self._steps_since(version) for version in range(len(self.changes) + 1)]

    def _steps_since(self, version: int) -> tuple[Step, ...]:
        found: list[tuple[int, Step]] = []
        for change in self.changes[version:]:
            if change.reverts is None:
                found.append((change.number, change.step))
            elif change.reverts > version:  # as if it had never been
                found = [one for one in found if one[0] != change.reverts]
            else:
                taken_back = self.changes[change.reverts - 1].step
                found.append((change.number, taken_back.inverse))
        return tuple(step for _, step in found)

    def why_unsaid(self, topics: Iterable[TopicId]) -> str:
        """Which change left these topics open, in words: "split of battlefield"."""
        wanted = frozenset(topics)
        for step in reversed(self.steps(0)):
            if wanted & frozenset(step.new):
                told = {"split": f"split of {', '.join(step.old)}", "add": "a new topic"}
                return told.get(step.kind, "a topic came back")
        return "a change of topics was taken back"

    @property
    def standing(self) -> tuple[Change, ...]:
        """The changes that were not taken back."""
        reverted = {change.reverts for change in self.changes}
        return tuple(
            change
            for change in self.changes
            if change.kind != "revert" and change.number not in reverted
        )


def mark(text: str, topics: Iterable[TopicId]) -> bytes:
    """What tells a labelled line from others."""
    data = "\0".join([text, *sorted(topics)]).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_MARK).digest()


def history_file(labeled: Path) -> Path:
    """Where a desk's changes of topics are kept."""
    return labeled / "taxonomy.history.jsonl"


def taxonomy_text(labeled: Path) -> str:
    """The text of ``taxonomy.toml``, to the byte.

    Raises:
        TaxonomyError: it cannot be read.
    """
    path = labeled / "taxonomy.toml"
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path} could not be read: {error}.", "Mend that file.") from None


def read_history(labeled: Path) -> History:
    """The changes of a desk's topics; empty where none was ever made.

    A change that was written down but never made, because the power went, does not count.

    Raises:
        TaxonomyError: a line is not as it was written, or ``taxonomy.toml`` is not valid.
    """
    path = history_file(labeled)
    if not path.exists():
        return History()
    text = taxonomy_text(labeled)
    changes = _read(path)
    if changes and text == changes[-1].before != changes[-1].after:
        changes.pop()
    return History(tuple(changes), frozenset(parse(text).ids))


def _read(path: Path) -> list[Change]:
    changes = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            changes.append(_change(json.loads(line)))
            sound = changes[-1].number == number
        except (ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            raise TaxonomyError(
                f"{path}, line {number} is not as it was written.",
                "Restore that file from a backup: without it old labels cannot be read.",
            )
    return changes


def write_change(labeled: Path, history: History, change: Change) -> None:
    """Add a change to the history, then put its text into ``taxonomy.toml``.

    Each file is replaced whole; a change whose text did not get there does not count.

    Raises:
        OutputError: a file cannot be written.
    """
    lines = [json.dumps(_row(one), ensure_ascii=False) for one in (*history.changes, change)]
    with write_beside(history_file(labeled)) as beside:
        beside.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"))
    with write_beside(labeled / "taxonomy.toml") as beside:
        beside.write_bytes(change.after.encode())


def _row(change: Change) -> dict[str, Any]:
    marks = base64.b64encode(b"".join(sorted(change.lines))).decode()
    return {
        "number": change.number,
        "time": change.time.isoformat(),
        "by": change.by,
        "kind": change.kind,
        "from": change.old,
        "to": change.new,
        "seeds": change.seeds,
        "reverts": change.reverts,
        "before": change.before,
        "after": change.after,
        "lines": marks,
    }


def _change(row: dict[str, Any]) -> Change:
    marks = base64.b64decode(row["lines"], validate=True)
    return Change(
        number=row["number"],
        time=datetime.fromisoformat(row["time"]),
        by=row["by"],
        kind=row["kind"],
        old=tuple(map(TopicId, row["from"])),
        new=tuple(map(TopicId, row["to"])),
        before=row["before"],
        after=row["after"],
        seeds=tuple(row["seeds"]),
        reverts=row["reverts"],
        lines=frozenset(marks[n : n + _MARK] for n in range(0, len(marks), _MARK)),
    )
