"""``tagger log``: who decided what and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import echo_json, examples, home_option, json_option, say, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tagger.desk.log import Entry
    from tagger.keeping.store import Verification

_LONGEST = 100  # characters of a paragraph that a table shows
_NAMED = 20  # bad rows named one by one


@click.group(
    epilog=examples(
        "tagger log list --editor ann", "tagger log export log.jsonl && tagger log verify"
    )
)
def log() -> None:
    """The log of decisions: list it, export it, check that nobody edited it."""


@log.command(
    "list",
    epilog=examples("tagger log list --editor ann --since 2026-11-22"),
)
@click.option("--editor", metavar="NAME", help="Only this editor's rows.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="Only rows from this local day or time on, such as 2026-11-22.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=20,
    show_default=True,
    help="How many rows at most.",
)
@json_option
@home_option
def list_(
    editor: str | None, since: datetime | None, limit: int, home: Path | None, *, as_json: bool
) -> None:
    """List decisions and undos, newest first."""
    from tagger.desk.log import Filters, rows  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    local = since.astimezone() if since else None
    with store_of(settings_of(home)) as store:
        found = rows(store, Filters(editor=editor, since=local, limit=limit))
    if as_json:
        echo_json([_as_data(entry) for entry in found])
    elif found:
        _print(found)
    else:
        say("No such row in the log.")


@log.command(epilog=examples("tagger log export log-2026-11.jsonl"))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@home_option
def export(out: Path, home: Path | None, *, force: bool) -> None:
    """Write the whole log to OUT as JSON lines, oldest first; - for standard output.

    Each line carries its own SHA-256 and that of the line before it.
    """
    from tagger.desk.log import export_jsonl, export_lines  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    with store_of(settings_of(home)) as store:
        if str(out) == "-":
            for line in export_lines(store):
                click.echo(line, nl=False)
            return
        count = export_jsonl(store, out, force=force)
    say(f"{_rows(count)} written to {out}")


@log.command(epilog=examples("tagger log verify && tagger log export log.jsonl"))
@home_option
def verify(home: Path | None) -> None:
    """Check every row against the chain of hashes; exit with 1 and name the bad rows.

    The log of struck words is checked alike.
    """
    from tagger.desk.log import verify as check  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.log import verify_strikes  # noqa: PLC0415 - same
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    with store_of(settings_of(home)) as store:
        found, struck = check(store), verify_strikes(store)
    if struck.problem:
        _say_damage(struck, "Struck words: ")
    elif struck.rows:
        noun = "row" if struck.rows == 1 else "rows"
        say(f"{struck.rows:,} {noun} on struck words, all as written.")
    if found.problems:
        _say_damage(found)
    else:
        say(f"{_rows(found.rows)}, all as they were written. The last hash is {found.hash}.")
    if found.problems or struck.problems:
        raise click.exceptions.Exit(1)


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"


def _say_damage(found: Verification, of: str = "") -> None:
    for problem in found.problems[:_NAMED]:
        say(f"{of}{problem.message}", alarm=True)
    if len(found.problems) > _NAMED:
        say(f"And {len(found.problems) - _NAMED:,} more.", alarm=True)
    say(
        f"The {found.rows:,} rows before the first of them are sound. Compare with an earlier "
        "export or backup."
    )


def _print(found: Sequence[Entry]) -> None:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - same
    from tagger.keeping.store import EPOCH  # noqa: PLC0415 - same

    table = new_table("#row", "time", "editor", "what", "why", "paragraph")
    for entry in found:
        row = entry.row
        text = row.text if len(row.text) <= _LONGEST else row.text[: _LONGEST - 1] + "…"
        table.add_row(
            str(row.sequence),
            f"{row.time.astimezone():%Y-%m-%d %H:%M}" if row.time > EPOCH else "",
            Text(row.editor),
            Text(_what(entry), "red" if entry.damaged else "dim" if entry.undone else ""),
            Text(row.reason),
            Text(f"{row.paragraph}\n", "dim").append(text, "not dim"),
        )
    new_console().print(table)


def _what(entry: Entry) -> str:
    topics = ", ".join(entry.row.topics) or "none of them"
    if entry.damaged:
        return f"damaged: {topics}"
    if entry.row.action == "undo":
        return f"undid {entry.row.undoes}: {topics}"
    return f"{topics} (taken back)" if entry.undone else topics


def _as_data(entry: Entry) -> dict[str, Any]:
    row, shown = entry.row, entry.row.shown
    return {
        "sequence": row.sequence,
        "action": row.action,
        "undoes": row.undoes,
        "undone": entry.undone,
        "damaged": entry.damaged,
        "paragraph": row.paragraph,
        "text": row.text,
        "topics": list(row.topics),
        "editor": row.editor,
        "reason": row.reason,
        "shown": {
            "scores": dict(shown.scores),
            "topics": list(shown.topics),
            "model": shown.model,
            "hidden": shown.hidden,
        },
        "seconds": row.seconds,
        "batch": row.batch,
        "time": row.time.isoformat(),
        "hash": row.hash,
    }
