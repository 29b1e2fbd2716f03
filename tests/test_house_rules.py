"""The same commands that developers run, so that CI and they cannot disagree."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from importlinter.cli import lint_imports

from tagger.cli import cli

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(*command):
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["lint", "format", "types"],
)
def test_the_code_is_clean_for(command):
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rooms_import_downwards_only(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def command_names(group=cli, prefix="tagger"):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from command_names(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}"


@pytest.mark.parametrize("name", list(command_names()))
def test_every_command_is_in_the_readme_and_explains_itself(name):
    documented = [
        f"tagger {group} {verb}" if verb else f"tagger {group}"
        for group, verbs in re.findall(r"`tagger (\w+)(?: ([a-z][\w\\|]*))?", README)
        for verb in (verbs.replace("\\", "").split("|") if verbs else [""])
    ]
    assert name in documented
    command = cli
    for part in name.split()[1:]:
        command = command.commands[part]
    assert command.help
    assert all(o.help for o in command.params if isinstance(o, click.Option))


def test_every_dependency_has_its_reason():
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name in re.findall(r'^    "([a-z][a-z0-9-]*)[\[>]', project, re.MULTILINE):
        reason = re.search(rf"^\|.*\b{name}\b.*\|.+\|$", table, re.MULTILINE)
        assert reason or name == "newsroom-tagger", name


def test_ci_runs_exactly_the_readme_s_test_command():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    block = README.split("<!-- test command -->")[1].split("```")[1]
    assert "pytest" in block
    assert "README.md" in script
    assert "pytest" not in script


def test_no_file_of_the_project_tells_where_it_was_made():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    telling = re.compile(r"/(?:work|root|home/\w+)/|\.pyenv")
    for name in filter(None, files):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".yml", ""} and path.is_file():
            found = telling.search(path.read_text(encoding="utf-8", errors="ignore"))
            assert not found or path.name == Path(__file__).name, (name, found)
