"""What a newcomer sees who asks for help."""

import re

import click
import pytest

from tagger.cli import cli


def groups(group=cli, name="tagger"):
    yield name, group
    for verb, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from groups(command, f"{name} {verb}")


def commands(group=cli, name="tagger"):
    for verb, command in group.commands.items():
        yield f"{name} {verb}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{name} {verb}")


def listed(text):
    """The commands of a help page in their order, with what is said of each."""
    return dict(re.findall(r"^  ([a-z]+)  +(\S.*)$", text, re.MULTILINE))


def test_what_a_newcomer_needs_comes_first_and_no_command_is_missing(run_on):
    shown = run_on(None, "--help").out
    assert shown.index("Start here:") < shown.index("What editors decide:")
    names = [name for name in listed(shown) if name in cli.commands]
    assert names[:5] == ["tag", "explain", "app", "retrain", "init"]
    assert sorted(names) == sorted(cli.commands)


@pytest.mark.parametrize("name", dict(groups()))
def test_what_a_command_is_for_fits_into_its_line(run_on, monkeypatch, name):
    group = dict(groups())[name]
    monkeypatch.setenv("COLUMNS", "80")
    told = listed(run_on(None, *name.split()[1:], "--help").out)
    assert set(group.commands) <= set(told)
    for verb in group.commands:
        assert told[verb].endswith("."), (verb, told[verb])
        assert not told[verb].endswith("..."), (verb, told[verb])


@pytest.mark.parametrize("name", dict(commands()))
def test_every_command_shows_an_example_that_can_be_typed(name):
    shown = [
        line.strip() for line in dict(commands())[name].epilog.split("\n") if "tagger " in line
    ]
    assert any(name in line for line in shown)
    for line in shown:
        for words in re.findall(r"tagger ((?:[a-z]+ ?)+)", line):
            assert words.split()[0] in cli.commands, line


@pytest.mark.parametrize("name", dict(commands()))
def test_options_that_mean_the_same_are_called_the_same(name):
    wanted = {"--home": "DIR", "--limit": "N", "--editor": "NAME", "--model": "VERSION"}
    for option in dict(commands())[name].params:
        for flag in set(option.opts) & set(wanted):
            assert option.metavar == wanted[flag], (name, flag)
