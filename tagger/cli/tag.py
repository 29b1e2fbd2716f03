"""``tagger tag``: the main job."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tagger.cli.common import bar, home_option, model_of, model_option, say, settings_of, user
from tagger.desk.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.batch.local import Progress
    from tagger.desk.tag import Tally
    from tagger.desk.tag_job import Job
    from tagger.learning.model import Model
    from tagger.settings import Settings

_FORMATS = ["table", "jsonl", "csv", "parquet"]
_file = click.Path(path_type=Path, dir_okay=False)


_EXAMPLES = """\b
Examples:
  tagger tag story.html                            a table in the terminal
  tagger tag archive/ "wires/*.html" -o tagged.csv  a spreadsheet
  tagger tag archive.parquet -o tagged.parquet --workers 2 --resume
  cat story.txt | tagger tag - --explain 3 | jq .   JSON lines in a pipe
"""


@click.command(epilog=_EXAMPLES)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="Write to this file; its suffix tells the format. OUT/ is a folder of part files, - the "
    "standard output.",
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
@click.option("--resume", is_flag=True, help="Go on where the same command was stopped.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Tag N parts at a time. [default: 1]",
)
@click.option(
    "--rows-a-part",
    type=click.IntRange(1, 1_000_000),
    metavar="N",
    help="Rows of a part file; memory grows with it. [default: 20000]",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="Tag on a Dask cluster: tcp://scheduler:8786, or 'local' for processes of this machine.",
)
@model_option
@home_option
def tag(
    home: Path | None, version: str | None, form: str | None, output: str | None, **asked: object
) -> None:
    """Give every paragraph of INPUT its topics.

    INPUT is a file (.txt .md .html .csv .tsv .jsonl .parquet), a folder, a quoted glob, or - for
    standard input. A row of a table is a document or a paragraph. A file or row that cannot be
    read does not stop the others: it is named at the end, and the exit code is 1.

    Large inputs are tagged in parts, in bounded memory: a job that was stopped goes on with
    --resume.
    """
    from tagger.desk import tag_job  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.automation import judge_of  # noqa: PLC0415 - same
    from tagger.desk.tag import Tally  # noqa: PLC0415 - same

    output = None if output == "-" else output
    as_table = form == "table" or (form is None and not output and sys.stdout.isatty())
    asked |= {"output": Path(output) if output else None, "in_folder": _is_folder(output)}
    job = tag_job.Job(form=None if form == "table" else form, **asked)  # type: ignore[arg-type]  # click checked them
    tag_job.check(job)
    settings = settings_of(home)
    model, tally, now = model_of(settings, version), Tally(), datetime.now(UTC)
    job = replace(job, judge=judge_of(settings, model))
    files = tag_job.inputs_of(job, tally)
    if job.output and not as_table and _goes_in_parts(job, files):
        _tag_in_parts(job, files, model, tally)
    else:
        _tag_at_once(job, files, model, tally, settings, now, as_table=as_table)
    _close(tally, tag_job.rejects_path(job, now), job.output)
    if not tally.clean or not tally.documents:
        raise click.exceptions.Exit(1)


def _is_folder(output: str | None) -> bool:
    return bool(output) and (str(output).endswith(("/", os.sep)) or Path(str(output)).is_dir())


def _tag_at_once(
    job: Job,
    files: Sequence[Path],
    model: Model,
    tally: Tally,
    settings: Settings,
    now: datetime,
    *,
    as_table: bool,
) -> None:
    from tagger.desk import tag_job  # noqa: PLC0415 - --help must stay instant

    with bar() as shown:
        task = shown.add_task("tagging", total=len(files) or None, visible=not as_table)
        found = tag_job.results(
            job, files, model, tally, now=now, on_file=lambda _: shown.advance(task)
        )
        if as_table:
            from tagger.cli.tables import print_predictions  # noqa: PLC0415 - same

            print_predictions(found, settings, job)
        else:
            tag_job.save(job, found, model.topics, sys.stdout)


def _goes_in_parts(job: Job, files: Sequence[Path]) -> bool:
    from tagger.desk.tag_parts import goes_in_parts  # noqa: PLC0415 - --help must stay instant

    return goes_in_parts(job, files)


def _tag_in_parts(job: Job, files: Sequence[Path], model: Model, tally: Tally) -> None:
    from tagger.desk.tag_parts import parts_folder, tag_in_parts  # noqa: PLC0415 - same

    with bar() as shown:
        task = shown.add_task("tagging", total=None)

        def follow(now: Progress) -> None:
            shown.update(
                task,
                description=f"tagging, {now.rate:,.0f} rows a second",
                completed=now.rows,
                total=max(now.about, now.rows),
            )

        try:
            tag_in_parts(
                job,
                files,
                model,
                tally,
                by=user(),
                told=say,
                on_progress=follow,
            )
        except KeyboardInterrupt:
            shown.stop()
            say(f"Stopped. The finished parts are in {parts_folder(job)}: add --resume to go on.")
            raise click.exceptions.Exit(130) from None


def _close(tally: Tally, rejects: Path, output: Path | None) -> None:
    """The closing words, on standard error."""
    for note in tally.all_notes:
        say(f"Note: {note}")
    say(_summary(tally) + (f" -> {output}" if output else ""))
    if tally.rejects:
        say(f"Not read: {counted(tally.rejects, 'row')}, kept in {rejects} with the reasons.")
    for name, error in tally.failures:
        where = "" if name in error.message else f"{name}: "
        say(f"Not read: {where}{error.message}", alarm=True)
        if error.cure:
            say(f"  {error.cure}")


def _summary(tally: Tally) -> str:
    parts = [f"{count:,} {topic}" for topic, count in tally.topics.most_common()]
    aside = ", ".join(f"{count:,} {reason}" for reason, count in tally.furniture.most_common())
    words = f"{counted(tally.documents, 'document')}, {counted(tally.paragraphs, 'paragraph')}"
    if parts:
        words += f": {', '.join(parts)}"
    if made := tally.decisions:
        words += f"; by itself {made['auto']:,} tagged, {made['none']:,} none"
        words += f"; {made['ask']:,} to ask about"
    return words + (f"; set aside as furniture: {aside}" if aside else "") + "."
