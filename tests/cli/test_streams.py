"""The commands among other programs: pipes, terminals, signals, streams that are closed."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import click
import pytest

from tagger.cli import cli

FLOOD = "The river burst its banks on Monday night and flooded some forty houses in the village."
posix = pytest.mark.skipif(os.name != "posix", reason="terminals and signals of POSIX")


@pytest.fixture
def command(desk_with_model):
    """The words and settings of a command as a process of its own."""

    def made(*words):
        environment = {**os.environ, "TAGGER_HOME": str(desk_with_model.home)}
        return {"args": [sys.executable, "-m", "tagger.cli", *map(str, words)], "env": environment}

    return made


def all_of(terminal):
    """What appears on a terminal until nobody can write to it any more."""
    shown = b""
    with suppress(OSError):  # Linux has no other word for the end
        while part := os.read(terminal, 4096):
            shown += part
    return shown.decode()


@posix
def test_results_for_a_file_go_there_while_the_progress_bar_is_on_the_terminal(command, tmp_path):
    import pty

    story, out = tmp_path / "story.txt", tmp_path / "out.jsonl"
    story.write_text(FLOOD, encoding="utf-8")
    ours, theirs = pty.openpty()
    with (
        out.open("wb") as file,
        subprocess.Popen(**command("tag", story), stdout=file, stderr=theirs) as job,
    ):
        os.close(theirs)
        shown = all_of(ours)  # while it runs: a terminal that nobody reads stops whoever writes
    os.close(ours)
    assert job.returncode == 0
    assert FLOOD in out.read_text("utf-8")
    assert "tagging" in shown
    assert FLOOD not in shown


@posix
@pytest.mark.parametrize(
    "words", [("topics", "list"), ("explain", FLOOD), ("topics", "list", "--json")]
)
def test_a_reader_that_has_seen_enough_is_no_failure(command, words):
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(**command(*words), stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@posix
@pytest.mark.parametrize(("closed", "code"), [(0, 1), (1, 0), (2, 0)])
def test_a_job_that_was_started_with_a_stream_closed_ends_without_a_traceback(
    command, closed, code
):
    words = command("tag", "-")
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {closed}>&-', "sh", *words["args"]],
        env=words["env"],
        input=FLOOD.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr


@posix
def test_sigterm_leaves_no_half_written_file(command, tmp_path):
    out = tmp_path / "out.jsonl"
    words = command("tag", "-", "-o", out)
    with subprocess.Popen(**words, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as job:
        while not list(tmp_path.glob(".out.jsonl.*.part")):
            assert job.poll() is None
            time.sleep(0.01)
        job.send_signal(signal.SIGTERM)
        assert job.wait() == 130
    assert list(tmp_path.iterdir()) == []


def test_a_dash_as_output_is_the_standard_output(run_on, desk_with_model, tmp_path):
    done = run_on(desk_with_model, "tag", "-", "-o", "-", "--format", "csv", stdin=FLOOD)
    assert done.out.startswith("document,index,id,text")
    assert not (tmp_path / "away" / "-").exists()


def walk(command, *words):
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from walk(one, *words, name)
    yield " ".join(words), command


@pytest.mark.parametrize(("name", "command"), list(walk(cli, "tagger")))
def test_the_help_of_every_command_ends_with_an_example_of_it(name, command):
    examples = (command.epilog or "").splitlines()
    assert examples[1:2] in (["Example:"], ["Examples:"])
    assert all(name in line for line in examples[2:])
