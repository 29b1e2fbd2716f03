"""``tagger queue``: the paragraphs that wait for an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    examples,
    home_option,
    json_option,
    say,
    settings_of,
)
from tagger.cli.queue_add import add
from tagger.desk.wording import beginning, counted, sure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.desk.queue import Card, Counts

_LONGEST = 160  # characters of a paragraph that a table shows

lane_option = click.option(
    "--lane",
    type=click.Choice(["doubt", "confident", "audit", "second", "again"]),
    help="Only what waits for this reason.",
)


@click.group(
    epilog=examples(
        "tagger queue add archive/2026-11/", "tagger queue list", "tagger queue next --editor ann"
    )
)
def queue() -> None:
    """See, fill and work off the paragraphs that wait for an editor."""


queue.add_command(add)


@queue.command("list", epilog=examples("tagger queue list --lane doubt --limit 5"))
@lane_option
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    metavar="N",
    default=20,
    show_default=True,
    help="How many paragraphs at most.",
)
@json_option
@home_option
def list_(lane: str | None, limit: int, home: Path | None, *, as_json: bool) -> None:
    """List what is left, the most urgent first. Nobody is lent anything.

    What is asked again because its topics changed comes last: a third of the list at most.
    The suggestion for a random audit is covered, as it measures the model.
    """
    from tagger.desk.queue import asked_again, counts, store_of, waiting  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    with store_of(settings) as store:
        cards, left = waiting(store, settings, lane=lane, limit=limit), counts(store)
        again = asked_again(store, settings)
    _show(cards, as_json=as_json)
    say(f"{left.left:,} left of {left.total:,}, {left.held:,} held by editors.")
    if again:
        more = counted(again, "more is", "more are")
        say(
            f"{more} asked again because topics changed: those decided here in the lane again, "
            "those of labelled files on the Desk page only."
        )
    if not left.total:
        say("Fill the queue with: tagger queue add INPUT...")


@queue.command("next", epilog=examples("tagger queue next --editor ann --json"))
@click.option("--editor", required=True, metavar="NAME", help="Who takes them.")
@lane_option
@click.option(
    "--limit",
    type=click.IntRange(1, 200),
    metavar="N",
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
        table.add_row(
            item.paragraph,
            card.lane,
            Text(_suggested(card)),
            Text(beginning(item.text, _LONGEST)),
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
