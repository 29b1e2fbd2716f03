"""``tagger models``: the trained models and which one serves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import echo_json, home_option, json_option, say, settings_of, user

if TYPE_CHECKING:
    from tagger.keeping.registry import Registry

_WIDE = 100  # columns that the whole list needs


@click.group()
def models() -> None:
    """List, show, promote, roll back, verify and export models."""


def _registry(home: Path | None) -> Registry:
    from tagger.desk.models import registry_of  # noqa: PLC0415 - --help must stay instant

    return registry_of(settings_of(home))


@models.command("list")
@json_option
@home_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List the saved models, the current one marked."""
    registry = _registry(home)
    cards = [registry.card(version) for version in registry.versions()]
    current = registry.current()
    if as_json:
        echo_json([{**card, "current": card["version"] == current} for card in cards])
        return
    if not cards:
        say(f"No models yet in {registry.folder}. Train one: tagger retrain")
        return
    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - --help stays instant

    console = new_console()
    columns = ["!version", "!trained", "by", "#paragraphs", "judged on", "#macro-F1"]
    shown = [0, 3, 4, 5] if console.width < _WIDE else range(len(columns))
    table = new_table("!", *(columns[i] for i in shown))
    for card in cards:
        cells = _row(card)
        table.add_row("→" if card["version"] == current else "", *(cells[i] for i in shown))
    console.print(table)


def _row(card: dict[str, Any]) -> list[str]:
    name, quality = list(card["quality"].items())[-1]
    local = datetime.fromisoformat(card["created"]).astimezone()
    return [
        card["version"],
        f"{local:%Y-%m-%d %H:%M}",
        card["by"],
        f"{card['data']['examples']:,}",
        f"{name.replace('_', '-')} ({quality['n']:,})",
        "–" if quality["macro_f1"] is None else f"{quality['macro_f1']:.3f}",
    ]


@models.command()
@click.argument("version", required=False)
@home_option
def show(version: str | None, home: Path | None) -> None:
    """Print the card of VERSION (default: the current one) as JSON."""
    echo_json(_registry(home).card(version))


@models.command()
@click.argument("version")
@click.option("--reason", default="", help="Why, for the history.")
@home_option
def promote(version: str, reason: str, home: Path | None) -> None:
    """Let VERSION serve from now on."""
    registry = _registry(home)
    chosen = registry.promote(
        registry.find(version), by=user(), now=datetime.now(UTC), reason=reason
    )
    say(f"{chosen} serves now.")


@models.command()
@click.option("--reason", default="", help="Why, for the history.")
@home_option
def rollback(reason: str, home: Path | None) -> None:
    """Let the model serve that served before the current one."""
    version = _registry(home).roll_back(by=user(), now=datetime.now(UTC), reason=reason)
    say(f"{version} serves again.")


@models.command()
@click.argument("version", required=False)
@home_option
def verify(version: str | None, home: Path | None) -> None:
    """Check the files of VERSION, or of all models, against their digests."""
    registry = _registry(home)
    checked = [registry.find(version)] if version else registry.versions()
    problems = {name: registry.problems(name) for name in checked}
    for name, found in problems.items():
        say(f"{name}: {'; '.join(found) if found else 'sound'}")
    if any(problems.values()):
        raise click.exceptions.Exit(1)


@models.command()
@click.argument("version", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["joblib"]),
    default="joblib",
    show_default=True,
    help="The file's format.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="[default: VERSION.joblib]",
)
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@home_option
def export(
    version: str | None, form: str, output: Path | None, home: Path | None, *, force: bool
) -> None:
    """Write VERSION as a plain scikit-learn Pipeline, which needs no tagger to load.

    Its predict_proba gives our probabilities; its predict cuts all of them at 0.5. A joblib file
    runs code when it is loaded: load only what you trust.
    """
    from tagger.desk.models import export_pipeline  # noqa: PLC0415 - --help must stay instant

    registry = _registry(home)
    chosen = registry.find(version)
    path = output or Path(f"{chosen}.{form}")
    export_pipeline(registry.load(chosen), path, force=force)
    say(f"{chosen} written to {path}")
