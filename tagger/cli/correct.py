"""``tagger correct``: decide about paragraphs, or take a decision back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from tagger.cli.common import bar, home_option, say, settings_of
from tagger.desk.wording import counted

if TYPE_CHECKING:
    from tagger.settings import Settings

_LAST = "last"
_EXAMPLES = """\b
Examples:
  tagger correct 3f1c0a9b2d4e5f607182 --topics battlefield --editor ann
  tagger correct 3f1c0a --topics none --editor ann
  tagger correct --from decided.jsonl --editor ann
  tagger correct --undo --editor ann
"""


@click.command(epilog=_EXAMPLES)
@click.argument("paragraph", required=False, metavar="[ID]")
@click.option("--topics", metavar="A,B", help="What it is about: topic ids, or 'none' of them.")
@click.option(
    "--editor", metavar="NAME", help="Who decides; with --from, where a line names nobody."
)
@click.option(
    "--from",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help='JSON lines of {"text" or "id", "topics", "editor"}: all are recorded, or none. What a '
    "file said already is not recorded again.",
)
@click.option(
    "--undo",
    "undone",
    is_flag=False,
    flag_value=_LAST,
    metavar="[NUMBER]",
    help="Take back the editor's last press, or the decision of that number.",
)
@home_option
def correct(
    paragraph: str | None,
    topics: str | None,
    editor: str | None,
    file: Path | None,
    undone: str | None,
    home: Path | None,
) -> None:
    """Record what a paragraph is about, or take that back.

    ID is an id as 'tagger queue list' and 'tagger log list' print it, or its first 6 characters
    or more where no other one begins so. Nothing is ever erased: a later decision wins, and an
    undo is one more row of the log.
    """
    given = [paragraph is not None, file is not None, undone is not None]
    if sum(given) != 1 or (paragraph is None) != (topics is None):
        raise click.UsageError("Give ID with --topics, or --from FILE, or --undo.")
    settings = settings_of(home)
    if file is not None:
        _from_file(settings, file, editor)
    elif editor is None:
        raise click.UsageError("Say who decides: --editor NAME.")
    elif paragraph is not None and topics is not None:
        _decide(settings, paragraph, topics, editor)
    else:
        _undo(settings, undone or _LAST, editor)


def _from_file(settings: Settings, file: Path, editor: str | None) -> None:
    from tagger.desk.correct import correct_from_file  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.models import taxonomy_of  # noqa: PLC0415 - same
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    with store_of(settings) as store, bar() as shown:
        task = shown.add_task("reading", total=None)
        recorded = correct_from_file(
            store,
            file,
            taxonomy_of(settings),
            editor,
            lambda stage, done, total: shown.update(
                task, description=stage, completed=done, total=total
            ),
        )
    say(
        f"{counted(recorded, 'decision')} of {file} recorded."
        if recorded
        else f"{file} holds nothing that was not recorded before."
    )


def _decide(settings: Settings, paragraph: str, topics: str, editor: str) -> None:
    from tagger.desk.correct import decide, describe_decisions  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.models import taxonomy_of  # noqa: PLC0415 - same
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    taxonomy = taxonomy_of(settings)
    with store_of(settings) as store:
        done = decide(store, paragraph, _topics(topics), editor, key=uuid4().hex, taxonomy=taxonomy)
    made = done.correction
    say(f"Recorded as {made.sequence}: {describe_decisions([made], taxonomy)}.")
    if done.before:
        before = ", ".join(map(taxonomy.label, done.before.topics)) or "none of them"
        say(f"Before: {before}, by {done.before.editor}.")


def _topics(listed: str) -> list[str]:
    named = [topic.strip() for topic in listed.split(",") if topic.strip()]
    if not named or ("none" in named and len(named) > 1):
        raise click.BadParameter(
            "name topics like a,b or none of them by: none", param_hint="--topics"
        )
    return [] if named == ["none"] else named


def _undo(settings: Settings, number: str, editor: str) -> None:
    from tagger.desk.correct import describe, undo  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.models import taxonomy_of  # noqa: PLC0415 - same
    from tagger.desk.queue import store_of  # noqa: PLC0415 - same

    if number != _LAST and not number.isdecimal():
        raise click.BadParameter(f"{number!r} is no number of a decision", param_hint="--undo")
    sequence = None if number == _LAST else int(number)
    with store_of(settings) as store:
        done = undo(store, editor, sequence, key=uuid4().hex)
    say(describe(done, taxonomy_of(settings)))
    if done.status != "undone":
        raise click.exceptions.Exit(1)
