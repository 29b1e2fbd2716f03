"""``tagger words``: strike words that say nothing about a topic; see which names it leans on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    examples,
    home_option,
    json_option,
    model_of,
    model_option,
    say,
    settings_of,
    training_progress,
)
from tagger.desk.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from tagger.desk.names import NamesReport
    from tagger.desk.struck import Struck

_NEXT = "The next retrain honours that: tagger retrain"
_EXAMPLES = """\b
Examples:
  tagger words names                        the names that each topic leans on
  tagger words strike Odesa --topic battlefield --editor Olena --why "a place"
  tagger retrain && tagger words list       honoured, or why not
  tagger words restore Odesa --topic battlefield --editor Olena
"""

topic_option = click.option(
    "--topic", metavar="TOPIC", required=True, help="The topic that it says nothing about."
)
editor_option = click.option(
    "--editor", metavar="NAME", required=True, help="Who says so; recorded."
)
why_option = click.option("--why", metavar="TEXT", default="", help="Why; recorded.")


@click.group(epilog=_EXAMPLES)
def words() -> None:
    """Contest what the model makes of a word.

    Strike it for a topic, or let it count again. From the next retrain on a struck word adds
    exactly nothing to that topic's score, in any text, and other words take over what was right in
    it.
    """


@words.command(epilog=examples("tagger words strike Odesa --topic battlefield --editor Olena"))
@click.argument("word")
@topic_option
@editor_option
@why_option
@home_option
def strike(word: str, topic: str, editor: str, why: str, home: Path | None) -> None:
    """Say that WORD tells nothing about a topic.

    One word at a time, in small letters or capitals; its inflections are words of their own. A
    pair of words loses its weight with either of them. Numbers are read by their length: 2014
    stands for all numbers of four digits.
    """
    from tagger.desk.queue import store_of  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.strikes import strike as strike_word  # noqa: PLC0415 - same

    settings = settings_of(home)
    with store_of(settings) as store:
        struck, new = strike_word(store, settings, word, topic, editor, why=why)
    if new:
        say(f"Recorded: '{struck.word}' says nothing about {struck.topic}. {_NEXT}")
    else:
        say(f"'{struck.word}' was {struck.told}.")


@words.command(epilog=examples("tagger words restore Odesa --topic battlefield --editor Olena"))
@click.argument("word")
@topic_option
@editor_option
@why_option
@home_option
def restore(word: str, topic: str, editor: str, why: str, home: Path | None) -> None:
    """Let WORD count again for a topic.

    Whoever struck it; the log keeps both.
    """
    from tagger.desk.queue import store_of  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.strikes import restore as restore_word  # noqa: PLC0415 - same

    settings = settings_of(home)
    with store_of(settings) as store:
        done = restore_word(store, settings, word, topic, editor, why=why)
    say(f"Recorded: '{done.word}' may speak about {done.topic} again. {_NEXT}")


@words.command("list", epilog=examples("tagger words list --json"))
@json_option
@home_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List the struck words, and whether the model honours that.

    \b
    honoured             the word adds nothing to the topic's score
    at the next retrain  the model was trained before
    restored             the model still honours it, the next one will not
    no such topic        the topic was merged or retired
    """  # noqa: D301 - click wants the character itself, to keep the lines as they are
    from tagger.desk.strikes import struck_words  # noqa: PLC0415 - --help must stay instant

    found = struck_words(settings_of(home))
    if as_json:
        echo_json([as_data(one) for one in found])
    elif found:
        rows = [
            (o.word, o.topic, o.editor, _minute(o.time.isoformat()), o.state, o.why) for o in found
        ]
        _print(("word", "topic", "editor", "time", "state", "why"), rows)
    else:
        say("No word is struck. 'tagger words names' tells which names the topics lean on.")


@words.command(epilog=examples("tagger words log --json > strikes.json"))
@json_option
@home_option
def log(home: Path | None, *, as_json: bool) -> None:
    """List every strike and restoring, oldest first.

    Nothing is ever removed. As JSON each row carries its own SHA-256 and that of the row before it;
    'tagger log verify' checks them.
    """
    from tagger.desk.queue import store_of  # noqa: PLC0415 - --help must stay instant

    with store_of(settings_of(home)) as store:
        rows = list(store.strikes.export())
    if as_json:
        echo_json(rows)
    elif rows:
        _print(("#row", "what", "word", "topic", "editor", "time", "why"), map(_logged, rows))
    else:
        say("No word was ever struck.")


@words.command(epilog=examples("tagger words names --limit 12"))
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=8,
    show_default=True,
    help="How many names for each topic; --json has all.",
)
@json_option
@model_option
@home_option
def names(limit: int, version: str | None, home: Path | None, *, as_json: bool) -> None:
    """Measure how much each topic leans on names.

    Names of places, people and organisations are meant: words that the training texts write with a
    capital inside sentences nearly always. A name's share is what it adds of all that speaks for
    the topic, over the paragraphs of the frozen test that get it; "only by names" counts those that
    would not get it if their names said nothing.
    """
    from tagger.desk.names import names_report  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    model = model_of(settings, version)
    with training_progress() as (progress, _):
        report = names_report(settings, model, progress)
    if as_json:
        echo_json(_report_as_data(report))
    else:
        _print_report(report, limit)


def as_data(one: Struck) -> dict[str, Any]:
    """A struck word for programs."""
    return {
        "word": one.word,
        "topic": one.topic,
        "editor": one.editor,
        "time": one.time.isoformat(),
        "why": one.why,
        "sequence": one.sequence,
        "state": one.state,
    }


def _logged(row: Mapping[str, Any]) -> Sequence[str]:
    told = [row[name] for name in ("action", "word", "topic", "editor")]
    return (str(row["sequence"]), *told, _minute(row["time"]), row["why"])


def _minute(time: str) -> str:
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"


def _print(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - same

    table = new_table(*columns)
    for row in rows:
        table.add_row(*map(Text, row))
    new_console().print(table)


def _print_report(report: NamesReport, limit: int) -> None:
    rows = [
        (
            one.topic,
            str(one.paragraphs),
            f"{one.share:.0%}",
            str(one.only),
            ", ".join(f"{name.word} {name.share:.1%}" for name in one.names[:limit]),
        )
        for one in report.topics
    ]
    _print(("topic", "#paragraphs", "#from names", "#only by names", "names"), rows)
    say(
        f"Measured on {report.measured}: {counted(report.paragraphs, 'paragraph')}, "
        f"{counted(report.known, 'name')}. "
        "Strike one that says nothing about a topic with 'tagger words strike'."
    )


def _report_as_data(report: NamesReport) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415 - --help must stay instant

    return asdict(report)
