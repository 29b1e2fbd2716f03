"""The command line: parse, call one verb of the desk, show."""

from __future__ import annotations

import os
import sys

import click

from tagger import __version__
from tagger.cli import (
    app,
    audit,
    automation,
    correct,
    drift,
    evaluate,
    explain,
    init,
    labels,
    log,
    models,
    queue,
    receipts,
    retrain,
    suspects,
    tag,
    topics,
    words,
)
from tagger.cli.common import say, stopped_by_sigterm
from tagger.errors import TaggerError

_EPILOG = """\b
Examples:
  tagger tag story.html                 a table in the terminal
  tagger tag archive/ -o tagged.csv     a folder, to a spreadsheet
  cat story.txt | tagger tag - | jq .   JSON lines in a pipe
  tagger explain "Envoys met in Geneva to discuss a truce."
"""


_SECTIONS = {
    "Start here": (tag.tag, explain.explain, app.app, retrain.retrain, init.init),
    "What editors decide": (queue.queue, correct.correct, log.log, receipts.receipts),
    "How good it is": (evaluate.evaluate, audit.audit, drift.drift, suspects.suspects),
    "What it knows and may do": (
        topics.topics,
        labels.labels,
        words.words,
        models.models,
        automation.automation,
    ),
}


class _Commands(click.Group):
    """The commands; a reader of their output (head, less) may go when it has seen enough."""

    def invoke(self, context: click.Context) -> object:
        """Run a command and write out what it printed."""
        try:
            with stopped_by_sigterm():
                done = super().invoke(context)
            sys.stdout.flush()
        except BrokenPipeError:  # before click sees it, which would exit with 1
            _to_nowhere()
            raise click.exceptions.Exit(0) from None
        else:
            return done

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what they are for, not by the alphabet."""
        longest = max(map(len, self.commands))
        for section, commands in _SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl(
                    [(f"{one.name:{longest}}", one.get_short_help_str(99)) for one in commands]
                )


@click.group(
    cls=_Commands, epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="tagger")
def cli() -> None:
    """Tag the paragraphs of news articles with your newsroom's own topics, and see why.

    Every command tells more: tagger tag --help.
    """


for command in (one for commands in _SECTIONS.values() for one in commands):
    cli.add_command(command)


def main(arguments: list[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 mendable, 2 usage, 3 refused by a gate, 130 interrupted."""
    _open_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal may know few characters
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(arguments, prog_name="tagger", standalone_mode=False)
    except TaggerError as error:
        say(f"Error: {error.message}", alarm=True)
        if error.cure:
            say(error.cure)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; nothing was left half-written.", err=True)
        code = 130
    except OSError as error:
        click.secho(f"Error: {error.strerror or error}.", fg="red", err=True)
        click.echo("Make room or choose another place for the output, then run it again.", err=True)
        _to_nowhere()
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _open_closed_streams() -> None:
    """Stand in for standard streams that whoever started us had closed, as some jobs do."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - until the end
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - same
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - same


def _to_nowhere() -> None:
    """What is still buffered for a full device or a gone reader must not fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
