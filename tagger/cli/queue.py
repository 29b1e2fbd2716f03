"""``tagger queue``: the paragraphs that wait for an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    bar,
    echo_json,
    examples,
    home_option,
    json_option,
    model_of,
    say,
    settings_of,
)
from tagger.desk.wording import sure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.desk.queue import Card, Counts, QueueReport
    from tagger.records import Reject

_LONGEST = 160  # characters of a paragraph that a table shows
_TOLD = 5  # unreadable rows that are named

lane_option = click.option(
    "--lane",
    type=click.Choice(["doubt", "confident", "audit", "second"]),
    help="Only what waits for this reason.",
)


@click.group(
    epilog=examples(
        "tagger queue add archive/2026-11/", "tagger queue list", "tagger queue next --editor ann"
    )
)
def queue() -> None:
    """The paragraphs that wait for an editor: fill the queue, see it, take the next ones."""


@queue.command(
    epilog=examples('tagger queue add archive/2026-11/ "wires/*.html"'),
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--text-column", metavar="NAME", help="The column of a table that holds the text.")
@click.option("--encoding", metavar="NAME", help="The inputs' encoding where it is not UTF-8.")
@home_option
def add(
    inputs: tuple[str, ...], text_column: str | None, encoding: str | None, home: Path | None
) -> None:
    """Queue the paragraphs of INPUT: files, folders, quoted globs, or - for standard input.

    Page furniture is set aside, near-copies of one wire paragraph are one item, and what was
    queued before is not queued again: an interrupted command is simply repeated. A file or row
    that cannot be read does not stop the others; the exit code is then 1.
    """
    from tagger.desk.queue import counts, queue_inputs, store_of  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    model = model_of(settings, None)
    rejects: list[Reject] = []
    with store_of(settings) as store:
        with bar() as shown:
            reading = shown.add_task("reading", total=None)
            scoring = shown.add_task("scoring", total=None, visible=False)
            report = queue_inputs(
                inputs,
                store,
                model,
                text_column=text_column,
                encoding=encoding,
                on_total=lambda total: shown.update(reading, total=total),
                on_file=lambda _: shown.advance(reading),
                on_reject=lambda row: rejects.append(row) if len(rejects) < _TOLD else None,
                progress=lambda _, done, total: shown.update(
                    scoring, completed=done, total=total, visible=True
                ),
            )
        _close(report, rejects, counts(store))
    if not report.tally.clean or not report.tally.documents:
        raise click.exceptions.Exit(1)


def _close(report: QueueReport, rejects: Sequence[Reject], left: Counts) -> None:
    """The closing words, on standard error."""
    added, tally = report.added, report.tally
    for note in tally.all_notes:
        say(f"Note: {note}")
    asides = {
        "copies of them": added.copies,
        "set aside as furniture": added.furniture,
        "decided before": added.decided,
    }
    told = ", ".join(f"{number:,} {what}" for what, number in asides.items() if number)
    say(
        f"{added.articles:,} new {'article' if added.articles == 1 else 'articles'}"
        f"{f' ({added.known:,} known already)' if added.known else ''}, "
        f"{added.queued:,} paragraphs queued{f' ({told})' if told else ''}; "
        f"{left.left:,} left of {left.total:,}."
    )
    for reject in rejects:
        click.secho(
            f"Not read: {reject.file}, row {reject.row}: {reject.reason}", fg="red", err=True
        )
    if tally.rejects > len(rejects):
        say(f"... and {tally.rejects - len(rejects):,} rows more.")
    for name, error in tally.failures:
        click.secho(f"Not read: {name}: {error.message}", fg="red", err=True)
        if error.cure:
            say(f"  {error.cure}")


@queue.command("list", epilog=examples("tagger queue list --lane doubt --limit 5"))
@lane_option
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many paragraphs at most.",
)
@json_option
@home_option
def list_(lane: str | None, limit: int, home: Path | None, *, as_json: bool) -> None:
    """List what is left, the most urgent first. Nobody is lent anything.

    The suggestion for a random audit is covered, as it measures the model.
    """
    from tagger.desk.queue import counts, store_of, waiting  # noqa: PLC0415 - --help must stay instant

    with store_of(settings_of(home)) as store:
        cards, left = waiting(store, lane=lane, limit=limit), counts(store)
    _show(cards, as_json=as_json)
    say(f"{left.left:,} left of {left.total:,}, {left.held:,} held by editors.")
    if not left.total:
        say("Fill the queue with: tagger queue add INPUT...")


@queue.command("next", epilog=examples("tagger queue next --editor ann --json"))
@click.option("--editor", required=True, metavar="NAME", help="Who takes them.")
@lane_option
@click.option(
    "--limit",
    type=click.IntRange(1, 200),
    default=20,
    show_default=True,
    help="How many paragraphs at most.",
)
@json_option
@home_option
def next_(editor: str, lane: str | None, limit: int, home: Path | None, *, as_json: bool) -> None:
    """Take the next paragraphs: for ten minutes nobody else gets them.

    They are a mix of doubt, checks of what the model is sure of, random audits and second
    opinions. Decide each with 'tagger correct ID'; the same command again tops the page up.
    """
    from tagger.desk.queue import counts, next_up, store_of  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    with store_of(settings) as store:
        # A planted check is no item of the queue: its id would tell it apart.
        cards = next_up(store, settings, editor, n=limit, lane=lane, checks=False)
        left = counts(store, editor)
    _show(cards, as_json=as_json)
    say(
        f"{left.left:,} left of {left.total:,}, {left.skipped:,} skipped by {editor}, "
        f"{left.held:,} held by others."
    )
    if not cards:
        say(_why_nothing(left, lane))


def _why_nothing(left: Counts, lane: str | None) -> str:
    if not left.total:
        return "The queue is empty. Fill it with: tagger queue add INPUT..."
    if not left.left:
        return "All is decided. Add more with: tagger queue add INPUT..."
    if lane:
        return f"Nothing waits in the lane {lane}. Ask again without --lane."
    return "Others hold the rest; what they do not decide is free again in ten minutes."


def _show(cards: Sequence[Card], *, as_json: bool) -> None:
    if as_json:
        echo_json([_as_data(card) for card in cards])
        return
    if not cards:
        return
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - same

    table = new_table("id", "lane", "suggested", "paragraph", "#copies")
    for card in cards:
        item = card.item
        text = item.text if len(item.text) <= _LONGEST else item.text[: _LONGEST - 1] + "…"
        table.add_row(
            item.paragraph,
            card.lane,
            Text(_suggested(card)),
            Text(text),
            f"+{item.copies}" * (item.copies > 0),
        )
    new_console().print(table)


def _suggested(card: Card) -> str:
    if card.hidden:
        return "(covered)"
    if card.model is None:
        return "–"
    return (
        "\n".join(f"{topic} {sure(card.scores[topic])}" for topic in card.topics) or "none of them"
    )


def _as_data(card: Card) -> dict[str, Any]:
    """A card for programs; what is hidden from editors is null here too."""
    item, place = card.item, card.item.place
    return {
        "id": item.paragraph,
        "text": item.text,
        "lane": card.lane,
        "reason": card.reason,
        "topics": None if card.hidden else list(card.topics),
        "scores": None if card.hidden else dict(card.scores),
        "model": card.model,
        "document": place.name,
        "title": place.title,
        "date": place.date,
        "source": place.source,
        "index": place.index,
        "before": list(item.before),
        "after": list(item.after),
        "copies": item.copies,
    }
