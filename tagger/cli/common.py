"""What all commands share: the desk they work on, the model, progress bars."""

from __future__ import annotations

import getpass
import signal
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tagger.desk.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tagger.desk.retrain import Retrained
    from tagger.desk.serving import Serving
    from tagger.learning.model import Model
    from tagger.learning.training import Progress
    from tagger.settings import Settings

    _Command = TypeVar("_Command", bound=Callable[..., Any] | click.Command)

home_option = click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The desk to work on: a folder with labeled/ and models/. "
    "[default: $TAGGER_HOME, else the project around the current folder]",
)
model_option = click.option(
    "--model", "version", metavar="VERSION", help="A saved model instead of the current one."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

apply_option = click.option(
    "--plan/--apply",
    "only_plan",
    default=True,
    show_default=True,
    help="Show what it would touch, or do it.",
)


def output_option(default: str) -> Callable[[_Command], _Command]:
    """``-o OUT`` of an export, which takes OUT as its last argument just as well."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="OUT",
        help=f"Where to write. {default}",
    )


def named_once(argument: Path | None, option: Path | None) -> Path | None:
    """The OUT of an export, given as an argument or with ``-o``."""
    if argument is not None and option is not None:
        raise click.UsageError(f"OUT is named twice, {argument} and {option}: leave out one.")
    return option if argument is None else argument


def examples(*lines: str) -> str:
    """The end of a command's --help: what people type, line by line."""
    return "\n".join(
        ["\b", "Examples:" if len(lines) > 1 else "Example:", *(f"  {x}" for x in lines)]
    )


def settings_of(home: Path | None) -> Settings:
    """The desk that a command works on."""
    from tagger.settings import find_settings  # noqa: PLC0415 - --help must stay instant

    return find_settings(home)


def model_of(settings: Settings, version: str | None) -> Model:
    """The model that a command works with; the first one is trained on the spot."""
    from tagger.desk.models import has_model, load_model  # noqa: PLC0415 - --help stays instant

    if version is None and not has_model(settings):
        say(f"No model yet: training the first one from {settings.labeled} ...")
        say_trained(train_now(settings))
    return load_model(settings, version)


def train_now(
    settings: Settings, *, show: Callable[[Retrained], None] | None = None, **options: Any
) -> Retrained:
    """Train with a progress bar on standard error.

    Args:
        settings: the desk.
        show: is handed the candidate once the bar is gone and before it serves.
        options: further ones of :func:`tagger.desk.retrain.retrain`.
    """
    from tagger.desk.retrain import retrain  # noqa: PLC0415 - --help stays instant

    with training_progress() as (progress, stop):

        def shown(done: Retrained) -> None:
            stop()
            if show:
                show(done)

        return retrain(
            settings,
            by=user(),
            now=datetime.now(UTC),
            show=shown,
            progress=progress,
            on_wait=say,
            **options,
        )


def say_trained(done: Retrained) -> None:
    """Tell what a training gave, on standard error."""
    name, quality = list(done.card["quality"].items())[-1]
    value, (low, high) = quality["macro_f1"], quality["intervals"]["macro_f1"]
    known = None not in {value, low, high}
    figure = f"macro-F1 {value:.3f} ({low:.3f}-{high:.3f})" if known else "macro-F1 not defined"
    say(
        f"Model {done.version} trained on {counted(done.card['data']['examples'], 'paragraph')}: "
        f"{figure} on {counted(quality['n'], name.replace('_', '-') + ' paragraph')}."
    )
    for topic, count in done.card["untrained"].items():
        labelled = counted(count, "labelled paragraph")
        say(f"Topic {topic} has {labelled}: too few to learn, never suggested.")
    if done.card.get("always_one"):
        say(
            "Every labelled paragraph has a topic, so every paragraph gets one: where none reaches "
            "its threshold, the one that comes nearest. Labels without a topic end that."
        )


def say_serving(now: Serving, again: str = "now") -> None:
    """Tell that a model serves, and whether the queue follows it, on standard error."""
    say(f"{now.version} serves {again}.{_scored(now.rescored)}")
    if now.trouble:
        say(
            f"The queue still has the scores of the model before: {now.trouble} It catches up when "
            "editors ask for their next page.",
            alarm=True,
        )


def _scored(paragraphs: int) -> str:
    verb = "was" if paragraphs == 1 else "were"
    return f" {counted(paragraphs, 'queued paragraph')} {verb} scored anew." * bool(paragraphs)


def say(message: str, *, alarm: bool = False) -> None:
    """A line for people, on standard error; red where it is an alarm."""
    click.secho(printable(message), fg="red" if alarm else None, err=True)


def printable(text: str) -> str:
    """The text without control characters: a file's name must not steer the terminal."""
    return "".join(c if c == "\n" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def user() -> str:
    """Who runs the command, for the record."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def bar(**options: Any) -> Any:
    """A progress bar on standard error; silent where that is no terminal."""
    from rich.console import Console  # noqa: PLC0415 - --help stays instant
    from rich.progress import (  # noqa: PLC0415 - --help stays instant
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,  # rich would send results meant for a file or pipe to the terminal
        disable=not sys.stderr.isatty(),
        **options,
    )


@contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """Be stopped by SIGTERM as by Ctrl-C: what is finished stays, what is half-written goes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@contextmanager
def training_progress() -> Iterator[tuple[Progress, Callable[[], None]]]:
    """A bar that follows the stages of a training, and what takes it off the screen."""
    with bar() as shown:
        task = shown.add_task("starting", total=None)

        def follow(stage: str, done: int, total: int) -> None:
            shown.start()  # again, where it was taken off the screen for a question
            shown.update(task, description=stage, completed=done, total=total)

        yield follow, shown.stop


def echo_json(value: object) -> None:
    """Print a value as indented JSON."""
    import json  # noqa: PLC0415 - --help stays instant

    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
