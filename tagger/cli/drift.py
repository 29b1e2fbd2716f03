"""``tagger drift``: is retraining due?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    bar,
    echo_json,
    home_option,
    json_option,
    model_of,
    model_option,
    say,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.learning.drift import Drift, Shift
    from tagger.learning.model import Model
    from tagger.settings import Settings

_EPILOG = """\b
Examples:
  tagger drift                    the stories in the queue
  tagger drift archive/2026-11/   a month's articles
"""


@click.command(epilog=_EPILOG)
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@json_option
@model_option
@home_option
def drift(inputs: Sequence[str], home: Path | None, version: str | None, *, as_json: bool) -> None:
    """Say whether the stories have moved away from the training.

    INPUT is as for 'tagger tag'; without one the paragraphs in the desk's store are compared with
    the training: how many words the model does not know, how many mistakes it expects, how often
    it gives each topic, and which words rise. Retraining is due when unknown words or expected
    mistakes are up by more than 5 points in 100.
    """
    settings = settings_of(home)
    model = model_of(settings, version)
    found = _found(settings, model, inputs)
    if as_json:
        echo_json(_as_data(found))
    else:
        _print(found)
        say(found.sentence)
        if found.due:
            say(
                "Queue such stories ('tagger queue add'), correct what the desk asks, then run "
                "'tagger retrain'."
            )


def _found(settings: Settings, model: Model, inputs: Sequence[str]) -> Drift:
    from tagger.desk.drift import drift_of_files, drift_of_store  # noqa: PLC0415 - --help is instant
    from tagger.desk.tag import Tally  # noqa: PLC0415 - same

    with bar() as shown:
        task = shown.add_task("comparing", total=None)
        if not inputs:
            return drift_of_store(
                settings,
                model,
                lambda done, total: shown.update(task, completed=done, total=total),
            )
        tally = Tally()
        found = drift_of_files(
            settings,
            model,
            inputs,
            tally,
            on_total=lambda total: shown.update(task, total=total),
            on_file=lambda _: shown.advance(task),
        )
    for name, error in tally.failures:
        say(f"Not read: {name}: {error.message}", alarm=True)
    return found


def _print(found: Drift) -> None:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - same

    console = new_console()
    table = new_table("share of", "#training", "#now", "#95%", "#PSI")
    table.add_row("words the model does not know", *_cells(found.unseen), "")
    table.add_row("paragraphs it expects to get wrong", *_cells(found.mistakes), "")
    for shift in found.topics:
        table.add_row(Text(f"paragraphs: {shift.topic}"), *_cells(shift.rate), f"{shift.index:.2f}")
    console.print(table)
    if found.words:
        words = new_table("rising words", "#paragraphs", "#now", "#training")
        for word in found.words:
            shares = f"{word.now:.1%}", f"{word.before:.1%}"
            words.add_row(Text(word.word), f"{word.paragraphs:,}", *shares)
        console.print(words)


def _cells(shift: Shift) -> tuple[str, str, str]:
    return f"{shift.before:.1%}", f"{shift.now:.1%}", f"{shift.low:.1%}-{shift.high:.1%}"


def _as_data(found: Drift) -> dict[str, Any]:
    verdict = {"due": found.due, "enough": found.enough, "sentence": found.sentence}
    return {**verdict, **asdict(found)}
