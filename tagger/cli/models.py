"""``tagger models``: the trained models and which one serves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    examples,
    home_option,
    json_option,
    say,
    say_serving,
    settings_of,
    training_progress,
    user,
)
from tagger.cli.models_export import export
from tagger.cli.models_prune import prune

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.desk.models import SavedModel
    from tagger.desk.models_check import ModelsReport
    from tagger.keeping.registry import Registry

_WIDE = 100  # columns that the whole list needs


@click.group(
    epilog=examples("tagger models list", 'tagger models rollback --reason "too many false alarms"')
)
def models() -> None:
    """See, promote, roll back, check, export and prune models."""


models.add_command(export)
models.add_command(prune)


def _registry(home: Path | None) -> Registry:
    from tagger.desk.models import registry_of  # noqa: PLC0415 - --help must stay instant

    return registry_of(settings_of(home))


@models.command("list", epilog=examples("tagger models list --json"))
@json_option
@home_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List the saved models, the current one marked. One whose card is broken is named."""
    from tagger.desk.models import saved_models  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    found = saved_models(settings)
    if as_json:
        echo_json([_as_data(model) for model in found])
    elif not found:
        say(f"No models yet in {settings.models}. Train one: tagger retrain")
    else:
        _print(found)
    for model in found:
        if model.problem:
            say(model.problem, alarm=True)


def _as_data(model: SavedModel) -> dict[str, Any]:
    told = model.card if model.card is not None else {"problem": model.problem}
    return {"version": model.version, **told, "current": model.serves}


def _print(found: Sequence[SavedModel]) -> None:
    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - --help stays instant

    console = new_console()
    columns = ["!version", "!trained", "by", "#paragraphs", "judged on", "#macro-F1"]
    shown = [0, 3, 4, 5] if console.width < _WIDE else range(len(columns))
    table = new_table("!", *(columns[i] for i in shown))
    for model in found:
        cells = _row(model)
        table.add_row("→" if model.serves else "", *(cells[i] for i in shown))
    console.print(table)


def _row(model: SavedModel) -> list[str]:
    card = model.card
    if card is None:
        return [model.version, "", "", "", "broken card", ""]
    name, quality = list(card["quality"].items())[-1]
    return [
        model.version,
        _local(card["created"]),
        card["by"],
        f"{card['data']['examples']:,}",
        f"{name.replace('_', '-')} ({quality['n']:,})",
        "–" if quality["macro_f1"] is None else f"{quality['macro_f1']:.3f}",
    ]


def _local(moment: str) -> str:
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:  # mended by hand
        return moment


@models.command(epilog=examples("tagger models show | jq .quality"))
@click.argument("version", required=False)
@home_option
def show(version: str | None, home: Path | None) -> None:
    """Print the card of VERSION (default: the current one) as JSON."""
    echo_json(_registry(home).card(version))


@models.command(epilog=examples("tagger models promote 20261122-1615"))
@click.argument("version")
@click.option(
    "--reason", default="", metavar="WHY", help="Why, for the history; a refused model needs one."
)
@home_option
def promote(version: str, reason: str, home: Path | None) -> None:
    """Let VERSION serve from now on, and score the queue with it.

    The beginning of a version is enough where no other one begins so. A model that the gate
    refused needs a --reason: without one the exit code is 3.
    """
    from tagger.desk.serving import promote as let_serve  # noqa: PLC0415 - --help stays instant

    settings = settings_of(home)
    with training_progress() as (progress, _):
        now = datetime.now(UTC)
        done = let_serve(settings, version, by=user(), now=now, reason=reason, progress=progress)
    say_serving(done)


@models.command(epilog=examples('tagger models rollback --reason "too many false alarms"'))
@click.option("--reason", default="", metavar="WHY", help="Why, for the history.")
@home_option
def rollback(reason: str, home: Path | None) -> None:
    """Let the model before the current one serve again.

    The queue is scored with it. Twice in a row goes back two.
    """
    from tagger.desk.serving import roll_back  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    with training_progress() as (progress, _):
        done = roll_back(
            settings, by=user(), now=datetime.now(UTC), reason=reason, progress=progress
        )
    say_serving(done, "again")


@models.command(epilog=examples("tagger models verify", "tagger models verify --json"))
@click.argument("version", required=False)
@json_option
@home_option
def verify(version: str | None, home: Path | None, *, as_json: bool) -> None:
    """Check the files of VERSION, or of all, against their digests.

    Exits with 1 if a file is not as it was written, or the model that serves is not there.
    """
    from tagger.desk.models_check import check_models  # noqa: PLC0415 - --help must stay instant

    report = check_models(settings_of(home), version)
    if as_json:
        echo_json(_report_as_data(report))
    else:
        _say_checked(report)
    if not report.sound:
        raise click.exceptions.Exit(1)


def _say_checked(report: ModelsReport) -> None:
    for model in report.models:
        found = "; ".join(model.problems)
        say(f"{model.version}: {found or 'sound'}", alarm=bool(found))
    if report.trouble:
        say(report.trouble, alarm=True)


def _report_as_data(report: ModelsReport) -> dict[str, Any]:
    checked = [
        {"version": one.version, "current": one.serves, "problems": one.problems}
        for one in report.models
    ]
    return {"sound": report.sound, "problem": report.trouble or None, "models": checked}
