"""``tagger topics``: what the topics mean, and how they change with the news."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

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
from tagger.cli.topics_change import add, change_as_data, merge, rename, retire, revert, split

if TYPE_CHECKING:
    from pathlib import Path


@click.group(
    epilog=examples(
        "tagger topics list", "tagger topics add drones --seed Shahed", "tagger topics history"
    )
)
def topics() -> None:
    """See the desk's topics, change them, take a change back.

    They are kept in labeled/taxonomy.toml. A change is shown as a plan first. Labels and decisions
    are never rewritten: they are read through the changes that came after them.
    """


for command in (add, rename, merge, split, retire, revert):
    topics.add_command(command)


@topics.command("list", epilog=examples("tagger topics list --json"))
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


@topics.command(epilog=examples("tagger topics history --json"))
@json_option
@home_option
def history(home: Path | None, *, as_json: bool) -> None:
    """List the changes, oldest first."""
    from tagger.desk.topics import changes  # noqa: PLC0415 - --help must stay instant

    made = changes(settings_of(home))
    if as_json:
        echo_json([change_as_data(one) for one in made])
        return
    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - --help stays instant
    from tagger.desk.topic_words import summary  # noqa: PLC0415 - same

    table = new_table("#no.", "!when", "who", "what")
    for one in made:
        when = f"{one.time.astimezone():%Y-%m-%d %H:%M}"
        table.add_row(str(one.number), when, printable(one.by), printable(summary(one)))
    if made:
        new_console().print(table)
    else:
        say("The topics were never changed with 'tagger topics'.")
