"""``tagger queue add``: fill the queue."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    bar,
    echo_json,
    examples,
    home_option,
    json_option,
    model_of,
    say,
    settings_of,
)
from tagger.desk.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.desk.queue import Counts, QueueReport
    from tagger.records import Reject

_TOLD = 5  # unreadable rows that are named


@click.command(
    epilog=examples(
        'tagger queue add archive/2026-11/ "wires/*.html"',
        "cat story.txt | tagger queue add -",
        "tagger queue add wires/ --json > queued.json",
    )
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--text-column", metavar="NAME", help="The column of a table that holds the text.")
@click.option("--encoding", metavar="NAME", help="The inputs' encoding where it is not UTF-8.")
@json_option
@home_option
def add(
    inputs: tuple[str, ...],
    text_column: str | None,
    encoding: str | None,
    home: Path | None,
    *,
    as_json: bool,
) -> None:
    """Queue the paragraphs of INPUT.

    INPUT is a file, a folder, a quoted glob, or - for standard input. Page furniture is set aside,
    near-copies of one wire paragraph are one item, and what was queued before is not queued again:
    an interrupted command is simply repeated. A file or row that cannot be read does not stop the
    others; the exit code is then 1.
    """
    from tagger.desk.queue import counts, queue_inputs, store_of  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    model = model_of(settings, None)
    rejects: list[Reject] = []
    with store_of(settings) as store:
        with bar() as shown:
            reading = shown.add_task("reading", total=None)
            scoring = shown.add_task("scoring", total=None, visible=False)
            report = queue_inputs(
                inputs,
                store,
                model,
                text_column=text_column,
                encoding=encoding,
                on_total=lambda total: shown.update(reading, total=total),
                on_file=lambda _: shown.advance(reading),
                on_reject=lambda row: rejects.append(row) if len(rejects) < _TOLD else None,
                progress=lambda _, done, total: shown.update(
                    scoring, completed=done, total=total, visible=True
                ),
            )
        left = counts(store)
    if as_json:
        echo_json(_as_data(report, rejects, left))
    else:
        _close(report, rejects, left)
    if not report.tally.clean or not report.tally.documents:
        raise click.exceptions.Exit(1)


def _close(report: QueueReport, rejects: Sequence[Reject], left: Counts) -> None:
    """The closing words, on standard error."""
    tally = report.tally
    for note in tally.all_notes:
        say(f"Note: {note}")
    say(f"{_added(report)}; {left.left:,} left of {left.total:,}.")
    for reject in rejects:
        say(f"Not read: {reject.file}, row {reject.row}: {reject.reason}", alarm=True)
    if tally.rejects > len(rejects):
        say(f"... and {counted(tally.rejects - len(rejects), 'row')} more.")
    for name, error in tally.failures:
        say(f"Not read: {name}: {error.message}", alarm=True)
        if error.cure:
            say(f"  {error.cure}")


def _added(report: QueueReport) -> str:
    """What was queued, what was known already, and what was set aside."""
    added = report.added
    asides = [
        counted(added.copies, "copy of them", "copies of them") * bool(added.copies),
        f"{added.furniture:,} set aside as furniture" * bool(added.furniture),
        f"{added.decided:,} decided before" * bool(added.decided),
    ]
    told = ", ".join(filter(None, asides))
    known = f" ({added.known:,} known already)" * bool(added.known)
    queued = f"{counted(added.queued, 'paragraph')} queued"
    return f"{counted(added.articles, 'new article')}{known}, {queued}" + f" ({told})" * bool(told)


def _as_data(report: QueueReport, rejects: Sequence[Reject], left: Counts) -> dict[str, Any]:
    """What became of the inputs, for programs; the first rows that could not be read are named."""
    tally = report.tally
    return {
        **asdict(report.added),
        "left": left.left,
        "total": left.total,
        "unread_rows": tally.rejects,
        "first_unread_rows": [
            {"file": one.file, "row": one.row, "reason": one.reason} for one in rejects
        ],
        "unread_files": [
            {"file": name, "message": error.message, "cure": error.cure}
            for name, error in tally.failures
        ],
        "notes": tally.all_notes,
    }
