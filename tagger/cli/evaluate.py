"""``tagger evaluate``: how well the model agrees with people's labels."""

from __future__ import annotations

import math
from pathlib import Path
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
from tagger.desk.wording import counted

if TYPE_CHECKING:
    from rich.table import Table

    from tagger.learning.evaluation import Evaluation, Quality
    from tagger.learning.resampling import Figure

_WIDE = 95  # columns that the whole table needs


@click.command(
    epilog=examples("tagger evaluate", "tagger evaluate real.jsonl --by outlet --html report.html")
)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--by", metavar="FIELD", help="Also judge by the values of this field of the lines.")
@json_option
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT",
    help="Write a report with plots and the worst mistakes (one file, no network).",
)
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@model_option
@home_option
def evaluate(
    file: Path | None,
    by: str | None,
    html: Path | None,
    version: str | None,
    home: Path | None,
    *,
    as_json: bool,
    force: bool,
) -> None:
    """Judge the model on FILE, JSON lines of {"text", "topics"}.

    Without FILE it is judged on the desk's frozen test, labeled/test.jsonl. Every figure comes
    with its 95% bootstrap interval.
    """
    from tagger.desk.evaluate import evaluate_file, write_report  # noqa: PLC0415 - --help stays instant
    from tagger.desk.models import quality_summary  # noqa: PLC0415 - same

    settings = settings_of(home)
    evaluation = evaluate_file(settings, model_of(settings, version), file, by=by)
    if html is not None:
        write_report(evaluation, settings, html, force=force)
        say(f"Report written to {html}")
    if as_json:
        parts = {value: quality_summary(part) for value, part in evaluation.parts.items()}
        echo_json(
            {
                **quality_summary(evaluation.quality),
                "model": evaluation.model.version,
                **({"by": {by: parts}} if by else {}),
            }
        )
    else:
        _print(evaluation, by)
    if evaluation.seen:
        stand = "stands" if evaluation.seen == 1 else "stand"
        say(f"Beware: {evaluation.seen:,} of these texts {stand} in the training files too.")


def _print(evaluation: Evaluation, by: str | None) -> None:
    from tagger.cli.tables import new_console  # noqa: PLC0415 - --help must stay instant

    quality = evaluation.quality
    parts = {f"{by}={value}": part for value, part in evaluation.parts.items()}
    console = new_console()
    console.print(_topics_table(evaluation, wide=console.width >= _WIDE))
    console.print(_totals_table({"all": quality, **parts}))
    console.print(
        f"{counted(quality.n, 'paragraph')}, model {evaluation.model.version}, calibration error "
        f"{quality.calibration_error:.3f}; ranges are 95% bootstrap intervals.",
        style="dim",
    )


def _topics_table(evaluation: Evaluation, *, wide: bool) -> Table:
    from tagger.cli.tables import new_table  # noqa: PLC0415 - --help must stay instant

    more = ["#labelled", "#given", "#from"] if wide else ["#labelled"]
    table = new_table("!topic", "#precision", "#recall", "#F1", "#95%", *more)
    for t in evaluation.quality.topics:
        figures = [_value(figure) for figure in (t.precision, t.recall, t.f1)]
        needed = f"{t.threshold:.2f}" if math.isfinite(t.threshold) else "never"
        counts = [f"{t.support:,}", f"{t.given:,}", needed][: len(more)]
        table.add_row(t.topic, *figures, _range(t.f1), *counts)
    return table


def _totals_table(parts: dict[str, Quality]) -> Table:
    from tagger.cli.tables import new_table  # noqa: PLC0415 - --help must stay instant

    table = new_table("!part", "#n", "#macro-F1", "#95%", "#micro-F1", "#exact", "#none F1")
    for name, q in parts.items():
        others = [_value(figure) for figure in (q.micro_f1, q.exact_match, q.none_f1)]
        table.add_row(name, f"{q.n:,}", _value(q.macro_f1), _range(q.macro_f1), *others)
    return table


def _value(figure: Figure) -> str:
    return "–" if math.isnan(figure.value) else f"{figure.value:.3f}"


def _range(figure: Figure) -> str:
    return "–" if math.isnan(figure.low) else f"{figure.low:.2f}–{figure.high:.2f}"
