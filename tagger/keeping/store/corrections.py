"""Decisions and undoing them: each is one more row of the log, and the latest one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import false

from tagger.errors import InputError
from tagger.keeping.store import log
from tagger.keeping.store.chain import append
from tagger.keeping.store.closing import Closing, reopen
from tagger.keeping.store.moments import stamp
from tagger.keeping.store.records import Correction, Decided, Undone
from tagger.keeping.store.schema import CORRECTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

_LAST = 2**63 - 1


def decide(
    connection: Connection,
    rows: Sequence[Mapping[str, Any]],
    batch: str,
    time: datetime,
    told: Callable[[int], None] = lambda _: None,
) -> list[Decided]:
    """Record checked rows in order and close their items; a known key records nothing.

    Args:
        connection: one that writes alone.
        rows: as :func:`.checks.decided_row` makes them.
        batch: names the press they belong to; empty for a single one.
        time: of this moment.
        told: is told how many more were written.

    Raises:
        InputError: a key belongs to another editor's or paragraph's row.
    """
    known = {row.key: row for row in log.rows_with(connection, CORRECTIONS.c.key, _keys(rows))}
    fresh = _fresh(rows, known)
    closing = Closing(connection, [row["paragraph"] for row in fresh])
    stamped = [{**row, "batch": batch, "time": stamp(time)} for row in fresh]
    made = map(log.correction, append(connection, stamped, told))
    done = {correction.key: closing.take(correction) for correction in made}
    closing.write()
    known |= {key: decided.correction for key, decided in done.items()}
    return [_answer(done, key, known[key]) for key in _keys(rows)]


def _answer(done: dict[str, Decided], key: str, first: Correction) -> Decided:
    return done.pop(key) if key in done else Decided(first, repeated=True)


def _keys(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [row["key"] for row in rows]


def _fresh(
    rows: Sequence[Mapping[str, Any]], known: Mapping[str, Correction]
) -> list[Mapping[str, Any]]:
    """The rows whose keys are new, each once."""
    owners = {key: (row.action, row.editor, row.paragraph) for key, row in known.items()}
    fresh = []
    for row in rows:
        claim = (row["action"], row["editor"], row["paragraph"])
        if row["key"] not in owners:
            owners[row["key"]] = claim
            fresh.append(row)
        _refuse_another(row["key"], owners[row["key"]], claim)
    return fresh


def _refuse_another(key: str, owner: tuple[str, ...], claim: tuple[str, ...]) -> None:
    # Passing this over in silence would lose what the editor pressed.
    if owner != claim:
        _, editor, paragraph = owner
        raise InputError(
            f"The key {key!r} was used before, by {editor} for paragraph {paragraph}.",
            "Give every decision and every undo a key of its own.",
        )


def undo(
    connection: Connection, editor: str, sequence: int | None, key: str, time: datetime
) -> Undone:
    """Take back one decision, or the editor's last press with its whole batch.

    Raises:
        InputError: the key belongs to another editor's row or to a decision.
    """
    if first := log.first(connection, CORRECTIONS.c.key == key):
        owner = (first.action, first.editor, first.paragraph)
        _refuse_another(key, owner, ("undo", editor, first.paragraph))
        return _repeated(connection, first)
    refusal, decisions = _wanted(connection, editor, sequence)
    if refusal:
        return refusal
    batch = key if len(decisions) > 1 else ""
    keys = [key, *(f"{key}/{number}" for number in range(1, len(decisions)))]
    rows = [
        {**_undoing(decision), "key": own, "batch": batch, "time": stamp(time)}
        for decision, own in zip(decisions, keys, strict=True)
    ]
    written = tuple(map(log.correction, append(connection, rows)))
    return Undone("undone", decisions, written, reopen(connection, decisions, time))


def _repeated(connection: Connection, first: Correction) -> Undone:
    same = CORRECTIONS.c.batch == first.batch if first.batch else CORRECTIONS.c.key == first.key
    rows = log.rows(connection, same)
    undone = log.rows_with(connection, CORRECTIONS.c.sequence, [row.undoes for row in rows])
    return Undone("repeated", tuple(undone), tuple(rows))


def _wanted(
    connection: Connection, editor: str, sequence: int | None
) -> tuple[Undone | None, tuple[Correction, ...]]:
    if sequence is None:
        decisions = tuple(log.rows(connection, *_last_press(connection, editor)))
        return (None if decisions else Undone("nothing")), decisions
    known = abs(sequence) <= _LAST  # larger numbers no database takes
    decision = log.first(connection, CORRECTIONS.c.sequence == sequence) if known else None
    if decision is None or decision.action != "decide":
        return Undone("unknown"), ()
    if decision.editor != editor:
        return Undone("not_yours", (decision,)), ()
    if not log.rows(connection, CORRECTIONS.c.sequence == sequence, log.stands()):
        return Undone("already", (decision,)), ()
    return None, (decision,)


def last_press(connection: Connection, editor: str) -> tuple[Correction | None, int]:
    """The first standing decision of the editor's last press, and how many stand of it."""
    wanted = _last_press(connection, editor)
    return log.first(connection, *wanted), log.count(connection, *wanted)


def _last_press(connection: Connection, editor: str) -> tuple[ColumnElement[bool], ...]:
    """A condition: the editor's newest decision that stands, with all that stands of its batch."""
    own = (CORRECTIONS.c.editor == editor, log.stands())
    last = next(iter(log.newest_rows(connection, *own, limit=1)), None)
    if last is None:
        return (false(),)
    if not last.batch:
        return (CORRECTIONS.c.sequence == last.sequence,)
    return (*own, CORRECTIONS.c.batch == last.batch)


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
