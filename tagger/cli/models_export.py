"""``tagger models export``: a model for programs that know no tagger."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click

from tagger.cli.common import examples, home_option, named_once, output_option, say, settings_of


@click.command(
    epilog=examples(
        "tagger models export model.joblib",
        "tagger models export 20261122-1615 -o model.joblib",
        "tagger models export - | ssh archive 'cat > model.joblib'",
    )
)
@click.argument("version", required=False)
@click.argument("out", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(["joblib"]),
    default="joblib",
    show_default=True,
    help="The file's format.",
)
@output_option("[default: VERSION.joblib in this folder]")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@home_option
def export(
    version: str | None,
    out: Path | None,
    form: str,
    output: Path | None,
    home: Path | None,
    *,
    force: bool,
) -> None:
    """Write a model as a plain scikit-learn Pipeline.

    VERSION is the current one by default. OUT may be given with or without -o; - is the standard
    output. No tagger is needed to load it: its predict_proba gives our probabilities, its predict
    cuts all of them at 0.5. A joblib file runs code when it is loaded: load only what you trust.
    """
    from tagger.desk.models import (  # noqa: PLC0415 - --help must stay instant
        dump_pipeline,
        export_pipeline,
        registry_of,
    )

    version, out = _version_and_out(version, out, output)
    registry = registry_of(settings_of(home))
    chosen = registry.find(version)
    path = out or Path(f"{chosen}.{form}")
    if str(path) == "-":
        dump_pipeline(registry.load(chosen), _binary_stdout())
        return
    export_pipeline(registry.load(chosen), path, force=force)
    say(f"{chosen} written to {path}")


def _version_and_out(
    first: str | None, second: Path | None, option: Path | None
) -> tuple[str | None, Path | None]:
    """What the arguments mean: one alone with a dot or a slash is OUT, as no version has one."""
    if first and second is None and (first == "-" or {*first} & {*"./\\"}):
        return None, named_once(Path(first), option)
    return first, named_once(second, option)


def _binary_stdout() -> BinaryIO:
    if sys.stdout.isatty():
        raise click.UsageError("A model is nothing to read: name a file, or send it into a pipe.")
    return sys.stdout.buffer
