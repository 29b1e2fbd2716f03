"""``tagger automation``: what is tagged by itself, and what an editor is asked about."""

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
    say,
    settings_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from rich.table import Table

    from tagger.desk.automation import Aims, Automation
    from tagger.desk.operating import Workload
    from tagger.learning.proportions import Share

_TRIED = (80.0, 90.0, 95.0, 98.0, 99.0)  # aims that a preview compares where none is named


@click.group(
    epilog=examples(
        "tagger automation preview",
        "tagger automation set 95",
        "tagger automation set battlefield 98",
    )
)
def automation() -> None:
    """Tag by itself where right often enough, else ask an editor.

    'tagger automation set 95' means: of 100 paragraphs that are tagged by itself, or given none of
    the topics by itself, at least 95 shall be exactly right. 'tagger tag' then marks every
    paragraph auto, none or ask. How sure the model must be for that is counted when it is trained.
    """


@automation.command(
    "set",
    epilog=examples("tagger automation set 95", "tagger automation set battlefield 98"),
)
@click.argument("name", metavar="[TOPIC] PERCENT")
@click.argument("percent", required=False, metavar="")
@home_option
def set_(name: str, percent: str | None, home: Path | None) -> None:
    """Set how many times in 100 it must be right.

    For everything, or for TOPIC (or none) alone. An aim for everything replaces all others.
    """
    from tagger.desk.automation import set_aim  # noqa: PLC0415 - --help must stay instant

    settings, topics = settings_of(home), _topics(home)
    topic, aim = (None, name) if percent is None else (name, percent)
    set_aim(settings, _number(aim), topic, topics)
    _say_how_it_stands(home)


@automation.command(epilog=examples("tagger automation off battlefield", "tagger automation off"))
@click.argument("topic", required=False)
@home_option
def off(topic: str | None, home: Path | None) -> None:
    """Ask an editor about everything again.

    Or only about TOPIC (or none).
    """
    from tagger.desk.automation import set_aim  # noqa: PLC0415 - --help must stay instant

    set_aim(settings_of(home), None, topic, _topics(home))
    _say_how_it_stands(home)


@automation.command(epilog=examples("tagger automation show --json"))
@json_option
@model_option
@home_option
def show(home: Path | None, version: str | None, *, as_json: bool) -> None:
    """Show the aims, and what they give.

    For each topic it is told how sure the model must be to keep the aim. What that gives is
    measured on paragraphs that nobody learned from: the frozen test and, from 30 answers on, the
    random audit of the desk's own stream. Ranges are exact 95% intervals.
    """
    from tagger.desk import automation as desk  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.operating import held_out  # noqa: PLC0415 - same
    from tagger.desk.operating import preview as measured  # noqa: PLC0415 - same

    settings = settings_of(home)
    aims, model = desk.aims_of(settings), model_of(settings, version)
    if not aims:
        if as_json:
            echo_json({"model": model.version, "aims": None})
        else:
            say("Everything is asked. Try: tagger automation preview")
        return
    decides = desk.with_aims(model, desk.curves_of(settings, model.version), aims)
    found = measured(decides, held_out(settings, model))
    if as_json:
        echo_json({"model": model.version, **_as_data(aims, decides, found)})
        return
    _print(aims, decides, found)


@automation.command(epilog=examples("tagger automation preview 95"))
@click.argument("percent", required=False, type=float)
@json_option
@model_option
@home_option
def preview(
    percent: float | None, home: Path | None, version: str | None, *, as_json: bool
) -> None:
    """Show what an aim of PERCENT would give, without setting it.

    Without PERCENT several aims are compared.
    """
    from tagger.desk import automation as desk  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.operating import held_out  # noqa: PLC0415 - same
    from tagger.desk.operating import preview as measured  # noqa: PLC0415 - same

    settings = settings_of(home)
    model = model_of(settings, version)
    curves, held = desk.curves_of(settings, model.version), held_out(settings, model)
    tried = {
        aim: measured(desk.with_aims(model, curves, desk.Aims().changed(aim)), held)
        for aim in (_TRIED if percent is None else (percent,))
    }
    if as_json:
        rows = {f"{aim:g}": _workloads(found) for aim, found in tried.items()}
        echo_json({"model": model.version, "aims": rows})
        return
    _print_tried(tried)


def _topics(home: Path | None) -> tuple[str, ...]:
    from tagger.desk.models import taxonomy_of  # noqa: PLC0415 - --help must stay instant

    return taxonomy_of(settings_of(home)).ids


def _number(written: str) -> float:
    try:
        return float(written.removesuffix("%"))
    except ValueError:
        raise click.BadParameter(f"{written!r} is no number of times in 100.") from None


def _say_how_it_stands(home: Path | None) -> None:
    from tagger.desk.automation import aims_in_words, aims_of  # noqa: PLC0415 - --help stays instant

    say(aims_in_words(aims_of(settings_of(home))))


def _print(aims: Aims, decides: Automation, found: dict[str, Workload]) -> None:
    from tagger.cli.tables import new_console  # noqa: PLC0415 - --help must stay instant
    from tagger.desk.automation import aims_in_words  # noqa: PLC0415 - same
    from tagger.desk.operating import workload_in_words  # noqa: PLC0415 - same

    console = new_console()
    console.print(aims_in_words(aims))
    for name, one in found.items():
        console.print(workload_in_words(name, one))
    console.print(_topics_table(aims, decides, found))
    if not found:
        console.print("There is no frozen test and no audit: what it gives is not measured.")


def _topics_table(aims: Aims, decides: Automation, found: dict[str, Workload]) -> Table:
    from tagger.cli.tables import new_table  # noqa: PLC0415 - --help must stay instant

    heads = [head for name in found for head in (f"#{name}", "#right", "#95%")]
    table = new_table("!topic", "#aim", "#sure from", *heads)
    for name, cut in zip((*decides.model.topics, "none"), decides.cuts.tolist(), strict=True):
        aim = aims.of(name)
        needed = f"{cut:.3f}" if math.isfinite(cut) else "never"
        shares = [{**one.topics, "none": one.none}[name] for one in found.values()]
        cells = [cell for share in shares for cell in _cells(share)]
        table.add_row(name, "ask" if aim is None else f"{aim:g}", needed, *cells)
    return table


def _print_tried(tried: dict[float, dict[str, Workload]]) -> None:
    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - --help stays instant

    heads = ("!measured on", "#by itself", "#tagged", "#none", "#to review", "#right", "#95%")
    table = new_table("#aim", *heads)
    for aim, found in tried.items():
        for name, one in found.items():
            parts = (one.by_itself.of, one.tagged.of, one.none.of, one.asked)
            shares = [f"{part / one.n:.0%}" for part in parts]
            _, *right = _cells(one.by_itself)
            table.add_row(f"{aim:g}", f"{name} ({one.n:,})", *shares, *right)
    new_console().print(table)
    if not any(tried.values()):
        say("There is no frozen test and no audit: what an aim gives is not measured.")


def _cells(share: Share) -> tuple[str, str, str]:
    if not share.of:
        return ("0", "–", "–")
    return (f"{share.of:,}", f"{share.value:.1%}", f"{share.low:.0%}–{share.high:.0%}")


def _as_data(aims: Aims, decides: Automation, found: dict[str, Workload]) -> dict[str, Any]:
    names = (*decides.model.topics, "none")
    cuts = [cut if math.isfinite(cut) else None for cut in decides.cuts.tolist()]
    return {
        "aims": {name: aims.of(name) for name in names},
        "sure_from": dict(zip(names, cuts, strict=True)),
        "measured": _workloads(found),
    }


def _workloads(found: dict[str, Workload]) -> dict[str, Any]:
    return {
        name: {
            "n": one.n,
            "asked": one.asked,
            "tagged": _share(one.tagged),
            "none": _share(one.none),
            "by_itself": _share(one.by_itself),
            "topics": {topic: _share(share) for topic, share in one.topics.items()},
        }
        for name, one in found.items()
    }


def _share(share: Share) -> dict[str, float | int | None]:
    figures = {"low": share.low, "high": share.high}
    known = {name: value if share.of else None for name, value in figures.items()}
    return {"right": share.right, "of": share.of, **known}
