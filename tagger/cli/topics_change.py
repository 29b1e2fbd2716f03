"""``tagger topics add`` and its siblings: change the topics, a plan first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    apply_option,
    echo_json,
    examples,
    home_option,
    json_option,
    printable,
    say,
    settings_of,
    user,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.desk.topics import Change, Plan
    from tagger.settings import Settings

_label_option = click.option("--label", metavar="TEXT", help="Its name for people.")
_definition_option = click.option("--definition", metavar="TEXT", help="What it means.")
_not_option = click.option("--not", "not_", metavar="TEXT", help="What it is not.")


@click.command(
    epilog=examples('tagger topics add drones --seed Shahed --seed "drone strike*" --apply')
)
@click.argument("topic", metavar="ID")
@_label_option
@_definition_option
@_not_option
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    metavar="PHRASE",
    help="A phrase that suggests it at once, by rule; a last * stands for any ending.",
)
@click.option("--key", metavar="KEY", help="Its key on the desk. [default: the first free digit]")
@click.option("--colour", metavar="#RRGGBB", help="Its colour. [default: one not yet used]")
@apply_option
@json_option
@home_option
def add(topic: str, seeds: tuple[str, ...], home: Path | None, **asked: Any) -> None:
    """Add a topic. Earlier answers stay: they do not have it.

    Texts in which a seed phrase occurs are the exception: nobody was asked about them, so they
    teach nothing about the topic until an editor says.
    """
    _change(home, "add", (), [_table(topic, seeds=list(seeds), **asked)], **asked)


@click.command(epilog=examples("tagger topics rename battlefield frontline --apply"))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_label_option
@apply_option
@json_option
@home_option
def rename(old: str, new: str, home: Path | None, **asked: Any) -> None:
    """Give a topic another id.

    Whatever was filed under the old one counts for the new one. For a topic that was renamed in
    taxonomy.toml by hand, this says what became of it.
    """
    _change(home, "rename", (old,), [_table(new, **asked)], **asked)


@click.command(epilog=examples("tagger topics merge floods storms --into weather --apply"))
@click.argument("old", nargs=-1, required=True, metavar="OLD...")
@click.option("--into", required=True, metavar="ID", help="The one topic: a new id or one of OLD.")
@_label_option
@_definition_option
@_not_option
@apply_option
@json_option
@home_option
def merge(old: tuple[str, ...], into: str, home: Path | None, **asked: Any) -> None:
    """Put topics together.

    What was filed under any of them counts for the one.
    """
    _change(home, "merge", old, [_table(into, **asked)], **asked)


@click.command(epilog=examples("tagger topics split battlefield ground_war air_strikes --apply"))
@click.argument("old", metavar="OLD")
@click.argument("new", nargs=-1, required=True, metavar="NEW...")
@apply_option
@json_option
@home_option
def split(old: str, new: tuple[str, ...], home: Path | None, **asked: Any) -> None:
    """Split a topic; NEW may keep the old id for one part.

    What was filed under it is asked again, as nobody said which part it is; until then it teaches
    nothing about the parts. What was not filed under it has none of them.
    """
    _change(home, "split", (old,), [{"id": one} for one in new], **asked)


@click.command(epilog=examples("tagger topics retire energy_sanctions --apply"))
@click.argument("topic", metavar="ID")
@apply_option
@json_option
@home_option
def retire(topic: str, home: Path | None, **asked: Any) -> None:
    """Take a topic out; answers keep their other topics."""
    _change(home, "retire", (topic,), [], **asked)


@click.command(epilog=examples("tagger topics revert", "tagger topics revert --apply"))
@apply_option
@json_option
@home_option
def revert(home: Path | None, *, only_plan: bool, as_json: bool) -> None:
    """Take back the last change that stands.

    After that it is the turn of the one before it.
    """
    from tagger.desk.topics import plan_revert  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    _finish(settings, plan_revert(settings, now=_now()), only_plan=only_plan, as_json=as_json)


def _table(topic: str, **asked: Any) -> dict[str, object]:
    """A table of ``taxonomy.toml`` with the fields that were given."""
    fields = {"label": "label", "definition": "definition", "not_": "not", "seeds": "seeds"}
    fields |= {"key": "key", "colour": "colour"}
    return {"id": topic, **{fields[n]: v for n, v in asked.items() if n in fields and v}}


def _change(
    home: Path | None, kind: Any, old: tuple[str, ...], new: list[dict[str, object]], **asked: Any
) -> None:
    from tagger.desk.topics import Request, plan  # noqa: PLC0415 - --help must stay instant

    settings = settings_of(home)
    found = plan(settings, Request(kind, old, tuple(new)), now=_now())
    _finish(settings, found, only_plan=asked["only_plan"], as_json=asked["as_json"])


def _finish(settings: Settings, found: Plan, *, only_plan: bool, as_json: bool) -> None:
    """Show a plan and, where asked for, do it."""
    from tagger.desk.topic_words import after_words  # noqa: PLC0415 - same
    from tagger.desk.topics import apply  # noqa: PLC0415 - --help must stay instant

    if as_json:
        echo_json(_as_data(found, applied=not only_plan))
    else:
        _show(found)
    if only_plan:
        say("Nothing was changed. To do it, repeat the command with --apply.")
        return
    done = apply(settings, found, by=user(), now=_now(), on_wait=say)
    back = "" if done.kind == "revert" else " Take it back with: tagger topics revert --apply"
    say(f"Change {done.number} is made.{back}")
    if words := after_words(found):
        say(f"Model {words}.")


def _show(found: Plan) -> None:
    from tagger.cli.tables import new_console, new_table  # noqa: PLC0415 - --help stays instant
    from tagger.desk.topic_words import described, text_changes  # noqa: PLC0415 - same

    table = new_table("!", "plan")
    for heading, words in described(found):
        table.add_row(heading, printable(words))
    console = new_console()
    console.print(table)
    if changed := text_changes(found):
        console.print(printable(f"{changed}\n"), soft_wrap=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _as_data(found: Plan, *, applied: bool) -> dict[str, Any]:
    """A plan for programs."""
    return {
        **change_as_data(found.change),
        "applied": applied,
        "labelled": dict(found.labelled),
        "decisions": found.decisions,
        "again": found.again,
        "waiting": found.waiting,
        "models": list(found.models),
        "serving": found.serving,
        "keeps_serving": found.keeps_serving,
        "after": found.change.after,
    }


def change_as_data(change: Change) -> dict[str, Any]:
    """A change for programs."""
    return {
        "number": change.number,
        "time": change.time.isoformat(),
        "by": change.by,
        "kind": change.kind,
        "from": change.old,
        "to": change.new,
        "seeds": change.seeds,
        "reverts": change.reverts,
    }
