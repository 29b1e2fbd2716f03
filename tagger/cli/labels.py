"""``tagger labels``: the labelled paragraphs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    examples,
    home_option,
    json_option,
    printable,
    say,
    settings_of,
)
from tagger.desk.wording import counted
from tagger.errors import TaggerError

if TYPE_CHECKING:
    from tagger.desk.labels import LabelsReport
    from tagger.settings import Settings

_EXAMPLES = examples("tagger labels check", "tagger labels check new.jsonl --json")


@click.group(epilog=_EXAMPLES)
def labels() -> None:
    """Check labelled paragraphs."""


@labels.command(epilog=_EXAMPLES)
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False), metavar="[FILE]..."
)
@json_option
@home_option
def check(files: tuple[Path, ...], home: Path | None, *, as_json: bool) -> None:
    """Check the desk's labelled paragraphs, or those of FILEs.

    Form, topics, repeats, near-copies and encodings are looked at. Without FILE the desk's training
    files and frozen test are checked, also against each other: a near-copy of a test's text spoils
    the test; two that are labelled otherwise are a warning. Prints file, line and problem; exits
    with 1 if any of them would spoil training or judging.
    """
    from tagger.desk.labels import check_desk, check_these  # noqa: PLC0415 - --help must stay instant

    report = check_these(files, _desk(home)) if files else check_desk(settings_of(home))
    if as_json:
        echo_json(_as_data(report))
    else:
        _print(report)
    if not report.sound:
        raise click.exceptions.Exit(1)


def _desk(home: Path | None) -> Settings | None:
    """The desk whose topics files shall have; None, and a word on it, where none is in sight."""
    try:
        return settings_of(home)
    except TaggerError as error:
        if home is not None:
            raise
        say(f"Any topic will do: {error.message}")
        return None


def _print(report: LabelsReport) -> None:
    for finding in report.findings:
        click.echo(printable(str(finding)))
    for name, found in report.counts.items():
        topics = [f"{n:,} {topic}" for topic, n in found.topics.items()]
        say(f"{name}: {', '.join([counted(found.paragraphs, 'paragraph'), *topics])}")
    say("No errors." if report.sound else "Mend the errors above, then run this again.")


def _as_data(report: LabelsReport) -> dict[str, Any]:
    """The report for programs."""
    return {
        "sound": report.sound,
        "findings": [asdict(finding) for finding in report.findings],
        "counts": {
            name: {"paragraphs": found.paragraphs, "topics": dict(found.topics)}
            for name, found in report.counts.items()
        },
    }
