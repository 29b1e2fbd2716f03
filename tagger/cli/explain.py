"""``tagger explain``: the words for and against every topic."""

from __future__ import annotations

import io
import math
import sys
from typing import TYPE_CHECKING

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
)
from tagger.cli.words import as_data
from tagger.desk.wording import sure

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.desk.struck import Struck
    from tagger.learning.explanation import Explanation
    from tagger.learning.model import Model
    from tagger.settings import Settings

_WORDS = 8


@click.command(
    epilog=examples(
        'tagger explain "Envoys met in Geneva to discuss a truce."',
        "pbpaste | tagger explain - --topic peace_talks --words 5",
    )
)
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
    """Say why TEXT gets a topic and why not another.

    TEXT may come by a pipe too (-). The contributions of the words and the starting point add up to
    the score, exactly: nothing else plays a part. A word that an editor struck for a topic is
    marked; see 'tagger words'.
    """
    from tagger.desk.explain import explain_text  # noqa: PLC0415 - --help must stay instant

    if text in {None, "-"}:
        text = _piped()
    if not text or not text.strip():
        raise click.UsageError("There is no text to explain: give it as TEXT or by a pipe.")
    settings = settings_of(home)
    model = model_of(settings, version)
    if topic is not None and topic not in model.topics:
        raise click.UsageError(f"No topic {topic!r}; there are {', '.join(model.topics)}.")
    found = [e for e in explain_text(text, model) if topic in {None, e.topic}]
    struck = _struck(settings, model)
    if as_json:
        topics = [_as_data(e, _marks(e, struck)) for e in found]
        echo_json({"model": model.version, "text": text, "topics": topics})
    else:
        _print(found, words, struck)


def _piped() -> str:
    """The text on standard input, in whatever encoding; empty where there is none.

    Raises:
        InputError: it is no text.
    """
    from tagger.reading.decoding import decode  # noqa: PLC0415 - --help must stay instant

    data = sys.stdin.buffer.read()
    if not data.strip():
        return ""
    text, notes = decode(io.BytesIO(data), "standard input")
    for note in notes:
        say(f"Note: {note}")
    return text


def _struck(settings: Settings, model: Model) -> Sequence[Struck]:
    """The struck words; none, and a word on it, where the store cannot be read."""
    from tagger.desk.strikes import struck_words  # noqa: PLC0415 - --help must stay instant
    from tagger.errors import TaggerError  # noqa: PLC0415 - same

    try:
        return struck_words(settings, model.version)
    except TaggerError as error:
        say(f"Struck words are not marked: {error.message}", alarm=True)
        return ()


def _marks(e: Explanation, struck: Sequence[Struck]) -> list[Struck]:
    """The struck words of the text that count for this topic."""
    from tagger.learning.terms import fold  # noqa: PLC0415 - --help must stay instant

    words = {fold(word.text) for word in e.words}
    own = [one for one in struck if one.topic == e.topic and not one.ended]
    return [one for one in own if one.word in words]


def _as_data(e: Explanation, struck: Sequence[Struck]) -> dict[str, object]:
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
        "struck": [as_data(one) for one in struck],
    }


def _print(found: list[Explanation], words: int, struck: Sequence[Struck]) -> None:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    from tagger.cli.tables import new_console, reasons_line  # noqa: PLC0415 - same

    console = new_console()
    for e in found:
        console.print(Text(_verdict(e), "bold green" if e.given else "bold"))
        console.print(Text("  ").append_text(reasons_line(e, words)))
        for one in _marks(e, struck):
            console.print(Text(f"  {_adds(e, one.word)}: {one.told}", "yellow"))
        if not _was_learned(e):
            continue
        words_sum = sum(word.contribution for word in e.words)
        console.print(
            Text(
                f"  starts at {e.intercept:+.2f}, words add {words_sum:+.2f}: "
                f"score {e.score:+.2f}, needed {e.needed:+.2f}",
                "dim",
            )
        )


def _was_learned(e: Explanation) -> bool:
    """No score reaches the threshold of a topic that had too few labels to learn from."""
    return math.isfinite(e.needed)


def _adds(e: Explanation, word: str) -> str:
    from tagger.learning.terms import fold  # noqa: PLC0415 - --help must stay instant

    total = sum(w.contribution for w in e.words if fold(w.text) == word)
    return f"'{word}' adds {total + 0.0:+.2f}"  # a zero without a minus


def _verdict(e: Explanation) -> str:
    if e.nearest:
        return (
            f"{e.topic}: yes, {sure(e.probability)} (below {e.threshold:.0%}, but every paragraph "
            "gets a topic and none comes nearer)"
        )
    if e.given:
        return f"{e.topic}: yes, {sure(e.probability)} (from {e.threshold:.0%} on)"
    if not _was_learned(e):
        return f"{e.topic}: no, for it was never learned: too few labelled paragraphs had it"
    short = e.needed - e.score
    return f"{e.topic}: no, {sure(e.probability)} (from {e.threshold:.0%} on; {short:.2f} short)"
