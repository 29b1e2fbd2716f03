"""``tagger labels``: the labelled paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tagger.cli.common import examples, home_option, say, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@click.group(epilog=examples("tagger labels check"))
def labels() -> None:
    """The labelled paragraphs in labeled/."""


@labels.command(epilog=examples("tagger labels check --home sports"))
@home_option
def check(home: Path | None) -> None:
    """Check training files and frozen test: form, topics, repeats, near-copies, encodings.

    A near-copy of a test's text spoils the test; two that are labelled otherwise are a warning.
    Prints file, line and problem; exits with 1 if any of them would spoil training or judging.
    """
    from tagger.desk.labels import check_desk  # noqa: PLC0415 - --help must stay instant

    report = check_desk(settings_of(home))
    for finding in report.findings:
        click.echo(str(finding))
    for side, counts in (("train", report.train), ("test", report.test)):
        listed = ", ".join(f"{n:,} {topic}" for topic, n in counts.items())
        say(f"{side}: {listed}")
    say("No errors." if report.sound else "Mend the errors above, then run this again.")
    if not report.sound:
        raise click.exceptions.Exit(1)
