"""``tagger audit``: how good the model is on paragraphs drawn at random."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    examples,
    home_option,
    json_option,
    model_of,
    model_option,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.table import Table

    from tagger.desk.audit import Audit
    from tagger.learning.audit import Period, TopicShares
    from tagger.learning.proportions import Share


@click.command(epilog=examples("tagger audit --json"))
@json_option
@model_option
@home_option
def audit(home: Path | None, version: str | None, *, as_json: bool) -> None:
    """Judge the model by the random audit.

    One paragraph in twenty is asked with the suggestion covered, whatever the model thinks of it.
    Those answers show how good the model is on all paragraphs; corrections of doubtful ones cannot.
    An answer is not learned while it measures: for 180 days, counted back from the desk's newest
    decision. Ranges are exact 95% intervals.
    """
    from tagger.desk.audit import audit_of  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    found = audit_of(settings, model_of(settings, version))
    if as_json:
        echo_json(_as_data(found))
    else:
        _print(found)


def _print(found: Audit) -> None:
    from tagger.cli.tables import new_console  # noqa: PLC0415 - --help must stay instant

    console = new_console()
    console.print(f"Model {found.model}. {found.sentence}")
    if found.today:
        console.print(_topics_table([*found.today.topics, found.today.none]))
    if found.weeks:
        console.print("As suggested at the time:")
        console.print(_periods_table("week of", found.weeks))
        console.print(_periods_table("model", found.versions))
    for line in found.remarks:
        console.print(line, style="dim")


def _topics_table(rows: Sequence[TopicShares]) -> Table:
    from tagger.cli.tables import new_table  # noqa: PLC0415 - --help must stay instant

    table = new_table("!topic", "#precision", "#95%", "#given", "#recall", "#95%", "#labelled")
    for row in rows:
        table.add_row(row.topic, *_cells(row.precision), *_cells(row.recall))
    return table


def _periods_table(name: str, periods: Sequence[Period]) -> Table:
    from tagger.cli.tables import new_table  # noqa: PLC0415 - --help must stay instant

    table = new_table(f"!{name}", "#fully right", "#95%", "#audited")
    for period in periods:
        table.add_row(period.name, *_cells(period.fully_right))
    return table


def _cells(share: Share) -> tuple[str, str, str]:
    if not share.of:
        return ("–", "–", "0")
    return (f"{share.value:.3f}", f"{share.low:.2f}–{share.high:.2f}", f"{share.of:,}")


def _as_data(found: Audit) -> dict[str, Any]:
    today = found.today
    return {
        "model": found.model,
        "audited": today.n if today else 0,
        "fully_right": _share(today.fully_right) if today else None,
        "topics": {row.topic: _topic(row) for row in today.topics} if today else {},
        "none": _topic(today.none) if today else None,
        "weeks": [_period(period) for period in found.weeks],
        "versions": [_period(period) for period in found.versions],
        "released": found.released,
        "left_out": found.left_out,
        "elsewhere": found.elsewhere,
    }


def _topic(row: TopicShares) -> dict[str, Any]:
    return {"precision": _share(row.precision), "recall": _share(row.recall)}


def _period(period: Period) -> dict[str, Any]:
    return {"name": period.name, "first": f"{period.first}", **_share(period.fully_right)}


def _share(share: Share) -> dict[str, float | int | None]:
    figures = {"value": share.value, "low": share.low, "high": share.high}
    known = {name: None if math.isnan(value) else value for name, value in figures.items()}
    return {"right": share.right, "of": share.of, **known}
