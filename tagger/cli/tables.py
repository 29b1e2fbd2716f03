"""Tables and bars for a terminal."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tagger.batch.deciding import Deciding
from tagger.cli.common import printable
from tagger.desk.models import taxonomy_of
from tagger.desk.wording import beginning, sure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagger.desk.tag_job import Job, Result
    from tagger.learning.explanation import Explanation, Word
    from tagger.records import Prediction
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy

_LONGEST = 320  # characters of a paragraph that a table shows
_SMALLEST = 0.05  # a word that moves the score by less is not worth reading
_PIPE_WIDTH = 120  # columns where no terminal tells how wide it is


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to the command line: rich would exit with 1 where ``head`` has seen enough."""
        raise BrokenPipeError


def new_console() -> Console:
    """A console on standard output, as wide as the terminal."""
    # No markup: a document may be called [/b].
    console = _Console(highlight=False, markup=False)
    if console.is_terminal:
        return console
    return _Console(highlight=False, markup=False, width=_PIPE_WIDTH)


def new_table(*columns: str, title: str | None = None) -> Table:
    """A table in the house's look: ``#``-columns to the right; nothing is ever cut off."""
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(
            column[1:] if column[:1] in {"#", "!"} else column,
            justify="right" if column.startswith("#") else "left",
            overflow="fold",
        )
    return table


def print_predictions(found: Iterable[Result], settings: Settings, job: Job) -> None:
    """Print one table a document as it is tagged, topics in their colours."""
    console, taxonomy = new_console(), taxonomy_of(settings)
    for document, results in itertools.groupby(
        found, key=lambda r: r.prediction.paragraph.document
    ):
        decides = isinstance(job.judge, Deciding)
        columns = ["##", "topics", *(["by itself"] if decides else []), "paragraph"]
        table = new_table(*columns, title=printable(document))
        table.columns[1].min_width = 22
        for prediction, why in results:
            table.add_row(
                str(prediction.paragraph.index + 1),
                _topics(prediction, taxonomy),
                *([_decision(prediction)] if decides else []),
                _paragraph(prediction, why, job.explain),
            )
        console.print(table)


def _topics(prediction: Prediction, taxonomy: Taxonomy) -> Text:
    if prediction.paragraph.furniture is not None:
        return Text(f"({prediction.paragraph.furniture})", "dim")
    colours = {topic.id: topic.colour for topic in taxonomy}
    ruled = [
        Text(f"{taxonomy.label(topic)} (rule: {phrase})", colours[topic])
        for topic, phrase in prediction.rules.items()
    ]
    if not prediction.topics:
        best = max(prediction.scores.values(), default=0.0)
        return Text("\n").join([Text(f"none of them {sure(1 - best)}", "dim"), *ruled])
    lines = [
        Text(f"{taxonomy.label(topic)} {sure(prediction.scores[topic])}", f"bold {colours[topic]}")
        for topic in prediction.topics
    ]
    return Text("\n").join([*lines, *ruled])


def _decision(prediction: Prediction) -> Text:
    """Yes, or that an editor shall look; nothing for page furniture."""
    words = {"auto": Text("yes"), "none": Text("yes"), "ask": Text("ask", "bold yellow")}
    return words[prediction.decision] if prediction.decision else Text("")


def _paragraph(prediction: Prediction, why: Sequence[Explanation], words: int) -> Text:
    text = prediction.paragraph.text
    shown = beginning(text, _LONGEST)
    style = "dim" if prediction.paragraph.furniture is not None else ""
    return Text("\n").join([Text(shown, style), *(reasons_line(e, words) for e in why)])


def reasons_line(explanation: Explanation, words: int) -> Text:
    """One line: the strongest words for (green) and against (red) a topic."""
    sides = [
        _words("for", explanation.strongest(words), "green"),
        _words("against", explanation.strongest(words, against=True), "red"),
    ]
    return Text(f"{explanation.topic} ", "dim").append_text(Text("  ").join(filter(None, sides)))


def _words(name: str, words: Sequence[Word], style: str) -> Text | None:
    loud = [word for word in words if abs(word.contribution) >= _SMALLEST]
    if not loud:
        return None
    listed = ", ".join(f"{word.text} {word.contribution:+.2f}" for word in loud)
    return Text(f"{name}: ", "dim").append(listed, style)
