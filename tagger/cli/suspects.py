"""``tagger suspects``: labels that deserve a second look."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    examples,
    home_option,
    json_option,
    say,
    settings_of,
    training_progress,
)
from tagger.desk.wording import beginning

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.desk.suspects import Agreement, DoubtedLabel, Label, Suspects

_LONGEST = 100  # characters of a paragraph that a table shows


@click.command(
    epilog=examples("tagger suspects --limit 10", "tagger suspects --json > suspects.json")
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=20,
    show_default=True,
    help="How many of each kind at most.",
)
@json_option
@home_option
def suspects(limit: int, home: Path | None, *, as_json: bool) -> None:
    """List labels that deserve a second look.

    Those of the training files and the decisions are looked through. Doubted labels are those that
    a model which had not seen them thinks wrong. Near-copies and editors contradict each other
    where the same paragraph has different topics. Kappa says how far two editors agree beyond
    chance: 1 is fully, 0 not at all. Files are named from the desk's folder, with the line. Takes
    as long as a retrain.
    """
    from tagger.desk.suspects import find_suspects  # noqa: PLC0415 - --help must stay instant

    with training_progress() as (progress, _):
        found = find_suspects(settings_of(home), progress=progress)
    if as_json:
        echo_json(_as_data(found, limit))
    else:
        _print(found, limit)
    say(
        f"Doubted labels: {len(found.doubted):,}; contradictions between near-copies: "
        f"{len(found.contradictions):,}; between editors: {len(found.disputes):,}."
    )


def _print(found: Suspects, limit: int) -> None:
    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - --help stays instant

    console = new_console()
    if found.doubted:
        table = new_table(
            "#belief", "labelled", "the model says", "where", "paragraph", title="Doubted labels"
        )
        for doubt in found.doubted[:limit]:
            table.add_row(*_cells(doubt))
        console.print(table)
    for title, groups in (
        ("Near-copies with different topics", found.contradictions),
        ("Editors who differ", found.disputes),
    ):
        if groups:
            table = new_table("labelled", "where", "when", "paragraph", title=title)
            for group in groups[:limit]:
                for label in group:
                    table.add_row(*_row(label))
                table.add_section()
            console.print(table)
    if found.agreements:
        table = new_table("editors", "#shared", "#equal", "#kappa", title="Agreement of editors")
        for agreement in found.agreements[:limit]:
            table.add_row(*_figures(agreement))
        console.print(table)


def _cells(doubt: DoubtedLabel) -> list[Any]:
    topics, where, _, text = _row(doubt.label)
    return [f"{doubt.belief:.0%}", topics, _topics(doubt.suggested), where, text]


def _row(label: Label) -> list[Any]:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    when = f"{label.time.astimezone():%Y-%m-%d %H:%M}" if label.time else ""
    return [_topics(label.topics), Text(label.origin), when, Text(beginning(label.text, _LONGEST))]


def _figures(agreement: Agreement) -> list[Any]:
    from rich.text import Text  # noqa: PLC0415 - --help must stay instant

    figures = agreement.figures
    kappa = "–" if math.isnan(figures.kappa) else f"{figures.kappa:.2f}"
    shared, equal = f"{figures.shared:,}", f"{figures.agreement:.0%}"
    return [Text(" and ".join(agreement.editors)), shared, equal, kappa]


def _topics(topics: frozenset[Any]) -> str:
    return ", ".join(sorted(topics)) or "none of them"


def _as_data(found: Suspects, limit: int) -> dict[str, Any]:
    return {
        "doubted": [
            {
                **_label_data(doubt.label),
                "topic": doubt.topic,
                "belief": doubt.belief,
                "suggested": sorted(doubt.suggested),
            }
            for doubt in found.doubted[:limit]
        ],
        "contradictions": _groups_data(found.contradictions[:limit]),
        "disputes": _groups_data(found.disputes[:limit]),
        "agreements": [
            {
                "editors": list(one.editors),
                "shared": one.figures.shared,
                "agreement": one.figures.agreement,
                "kappa": None if math.isnan(one.figures.kappa) else one.figures.kappa,
            }
            for one in found.agreements[:limit]
        ],
    }


def _groups_data(groups: Sequence[Sequence[Label]]) -> list[list[dict[str, Any]]]:
    return [[_label_data(label) for label in group] for group in groups]


def _label_data(label: Label) -> dict[str, Any]:
    return {
        "text": label.text,
        "topics": sorted(label.topics),
        "origin": label.origin,
        "editor": label.editor,
        "time": label.time.isoformat() if label.time else None,
    }
