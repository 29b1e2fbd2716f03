"""``tagger log``: who decided what and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    examples,
    home_option,
    json_option,
    named_once,
    output_option,
    say,
    settings_of,
)
from tagger.desk.wording import beginning, counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tagger.desk.log import Entry
    from tagger.keeping.store import Verification

_LONGEST = 100  # characters of a paragraph that a table shows
_NAMED = 20  # bad rows named one by one


@click.group(
    epilog=examples(
        "tagger log list --editor ann", "tagger log verify && tagger log export log.jsonl"
    )
)
def log() -> None:
    """See and export who decided what; check that nobody edited it."""


@log.command(
    "list",
    epilog=examples("tagger log list --editor ann --since 2026-11-22"),
)
@click.option("--editor", metavar="NAME", help="Only this editor's rows.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    metavar="TIME",
    help="Only rows from this local day or time on: 2026-11-22, '2026-11-22 09:30'.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    metavar="N",
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


@log.command(
    epilog=examples(
        "tagger log export log-2026-11.jsonl",
        "tagger log export -o log.jsonl --force",
        "tagger log export | gzip > log.jsonl.gz",
    )
)
@click.argument("out", required=False, type=click.Path(path_type=Path, dir_okay=False))
@output_option("[default: standard output]")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@home_option
def export(out: Path | None, output: Path | None, home: Path | None, *, force: bool) -> None:
    """Write the whole log to OUT as JSON lines, oldest first.

    OUT may be given with or without -o; - is the standard output. Each line carries its own
    SHA-256 and that of the line before it.
    """
    from tagger.desk.log import export_jsonl, export_lines  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    out = named_once(out, output)
    with store_of(settings_of(home)) as store:
        if out is None or str(out) == "-":
            for line in export_lines(store):
                click.echo(line, nl=False)
            return
        count = export_jsonl(store, out, force=force)
    say(f"{counted(count, 'row')} written to {out}")


@log.command(epilog=examples("tagger log restore log.jsonl --home new-desk"))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@home_option
def restore(file: Path, home: Path | None) -> None:
    """Write an exported log into a new desk.

    Nothing may have been decided or queued there yet. Each row stays as it was, its time and hash
    included: audits still measure, and what was taken back stays so. The queue and struck words are
    in a copy of labeled/ alone.
    """
    from tagger.desk.log import restore_jsonl  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    with store_of(settings_of(home)) as store:
        say(f"{counted(restore_jsonl(store, file), 'row')} restored from {file}")


@log.command(epilog=examples("tagger log verify", "tagger log verify --json > verified.json"))
@json_option
@home_option
def verify(home: Path | None, *, as_json: bool) -> None:
    """Check every row against the chain of hashes.

    Exits with 1 and names the bad rows. The log of struck words is checked alike.
    """
    from tagger.desk.log import verify as check  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.log import verify_strikes  # noqa: PLC0415 - same
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    with store_of(settings_of(home)) as store:
        found, struck = check(store), verify_strikes(store)
    sound = not found.problems and not struck.problems
    if as_json:
        echo_json({"sound": sound, "decisions": _checked(found), "struck_words": _checked(struck)})
    else:
        _say_verified(found, struck)
    if not sound:
        raise click.exceptions.Exit(1)


def _checked(found: Verification) -> dict[str, Any]:
    problems = [{"row": one.sequence, "message": one.message} for one in found.problems]
    return {"sound_rows": found.rows, "last_hash": found.hash, "problems": problems}


def _say_verified(found: Verification, struck: Verification) -> None:
    if struck.problem:
        _say_damage(struck, "Struck words: ")
    elif struck.rows:
        say(f"{counted(struck.rows, 'row')} on struck words, all as written.")
    if found.problems:
        _say_damage(found)
    else:
        rows = counted(found.rows, "row")
        say(f"{rows}, all as they were written. The last hash is {found.hash}.")


def _say_damage(found: Verification, of: str = "") -> None:
    for problem in found.problems[:_NAMED]:
        say(f"{of}{problem.message}", alarm=True)
    if len(found.problems) > _NAMED:
        say(f"And {len(found.problems) - _NAMED:,} more.", alarm=True)
    say(f"{_sound(found.rows)} Compare with an earlier export or backup.")


def _sound(rows: int) -> str:
    verb = "is" if rows == 1 else "are"
    return f"The {counted(rows, 'row')} before the first of them {verb} sound."


def _print(found: Sequence[Entry]) -> None:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - same
    from tagger.keeping.store import EPOCH  # noqa: PLC0415 - same

    table = new_table("#row", "time", "editor", "what", "why", "paragraph")
    for entry in found:
        row = entry.row
        text = beginning(row.text, _LONGEST)
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
