"""``tagger tag``: the main job."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagger.cli.common import bar, home_option, model_of, model_option, say, settings_of

if TYPE_CHECKING:
    from tagger.desk.tag import Tally

_FORMATS = ["table", "jsonl", "csv", "parquet"]
_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    type=_file,
    metavar="OUT",
    help="Write to this file; its suffix tells the format.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(_FORMATS),
    help="[default: the suffix of OUT; else a table in a terminal, JSONL in a pipe]",
)
@click.option("--text-column", metavar="NAME", help="The column of a table that holds the text.")
@click.option("--encoding", metavar="NAME", help="The inputs' encoding where it is not UTF-8.")
@click.option(
    "--input-format",
    type=click.Choice(["text", "markdown", "html", "csv", "tsv", "jsonl", "parquet"]),
    help="The format of standard input. [default: told by its beginning]",
)
@click.option("--keep-furniture", is_flag=True, help="Keep page furniture, with the reason.")
@click.option(
    "--explain",
    type=click.IntRange(0, 50),
    default=0,
    metavar="N",
    help="Add the N strongest words for and against each topic.",
)
@click.option("--rejects", type=_file, metavar="FILE", help="Where rows that cannot be read go.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@model_option
@home_option
def tag(home: Path | None, version: str | None, form: str | None, **asked: object) -> None:
    """Give every paragraph of INPUT its topics.

    INPUT is a file (.txt .md .html .csv .tsv .jsonl .parquet), a folder, a quoted glob, or - for
    standard input. A row of a table is a document or a paragraph. A file or row that cannot be
    read does not stop the others: it is named at the end, and the exit code is 1.
    """
    from tagger.desk import tag_job  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.tag import Tally  # noqa: PLC0415 - same

    as_table = form == "table" or (form is None and not asked["output"] and sys.stdout.isatty())
    job = tag_job.Job(form=None if form == "table" else form, **asked)  # type: ignore[arg-type]  # click checked them
    tag_job.check(job)
    model = model_of(settings_of(home), version)
    tally, now = Tally(), datetime.now(UTC)
    with bar() as shown:
        task = shown.add_task("tagging", total=None, visible=not as_table)
        found = tag_job.results(
            job,
            model,
            tally,
            now=now,
            on_total=lambda total: shown.update(task, total=total),
            on_file=lambda _: shown.advance(task),
        )
        if as_table:
            from tagger.cli.tables import print_predictions  # noqa: PLC0415 - same

            print_predictions(found, settings_of(home), job)
        else:
            tag_job.save(job, found, model.topics, sys.stdout)
    _close(tally, tag_job.rejects_path(job, now), job.output)
    if not tally.clean or not tally.documents:
        raise click.exceptions.Exit(1)


def _close(tally: Tally, rejects: Path, output: Path | None) -> None:
    """The closing words, on standard error."""
    for note in tally.all_notes:
        say(f"Note: {note}")
    say(_summary(tally) + (f" -> {output}" if output else ""))
    if tally.rejects:
        rows = "1 row" if tally.rejects == 1 else f"{tally.rejects:,} rows"
        say(f"Not read: {rows}, kept in {rejects} with the reasons.")
    for name, error in tally.failures:
        where = "" if name in error.message else f"{name}: "
        say(f"Not read: {where}{error.message}", alarm=True)
        if error.cure:
            say(f"  {error.cure}")


def _summary(tally: Tally) -> str:
    parts = [f"{count:,} {topic}" for topic, count in tally.topics.most_common()]
    aside = ", ".join(f"{count:,} {reason}" for reason, count in tally.furniture.most_common())
    words = f"{_count(tally.documents, 'document')}, {_count(tally.paragraphs, 'paragraph')}"
    if parts:
        words += f": {', '.join(parts)}"
    return words + (f"; set aside as furniture: {aside}" if aside else "") + "."


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
