"""Change the topics: plan, apply, take back. No label and no decision is ever rewritten.

::

    request -> plan: what it touches -> apply: one line of history, a new taxonomy.toml
                                     -> revert: one more line, the old taxonomy.toml
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tagger.desk.topic_changes import Request
from tagger.desk.topic_plan import Plan, labels_of, plan, plan_revert, unnoted_lines
from tagger.errors import InputError
from tagger.keeping.taxonomy_changes import Change, History
from tagger.keeping.taxonomy_history import read_history, taxonomy_text, write_change
from tagger.keeping.turn import retrain_turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tagger.settings import Settings

__all__ = ["Change", "Plan", "Request", "apply", "changes", "plan", "plan_revert", "standing"]

PATIENCE = 5.0
"""Seconds to wait for a retrain, which must not end with a model for topics of before."""


def changes(settings: Settings) -> tuple[Change, ...]:
    """All changes of the topics, oldest first.

    Raises:
        TaxonomyError: the history or the taxonomy cannot be read.
    """
    return read_history(settings.labeled).changes


def standing(settings: Settings) -> tuple[Change, ...]:
    """The changes that were not taken back, oldest first; the last one is the next to go."""
    return read_history(settings.labeled).standing


def apply(
    settings: Settings,
    planned: Plan,
    *,
    by: str,
    now: datetime,
    patience: float = PATIENCE,
    on_wait: Callable[[str], None] = lambda _: None,
) -> Change:
    """Make a planned change: one line of history, and the new ``taxonomy.toml``.

    Args:
        settings: the desk.
        planned: as from :func:`plan` or :func:`plan_revert`.
        by: who makes it.
        now: the time of the change.
        patience: seconds to wait for a retrain.
        on_wait: is told whose retrain is waited for.

    Raises:
        InputError: the topics changed since the plan was made.
        LabelsError: a labelled file is not valid.
        ModelError: a retrain does not end in time.
        OutputError: the files cannot be written.
    """
    with retrain_turn(settings.models, by=by, now=now, patience=patience, on_wait=on_wait):
        history = read_history(settings.labeled)
        if (len(history) + 1, taxonomy_text(settings.labeled)) != (
            planned.change.number,
            planned.change.before,
        ):
            raise InputError("The topics changed since this plan was made.", "Make the plan anew.")
        # Read anew: a line may have been added while somebody looked at the plan.
        lines = unnoted_lines(history, labels_of(settings))
        change = _made(planned.change, by, now, history, lines)
        write_change(settings.labeled, history, change)
    return change


def _made(
    change: Change, by: str, now: datetime, history: History, lines: frozenset[bytes]
) -> Change:
    # A clock that was set back must not shuffle the changes.
    earliest = [one.time + timedelta(microseconds=1) for one in history.changes[-1:]]
    return replace(change, by=by, time=max([now, *earliest]), lines=lines)
