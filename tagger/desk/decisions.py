"""What editors decided and did not take back, as it reads under today's topics.

The log keeps every decision as it was given. Whoever learns, measures or counts reads it here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tagger.desk.cards import AUDIT
from tagger.desk.translated import translated
from tagger.errors import Refused
from tagger.keeping.store import open_store
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.audit import measures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.keeping.store import Correction, Verification
    from tagger.keeping.taxonomy_changes import History
    from tagger.records import ParagraphId, TopicId
    from tagger.settings import Settings

_ALL = 2**31  # rows of a log that nobody will fill


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions that stand, in the order they were made, and where the log ended.

    Args:
        rows: without those taken back.
        last: number of the log's last row, undos included; 0 for an empty log.
        digest: hash of that row, which stands for all rows before it.
        unsaid: for decisions by number, today's topics that were no choice when they were made.
    """

    rows: tuple[Correction, ...] = ()
    last: int = 0
    digest: str = ""
    unsaid: Mapping[int, frozenset[TopicId]] = field(default_factory=dict)

    def by_paragraph(self) -> dict[ParagraphId, list[Correction]]:
        """The decisions about each paragraph, the latest last."""
        found: dict[ParagraphId, list[Correction]] = {}
        for row in self.rows:
            found.setdefault(row.paragraph, []).append(row)
        return found


def has_store(settings: Settings) -> bool:
    """Whether editors' decisions are kept anywhere yet; does not open the store."""
    return settings.database_url is not None or (settings.labeled / "corrections.db").exists()


def read_decisions(settings: Settings, history: History | None = None) -> Decisions | None:
    """The desk's decisions that stand, in today's topics; None where it has no store.

    Args:
        settings: the desk.
        history: how earlier topics read today; the desk's own where None.

    Raises:
        StoreError: the store cannot be read.
        Refused: a row of the log is not as it was written.
    """
    if not has_store(settings):
        return None
    with open_store(settings.database) as store:
        refuse_altered(store.verify(), "log of corrections")
        rows = store.log(limit=_ALL)
    undone = {row.undoes for row in rows}
    stand = [r for r in reversed(rows) if r.action == "decide" and r.sequence not in undone]
    if not rows:
        return Decisions()
    changes = read_history(settings.labeled) if history is None else history
    read, unsaid = translated(stand, changes)
    return Decisions(tuple(read), rows[0].sequence, rows[0].hash, unsaid)


def refuse_altered(found: Verification, log: str) -> None:
    """Raise Refused where a log is not as it was written."""
    if problem := found.problem:
        raise Refused(
            f"The {log} was altered, so nothing is learned from it: "
            f"row {problem.sequence}: {problem.message}",
            "Restore the database from a backup; 'tagger log verify' checks it.",
        )


def blind_answers(decisions: Decisions) -> dict[ParagraphId, Correction]:
    """The latest audit answer about each paragraph that still measures.

    A later decision does not replace it: people come back to what the model doubts, and answers
    mended only where the model disagrees would flatter it.
    """
    newest = max((row.time for row in decisions.rows), default=None)
    return {
        row.paragraph: row
        for row in decisions.rows
        if row.reason == AUDIT and newest is not None and measures(row.time, newest)
    }


def origin_of(row: Correction) -> str:
    """What stands for a decision where an example of a file has its file and line."""
    return f"decision {row.sequence} by {row.editor}"
