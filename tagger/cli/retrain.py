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
    say_trained,
    settings_of,
    train_now,
)
from tagger.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.desk.flips import Flip
    from tagger.desk.retrain import Retrained
    from tagger.learning.gate import Change

_LISTED = 10  # flips that are shown; --json has all
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
@json_option
@home_option
def retrain(promote: str, reason: str, home: Path | None, *, as_json: bool) -> None:
    """Train a model on labeled/train and on the editors' decisions, judge it, let it serve.

    The latest decision about a paragraph wins. Answers to random audits and planted checks are
    never learned. The new model must not be worse than the current one, on the frozen test and on
    30 audit answers or more, as a whole and in each topic: else it is saved but does not serve,
    and the exit code is 3.
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
            reason=reason.strip(),
            **({"ask": _ask} if promote == "ask" else {}),
        )
    except Refused:
        if as_json:
            echo_json(_as_data(judged[-1]))
        raise
    say(f"{done.version} serves now." if done.promoted else f"{done.version} is not promoted.")
    if as_json:
        echo_json(_as_data(done))


def _ask(done: Retrained) -> bool:
    return click.confirm(f"Shall {done.version} serve from now on?", err=True)


def _show(done: Retrained) -> None:
    """Figures and flips, on standard error."""
    say_trained(done)
    if (seen := done.card.get("corrections")) and seen["last"]:
        aside = ", ".join(f"{n:,} {why}" for why, n in seen["left_out"].items())
        say(f"Decisions learned: {seen['taught']:,}{f' (left out: {aside})' if aside else ''}.")
    if done.verdict is None:
        return
    if not done.verdict.comparisons:
        say("There is no frozen test and no audit: nothing to compare it with the current one on.")
    for one in done.verdict.comparisons:
        say(f"Against the current model on {one.n:,} {one.sample} paragraphs:")
        for name, change in [("macro-F1", one.macro_f1), *one.topics.items()]:
            say(f"  {name:20} {_told(change)}")
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
    say(f"{len(flips):,} of {stored:,} stored paragraphs would change tag.")
    for flip in flips[:_LISTED]:
        text = flip.text if len(flip.text) <= _LONGEST else flip.text[: _LONGEST - 1] + "…"
        against = "  (against the editors)" if flip.against_editors else ""
        say(f"  {_topics(flip.before)} -> {_topics(flip.after)}{against}: {text}")
    if len(flips) > _LISTED:
        say(f"  ... and {len(flips) - _LISTED:,} more; --json lists all.")


def _topics(topics: tuple[str, ...]) -> str:
    return ", ".join(topics) or "none of them"


def _as_data(done: Retrained) -> dict[str, Any]:
    """Version, card and all flips with their texts, for programs."""
    data = {"version": done.version, "promoted": done.promoted, **done.card}
    if "flips" in data:
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
