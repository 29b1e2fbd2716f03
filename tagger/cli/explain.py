"""``tagger explain``: the words for and against every topic."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import click

from tagger.cli.common import (
    echo_json,
    home_option,
    json_option,
    model_of,
    model_option,
    settings_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.learning.explanation import Explanation

_WORDS = 8


@click.command()
@click.argument("text", required=False)
@click.option("--topic", metavar="TOPIC", help="Only this topic: why it, or why not.")
@click.option(
    "--words",
    type=click.IntRange(1, 50),
    default=_WORDS,
    show_default=True,
    metavar="N",
    help="How many words for and against each topic.",
)
@json_option
@model_option
@home_option
def explain(
    text: str | None,
    topic: str | None,
    words: int,
    version: str | None,
    home: Path | None,
    *,
    as_json: bool,
) -> None:
    """Say why TEXT gets a topic and why not another: TEXT or standard input (-).

    The contributions of the words and the starting point add up to the score, exactly: nothing
    else plays a part.
    """
    from tagger.desk.explain import explain_text  # noqa: PLC0415 - --help must stay instant

    if text in {None, "-"}:
        text = sys.stdin.read()
    if not text or not text.strip():
        raise click.UsageError("There is no text to explain: give it as TEXT or by a pipe.")
    model = model_of(settings_of(home), version)
    if topic is not None and topic not in model.topics:
        raise click.UsageError(f"No topic {topic!r}; there are {', '.join(model.topics)}.")
    found = [e for e in explain_text(text, model) if topic in {None, e.topic}]
    if as_json:
        echo_json({"model": model.version, "text": text, "topics": [_as_data(e) for e in found]})
    else:
        _print(found, words)


def _as_data(e: Explanation) -> dict[str, object]:
    return {
        "topic": e.topic,
        "given": e.given,
        "probability": e.probability,
        "threshold": e.threshold if math.isfinite(e.threshold) else None,
        "score": e.score,
        "needed": e.needed if math.isfinite(e.needed) else None,
        "intercept": e.intercept,
        "words": [
            {"text": w.text, "start": w.start, "end": w.end, "contribution": w.contribution}
            for w in e.words
        ],
        "terms": e.terms,
    }


def _print(found: list[Explanation], words: int) -> None:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, reasons_line  # noqa: PLC0415 - same

    console = new_console()
    for e in found:
        console.print(Text(_verdict(e), "bold green" if e.given else "bold"))
        console.print(Text("  ").append_text(reasons_line(e, words)))
        words_sum = sum(word.contribution for word in e.words)
        console.print(
            Text(
                f"  starts at {e.intercept:+.2f}, words add {words_sum:+.2f}: "
                f"score {e.score:+.2f}, needed {e.needed:+.2f}",
                "dim",
            )
        )


def _verdict(e: Explanation) -> str:
    if e.given:
        return f"{e.topic}: yes, {e.probability:.0%} (from {e.threshold:.0%} on)"
    short = e.needed - e.score
    return f"{e.topic}: no, {e.probability:.0%} (from {e.threshold:.0%} on; {short:.2f} short)"
