"""``tagger retrain``: learn from the labelled paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tagger.cli.common import (
    echo_json,
    home_option,
    json_option,
    say_trained,
    settings_of,
    train_now,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--no-promote", is_flag=True, help="Save the model without letting it serve.")
@json_option
@home_option
def retrain(home: Path | None, *, no_promote: bool, as_json: bool) -> None:
    """Train a model on labeled/train, judge it, save it and let it serve."""
    done = train_now(settings_of(home), promote=not no_promote)
    say_trained(done)
    if as_json:
        echo_json({"version": done.version, "promoted": done.promoted, **done.card})
