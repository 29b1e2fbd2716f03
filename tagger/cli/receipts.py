"""``tagger receipts``: what became of the corrections."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import echo_json, examples, home_option, json_option, say, settings_of
from tagger.desk.wording import beginning, counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.desk.receipts import Receipt

_LONGEST = 90  # characters of a paragraph that a table shows


@click.command(epilog=examples("tagger receipts --editor ann"))
@click.option("--editor", metavar="NAME", help="Only this editor's decisions.")
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=20,
    show_default=True,
    help="How many rows of the table at most; --json has all.",
)
@json_option
@home_option
def receipts(editor: str | None, limit: int, home: Path | None, *, as_json: bool) -> None:
    """Show what became of each correction.

    \b
    learned                       the current model gives exactly these topics
    still disagrees               it was taught them and gives others
    outvoted                      a later decision or a near-copy says otherwise
    waiting for the next retrain  it is newer than the current model
    measures only                 an audit answer or planted check, never learned
    set aside                     it cannot be learned: a topic that is no more, a copy of a test

    Neighbours are stored paragraphs on the same matter whose tag changed with the model that
    first learned from it.
    """  # noqa: D301 - click wants the character itself, to keep the lines as they are
    from tagger.desk.receipts import receipts as of_desk  # noqa: PLC0415 - --help must stay instant

    found = of_desk(settings_of(home), editor)
    if as_json:
        echo_json([_as_data(receipt) for receipt in found])
    elif found:
        _print(found[:limit])
    say(_summary(found))


def _summary(found: Sequence[Receipt]) -> str:
    if not found:
        return "No decision yet. Make some with 'tagger app' or 'tagger correct'."
    from tagger.desk.receipts import OUTCOMES  # noqa: PLC0415 - --help must stay instant

    counts = Counter(receipt.outcome for receipt in found)
    told = ", ".join(f"{counts[outcome]:,} {outcome}" for outcome in OUTCOMES if counts[outcome])
    return f"{counted(len(found), 'decision')}: {told}."


def _print(found: Sequence[Receipt]) -> None:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - same

    table = new_table("#row", "editor", "decided", "outcome", "by", "#neighbours", "paragraph")
    for receipt in found:
        row = receipt.correction
        table.add_row(
            str(row.sequence),
            Text(row.editor),
            _topics(row.topics),
            Text(_told(receipt)),
            receipt.learned_by or "",
            str(receipt.neighbours),
            Text(beginning(row.text, _LONGEST)),
        )
    new_console().print(table)


def _told(receipt: Receipt) -> str:
    if receipt.outcome == "still disagrees":
        return f"{receipt.outcome}: gives {_topics(receipt.gives)}"
    return receipt.words


def _topics(topics: Sequence[str]) -> str:
    return ", ".join(topics) or "none of them"


def _as_data(receipt: Receipt) -> dict[str, Any]:
    row = receipt.correction
    return {
        "sequence": row.sequence,
        "paragraph": row.paragraph,
        "text": row.text,
        "editor": row.editor,
        "time": row.time.isoformat(),
        "topics": list(row.topics),
        "outcome": receipt.outcome,
        "gives": list(receipt.gives),
        "learned_by": receipt.learned_by,
        "against": receipt.against,
        "neighbours": receipt.neighbours,
    }
