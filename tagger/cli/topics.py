"""``tagger topics``: what the topics mean."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tagger.cli.common import echo_json, home_option, json_option, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def topics() -> None:
    """The desk's topics, from labeled/taxonomy.toml."""


@topics.command("list")
@json_option
@home_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List the topics with their definitions."""
    from tagger.desk.models import taxonomy_of  # noqa: PLC0415 - --help must stay instant

    taxonomy = taxonomy_of(settings_of(home))
    if as_json:
        echo_json([{key.rstrip("_"): value for key, value in asdict(t).items()} for t in taxonomy])
        return
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - same

    table = new_table("!key", "topic", "definition", "not", "!IPTC")
    for topic in taxonomy:
        name = Text(f"{topic.label}\n", f"bold {topic.colour}").append(topic.id, "dim")
        table.add_row(topic.key, name, topic.definition, topic.not_, "\n".join(topic.iptc))
    new_console().print(table)
