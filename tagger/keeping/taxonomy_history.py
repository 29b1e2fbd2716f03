"""``taxonomy.history.jsonl``: the changes of a desk's topics on disk, a line each."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tagger.errors import TaxonomyError
from tagger.files import write_beside
from tagger.keeping.taxonomy_changes import MARK, Change, History
from tagger.keeping.taxonomy_text import parse
from tagger.records import TopicId

if TYPE_CHECKING:
    from pathlib import Path


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
        lines=frozenset(marks[n : n + MARK] for n in range(0, len(marks), MARK)),
    )
