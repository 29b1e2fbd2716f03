"""``tagger models prune``: delete old models."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    apply_option,
    echo_json,
    examples,
    home_option,
    json_option,
    say,
    settings_of,
    user,
)
from tagger.desk.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.desk.prune import Pruning


@click.command(epilog=examples("tagger models prune", "tagger models prune --keep 2 --apply"))
@click.option(
    "--keep",
    type=click.IntRange(0),
    default=5,
    show_default=True,
    metavar="N",
    help="The N newest models stay in any case.",
)
@apply_option
@json_option
@home_option
def prune(keep: int, home: Path | None, *, only_plan: bool, as_json: bool) -> None:
    """Delete old models that nothing needs.

    What serves stays, the one before it (for a rollback), the best that served (the gate compares
    new ones with it), and one that waits for a yes or no in the app. The cards of all stay, so the
    history and 'tagger receipts' lose nothing; a deleted model cannot serve again.
    """
    from tagger.desk.prune import plan_prune  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.prune import prune as delete  # noqa: PLC0415 - same

    settings, now = settings_of(home), datetime.now(UTC)
    if only_plan:
        found = plan_prune(settings, now=now, keep=keep)
    else:
        found = delete(settings, by=user(), now=now, keep=keep, on_wait=say)
    if as_json:
        echo_json(_as_data(found, applied=not only_plan))
    else:
        _print(found, "would go" if only_plan else "deleted")
    say(_told(found, only_plan=only_plan))


def _print(found: Pruning, fate: str) -> None:
    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - --help stays instant

    table = new_table("!version", "what becomes of it")
    rows = {version: f"stays: {why}" for version, why in found.kept.items()}
    rows |= {version: f"{fate}: {_megabytes(size)}" for version, size in found.gone.items()}
    for version in sorted(rows):
        table.add_row(version, rows[version])
    new_console().print(table)


def _told(found: Pruning, *, only_plan: bool) -> str:
    if not found.gone:
        return "There is nothing to delete."
    models = f"{counted(len(found.gone), 'model')} of {_megabytes(sum(found.gone.values()))}"
    if only_plan:
        return f"{models} would go. Nothing was changed. To do it, repeat the command with --apply."
    return f"{models} deleted; the cards are in models/pruned."


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _as_data(found: Pruning, *, applied: bool) -> dict[str, Any]:
    return {"applied": applied, "kept": found.kept, "gone": found.gone}
