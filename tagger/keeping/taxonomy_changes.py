"""The changes of a desk's topics, and how old answers read after them.

Labelled files and the log of corrections are never rewritten: every reader of labels and decisions
translates. A version of the topics is the number of changes before it: version 0 is the first.

- A decision belongs to the version at its time.
- A line of a labelled file has no time, so every change notes the lines that were there (four
  bytes for each text with its topics). A line that was written or altered later belongs to a later
  version.
- An answer with an id that its version does not have was given under an earlier one that has it:
  on a page that was still open, or in a file from elsewhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from tagger.keeping.answers import Answer, Step, translate
from tagger.keeping.taxonomy_text import parse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tagger.records import TopicId

ChangeKind = Literal["add", "rename", "merge", "split", "retire", "revert"]
MARK = 4  # bytes; among 100,000 lines a new one is taken for a known one with odds of 1 in 43,000


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
    return hashlib.blake2b(data, digest_size=MARK).digest()
