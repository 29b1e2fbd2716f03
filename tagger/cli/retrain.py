"""``tagger retrain``: learn from the labelled paragraphs and from what editors decided."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

import click

from tagger.cli.common import (
    echo_json,
    home_option,
    json_option,
    say,
    say_serving,
    say_trained,
    settings_of,
    train_now,
)
from tagger.desk.wording import beginning, counted
from tagger.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.desk.flips import Flip
    from tagger.desk.retrain import Retrained
    from tagger.learning.gate import Change

_LISTED = 10  # flips and struck words that are shown; --json has all
_LONGEST = 100  # characters of a paragraph that a line shows
_EXAMPLES = """\b
Examples:
  tagger retrain                         promote the model unless it is worse
  tagger retrain --promote ask           see figures and changed paragraphs first
  tagger retrain --promote never --json  judge only, for a program
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--promote",
    type=click.Choice(["auto", "ask", "never"]),
    default="auto",
    show_default=True,
    help="Whether the new model serves: if it passes the gate, if you agree too, or not yet.",
)
@click.option(
    "--reason", default="", metavar="WHY", help="Promote it even if the gate says no; recorded."
)
@click.option("--again", is_flag=True, help="Train even where nothing is new.")
@json_option
@home_option
def retrain(promote: str, reason: str, home: Path | None, *, again: bool, as_json: bool) -> None:
    """Train a model, judge it, let it serve if it is not worse.

    It learns from labeled/train and from the editors' decisions. The latest decision about a
    paragraph wins. Answers to random audits and planted checks are never learned. The new model
    must not be worse than the current one, on the frozen test and on 30 audit answers or more, as a
    whole and in each topic that both know, nor worse than the best one that served: else it is
    saved but does not serve, and the exit code is 3. Where no label, decision, struck word or topic
    is new, nothing is trained.
    """
    if promote == "ask" and not sys.stdin.isatty():
        raise click.UsageError("--promote ask needs a terminal; use auto or never.")
    judged: list[Retrained] = []

    def show(done: Retrained) -> None:
        judged.append(done)
        _show(done)

    try:
        done = train_now(
            settings_of(home),
            show=show,
            promote=promote != "never",
            reason=reason,
            again=again,
            **({"ask": _ask} if promote == "ask" else {}),
        )
    except Refused:
        if as_json:
            echo_json(_as_data(judged[-1]))
        raise
    if done.serving:
        say_serving(done.serving)
        _ready_scorer()
    elif not done.promoted:
        say(f"{done.version} is not promoted.")
        if done.taken_back:
            say(
                "It was rolled back, and nothing is new since. Let it serve again with "
                f"'tagger models promote {done.version}'."
            )
    if as_json:
        echo_json(_as_data(done))


def _ready_scorer() -> None:
    from tagger.desk.tag_parts import ready_scorer  # noqa: PLC0415 - --help must stay instant

    ready_scorer(say)


def _ask(done: Retrained) -> bool:
    return click.confirm(f"Shall {done.version} serve from now on?", err=True)


def _show(done: Retrained) -> None:
    """Figures and flips, on standard error."""
    if not done.fresh:
        say(
            f"Nothing new since model {done.version}: same labels, decisions, recipe, and topics. "
            "(--again trains nonetheless.)"
        )
    else:
        _show_trained(done)
    if done.verdict is not None:
        _show_gate(done)
    elif done.fresh:
        say(f"Not compared with another model: {done.card['gate']['note']}")


def _show_trained(done: Retrained) -> None:
    say_trained(done)
    if (seen := done.card.get("corrections")) and seen["last"]:
        aside = ", ".join(f"{n:,} {why}" for why, n in seen["left_out"].items())
        say(f"Decisions learned: {seen['taught']:,}{f' (left out: {aside})' if aside else ''}.")
    if struck := done.card.get("strikes"):
        listed = ", ".join(f"{one['word']} ({one['topic']})" for one in struck[:_LISTED])
        more = f" and {len(struck) - _LISTED:,} more" if len(struck) > _LISTED else ""
        say(f"Struck words, without weight now: {listed}{more}.")
    from tagger.desk.rules import told_rules  # noqa: PLC0415 - --help must stay instant

    for sentence in told_rules(done.card):
        say(sentence)


def _show_gate(done: Retrained) -> None:
    gate, comparisons = done.card["gate"], done.verdict.comparisons if done.verdict else ()
    if note := gate.get("note"):
        say(note)
    if not comparisons:
        say("There is no frozen test and no audit: nothing to compare it with the current one on.")
    for one in comparisons:
        rival = f"{one.against}," if one.against else "the current model"
        say(f"Against {rival} on {counted(one.n, f'{one.sample} paragraph')}:")
        for name, change in [("macro-F1", one.macro_f1), *one.topics.items()]:
            say(f"  {name:20} {_told(change)}")
    if new := ", ".join(gate.get("unjudged", ())):
        say(f"New topics, not judged since the current model does not know them: {new}.")
    _show_flips(done.flips, done.card["flips"]["stored"])


def _told(change: Change) -> str:
    gap = change.difference
    if math.isnan(gap.value):
        return "no paragraph has it"
    spread = f"{gap.value:+.3f}, 95% {gap.low:+.3f} to {gap.high:+.3f}"
    return f"{change.before:.3f} -> {change.after:.3f}  ({spread})"


def _show_flips(flips: tuple[Flip, ...], stored: int) -> None:
    if not stored:
        return
    say(f"{len(flips):,} of {counted(stored, 'stored paragraph')} would change tag.")
    for flip in flips[:_LISTED]:
        text = beginning(flip.text, _LONGEST)
        against = "  (against the editors)" if flip.against_editors else ""
        say(f"  {_topics(flip.before)} -> {_topics(flip.after)}{against}: {text}")
    if len(flips) > _LISTED:
        say(f"  ... and {len(flips) - _LISTED:,} more; --json lists all.")


def _topics(topics: tuple[str, ...]) -> str:
    return ", ".join(topics) or "none of them"


def _as_data(done: Retrained) -> dict[str, Any]:
    """Version, card and all flips with their texts, for programs."""
    data = {**done.card, "version": done.version, "promoted": done.promoted, "fresh": done.fresh}
    if done.verdict is not None:
        paragraphs = [
            {
                "id": flip.paragraph,
                "text": flip.text,
                "before": list(flip.before),
                "after": list(flip.after),
                "decided": None if flip.decided is None else sorted(flip.decided),
            }
            for flip in done.flips
        ]
        data["flips"] = {**data["flips"], "paragraphs": paragraphs}
    return data
