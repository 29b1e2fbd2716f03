"""From what was typed to the files to read."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tagger.errors import InputError
from tagger.reading import find

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of stories, and the current one."""
    for name in [
        "b.txt",
        "a.HTML",
        "notes.docx",
        "Makefile",
        ".hidden.txt",
        "sub/c.csv",
        "sub/deep/d.md",
        "sub/image.png",
        ".git/e.txt",
        "odd[1].txt",
    ]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*inputs: str) -> list[str]:
    return [path.as_posix() for path in find(inputs).files]


def test_files_keep_the_order_they_were_named_in(desk: Path) -> None:
    assert found("sub/c.csv", "a.HTML", "b.txt") == ["sub/c.csv", "a.HTML", "b.txt"]


def test_a_folder_stands_for_all_files_below_it_sorted(desk: Path) -> None:
    assert found(".") == ["a.HTML", "b.txt", "odd[1].txt", "sub/c.csv", "sub/deep/d.md"]


def test_what_a_folder_holds_besides_is_counted_by_kind(desk: Path) -> None:
    result = find(["."])
    assert {path.name for path in result.unknown} == {"notes.docx", "Makefile", "image.png"}
    assert {path.name for path in result.hidden} == {".hidden.txt", ".git"}
    assert (
        result.skipped == "Skipped 3 of unknown type (1 .docx, 1 .png, 1 no suffix) and 2 hidden."
    )


def test_nothing_is_said_where_nothing_was_skipped(desk: Path) -> None:
    assert find(["b.txt", "sub/deep"]).skipped == ""


def test_a_hidden_file_is_read_when_it_is_named(desk: Path) -> None:
    assert found(".hidden.txt") == [".hidden.txt"]


def test_a_pattern_in_quotes_is_expanded(desk: Path) -> None:
    assert found("*.txt") == ["b.txt", "odd[1].txt"]
    assert found("**/*.csv", "*.[hH]*") == ["sub/c.csv", "a.HTML"]


def test_a_pattern_may_be_absolute(desk: Path) -> None:
    assert find([f"{desk}/s*/*.csv"]).files == (desk / "sub/c.csv",)


def test_two_stars_reach_every_folder_but_hidden_ones(desk: Path) -> None:
    assert found("**") == found(".")


def test_a_folder_that_a_pattern_meets_is_read_like_a_named_one(desk: Path) -> None:
    assert found("s*") == ["sub/c.csv", "sub/deep/d.md"]


def test_a_file_with_brackets_in_its_name_is_no_pattern(desk: Path) -> None:
    assert found("odd[1].txt") == ["odd[1].txt"]


def test_a_file_that_is_met_twice_is_read_once_at_its_first_place(desk: Path) -> None:
    assert found("sub/c.csv", "b.txt", "./sub/../b.txt", "sub", str(desk / "b.txt")) == [
        "sub/c.csv",
        "b.txt",
        "sub/deep/d.md",
    ]


def test_links_that_lead_in_a_circle_are_followed_once(desk: Path) -> None:
    (desk / "sub/back").symlink_to(desk, target_is_directory=True)
    assert found("sub") == [
        "sub/back/a.HTML",
        "sub/back/b.txt",
        "sub/back/odd[1].txt",
        "sub/c.csv",
        "sub/deep/d.md",
    ]


def test_a_named_file_of_unknown_type_is_refused_with_the_known_ones(desk: Path) -> None:
    with pytest.raises(InputError, match=r"notes.docx has the suffix '.docx'") as caught:
        find(["notes.docx"])
    assert ".txt" in caught.value.cure
    assert ".parquet" in caught.value.cure


def test_a_named_file_without_suffix_is_refused(desk: Path) -> None:
    with pytest.raises(InputError, match="Makefile has no suffix"):
        find(["Makefile"])


@pytest.mark.parametrize("name", ["gone.txt", "gone", "gone/*.txt", "*.nothing", "", " ", "a\0b"])
def test_a_name_that_matches_nothing_is_refused(desk: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        find(["b.txt", name])
    assert caught.value.cure


def test_a_name_too_long_for_the_disk_is_refused(desk: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        find(["x" * 5000 + ".txt"])


@pytest.mark.parametrize("name", ["empty", "*.docx"])
def test_a_place_without_a_file_to_read_is_refused(desk: Path, name: str) -> None:
    (desk / "empty").mkdir()
    with pytest.raises(InputError, match="holds no file to read") as caught:
        find([name])
    assert ".txt" in caught.value.cure


def test_a_pipe_in_a_folder_is_passed_over(desk: Path) -> None:
    os.mkfifo(desk / "sub/pipe.txt")
    assert "sub/pipe.txt" not in found("sub")
    assert desk.joinpath("sub/pipe.txt").name in {path.name for path in find(["sub"]).unknown}


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder that nobody but root can look into, inside one that everybody can."""
    # Not tmp_path, which pytest keeps for its owner: somebody else has to get as far as this.
    with tempfile.TemporaryDirectory() as name:
        outer, inner = Path(name), Path(name, "closed")
        outer.chmod(0o755)
        inner.mkdir(mode=0)
        yield inner
        inner.chmod(0o755)


def test_a_folder_that_may_not_be_read_is_refused_and_not_passed_over(closed_folder: Path) -> None:
    (closed_folder.parent / "a.txt").write_text("text")
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        with pytest.raises(InputError, match="closed cannot be opened"):
            find([str(closed_folder.parent)])
    finally:
        os.seteuid(user)
