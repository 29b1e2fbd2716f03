"""Decisions and undoing them: each is one more row of the log, and the latest one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tagger.errors import InputError
from tagger.keeping.store import log
from tagger.keeping.store.chain import append
from tagger.keeping.store.closing import close_item, decision_on, reopen_item
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.records import Correction, Decided, Undone
from tagger.keeping.store.schema import CORRECTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection


def decide(connection: Connection, row: Mapping[str, Any], batch: str, time: datetime) -> Decided:
    """Record a checked row and close its item; a known key records nothing.

    Raises:
        InputError: the key belongs to another editor's or paragraph's row.
    """
    if first := log.by_key(connection, row["key"]):
        _refuse_another(first, "decide", row["editor"], row["paragraph"])
        return Decided(first, repeated=True)
    before = log.by_sequence(connection, decision_on(connection, row["paragraph"]))
    written = append(connection, {**row, "batch": batch, "time": stamp(time)})
    made = log.correction(written)
    return Decided(made, before=before, closed=close_item(connection, made, before))


def _refuse_another(first: Correction, action: str, editor: str, paragraph: str) -> None:
    # Passing this over in silence would lose what the editor pressed.
    if (first.action, first.editor, first.paragraph) != (action, editor, paragraph):
        raise InputError(
            f"The key {first.key!r} was used before, by {first.editor} for paragraph "
            f"{first.paragraph}.",
            "Give every decision and every undo a key of its own.",
        )


def undo(
    connection: Connection, editor: str, sequence: int | None, key: str, time: datetime
) -> Undone:
    """Take back one decision, or the editor's last press with its whole batch.

    Raises:
        InputError: the key belongs to another editor's row or to a decision.
    """
    if first := log.by_key(connection, key):
        _refuse_another(first, "undo", editor, first.paragraph)
        return _repeated(connection, first)
    refusal, decisions = _wanted(connection, editor, sequence)
    if refusal:
        return refusal
    batch = key if len(decisions) > 1 else ""
    keys = [key, *(f"{key}/{number}" for number in range(1, len(decisions)))]
    rows = [
        append(connection, {**_undoing(decision), "key": own, "batch": batch, "time": stamp(time)})
        for decision, own in zip(decisions, keys, strict=True)
    ]
    reopened = [d.paragraph for d in decisions if reopen_item(connection, d, time)]
    return Undone("undone", decisions, tuple(map(log.correction, rows)), tuple(reopened))


def _repeated(connection: Connection, first: Correction) -> Undone:
    same = CORRECTIONS.c.batch == first.batch if first.batch else CORRECTIONS.c.key == first.key
    rows = log.rows(connection, same)
    undone = log.rows(connection, CORRECTIONS.c.sequence.in_([row.undoes for row in rows]))
    return Undone("repeated", tuple(undone), tuple(rows))


def _wanted(
    connection: Connection, editor: str, sequence: int | None
) -> tuple[Undone | None, tuple[Correction, ...]]:
    if sequence is None:
        decisions = last_press(connection, editor)
        return (None if decisions else Undone("nothing")), decisions
    decision = log.by_sequence(connection, sequence)
    if decision is None or decision.action != "decide":
        return Undone("unknown"), ()
    if decision.editor != editor:
        return Undone("not_yours", (decision,)), ()
    if not log.rows(connection, CORRECTIONS.c.sequence == sequence, log.stands()):
        return Undone("already", (decision,)), ()
    return None, (decision,)


def last_press(connection: Connection, editor: str) -> tuple[Correction, ...]:
    """The editor's newest decision that stands, with all that stands of its batch."""
    own = (CORRECTIONS.c.editor == editor, log.stands())
    last = log.newest_rows(connection, *own, limit=1)
    if not last or not last[0].batch:
        return tuple(last)
    return tuple(log.rows(connection, *own, CORRECTIONS.c.batch == last[0].batch))


def _undoing(decision: Correction) -> dict[str, Any]:
    return {
        "action": "undo",
        "undoes": decision.sequence,
        "paragraph": decision.paragraph,
        "text": decision.text,
        "topics": list(decision.topics),
        "editor": decision.editor,
        "reason": decision.reason,
        "shown": {},
        "seconds": None,
    }
