from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from tagger.errors import OutputError
from tagger.files import digest_file, refuse_existing, write_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "result.csv"
    path.write_text("old", encoding="utf-8")
    return path


def write(target: Path, text: str, failure: BaseException) -> None:
    """Write half of what was meant to be written."""
    with write_beside(target) as beside:
        beside.write_text(text, encoding="utf-8")
        raise failure


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole_under_its_name(tmp_path: Path) -> None:
    target = tmp_path / "new" / "folder" / "result.csv"
    with write_beside(target) as beside:
        beside.write_text("whole", encoding="utf-8")
        assert not target.exists()
        assert beside.parent == target.parent
    assert target.read_text(encoding="utf-8") == "whole"
    assert names(target.parent) == ["result.csv"]


def test_readers_see_the_old_file_until_the_new_one_is_whole(target: Path) -> None:
    with write_beside(target) as beside:
        beside.write_text("new", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "old"
    assert target.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("failure", [ValueError("bad row"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_and_no_litter(target: Path, failure: BaseException) -> None:
    with pytest.raises(type(failure)):
        write(target, "half", failure)
    assert target.read_text(encoding="utf-8") == "old"
    assert names(target.parent) == ["result.csv"]


def test_a_full_disk_is_told_with_the_file_and_leaves_the_old_one(target: Path) -> None:
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(OutputError, match=r"result\.csv could not be written: No space") as caught:
        write(target, "half", full)
    assert caught.value.cure
    assert target.read_text(encoding="utf-8") == "old"
    assert names(target.parent) == ["result.csv"]


def test_a_disk_that_fills_up_at_the_last_moment_leaves_the_old_file(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space"), write_beside(target) as beside:
        beside.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "old"
    assert names(target.parent) == ["result.csv"]


def test_the_bytes_are_on_the_disk_before_the_name_appears(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    flush = os.fsync

    def watch(handle: int) -> None:
        seen.append(target.read_text(encoding="utf-8"))
        flush(handle)

    monkeypatch.setattr(os, "fsync", watch)
    with write_beside(target) as beside:
        beside.write_text("new", encoding="utf-8")
    assert seen == ["old", "new"]  # the file's own bytes, then its folder's


def test_a_disk_that_cannot_flush_folders_is_no_failure(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def as_on_network_drives(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        flush(handle)

    monkeypatch.setattr(os, "fsync", as_on_network_drives)
    with write_beside(target) as beside:
        beside.write_text("new", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "new"


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o027
    os.umask(before)


def test_colleagues_may_read_what_the_umask_lets_them(tmp_path: Path, umask: int) -> None:
    target = tmp_path / "result.csv"
    with write_beside(target) as beside:
        beside.write_text("x", encoding="utf-8")
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a_replaced_file_keeps_its_permissions_and_is_never_less_private(target: Path) -> None:
    for mode in (0o600, 0o640, 0o444):
        target.chmod(mode)
        with write_beside(target) as beside:
            assert beside.stat().st_mode & 0o077 == 0
            beside.write_text("secret", encoding="utf-8")
        assert target.stat().st_mode & 0o777 == mode


def test_a_link_stays_and_the_file_it_leads_to_is_replaced(target: Path) -> None:
    (target.parent / "elsewhere").mkdir()
    link = target.parent / "elsewhere" / "latest.csv"
    link.symlink_to(target)
    with write_beside(link) as beside:
        beside.write_text("new", encoding="utf-8")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert names(link.parent) == ["latest.csv"]


def test_a_link_to_itself_is_an_output_error(tmp_path: Path) -> None:
    link = tmp_path / "loop.csv"
    link.symlink_to(link)
    with pytest.raises(OutputError, match="symbolic links"), write_beside(link) as beside:
        beside.write_text("new", encoding="utf-8")
    assert names(tmp_path) == ["loop.csv"]


def test_the_umask_of_other_threads_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # It belongs to the whole process: for a moment without it, others would make public files.
    monkeypatch.setattr(os, "umask", lambda _: pytest.fail("the umask was changed"))
    with write_beside(tmp_path / "result.csv") as beside:
        beside.write_text("x", encoding="utf-8")
    assert names(tmp_path) == ["result.csv"]


def test_an_existing_file_is_refused_before_any_work_unless_forced(target: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"result\.csv exists already") as caught,
        write_beside(target, force=False),
    ):
        pytest.fail("the work began")
    assert "--force" in caught.value.cure
    assert names(target.parent) == ["result.csv"]


def test_a_file_that_appeared_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    with pytest.raises(OutputError, match="exists"), write_beside(target, force=False):
        target.write_text("a colleague's", encoding="utf-8")
    assert target.read_text(encoding="utf-8") == "a colleague's"
    assert names(tmp_path) == ["result.csv"]


def test_two_writers_do_not_mix_their_bytes(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    with write_beside(target) as one, write_beside(target) as other:
        one.write_text("one", encoding="utf-8")
        other.write_text("other", encoding="utf-8")
        assert one != other
    assert target.read_text(encoding="utf-8") in {"one", "other"}
    assert names(tmp_path) == ["result.csv"]


def test_many_threads_may_write_the_same_file(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"

    def write_thousand(number: int) -> None:
        with write_beside(target) as beside:
            beside.write_text(f"{number}" * 1000, encoding="utf-8")

    threads = [threading.Thread(target=write_thousand, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = target.read_text(encoding="utf-8")
    assert text in {f"{number}" * 1000 for number in range(8)}
    assert names(tmp_path) == ["result.csv"]


def test_a_folder_in_the_way_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="could not be written"), write_beside(tmp_path) as beside:
        beside.write_text("x", encoding="utf-8")
    assert tmp_path.is_dir()


def test_a_file_where_a_folder_is_needed_is_an_output_error(target: Path) -> None:
    with (
        pytest.raises(OutputError, match="could not be written"),
        write_beside(target / "below.csv"),
    ):
        pytest.fail("the work began")


def test_a_name_too_long_for_the_disk_is_an_output_error(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="could not be written: File name too long"),
        write_beside(tmp_path / ("x" * 300), force=False),
    ):
        pytest.fail("the work began")


def test_only_an_existing_file_is_refused_and_only_without_force(target: Path) -> None:
    refuse_existing(target, force=True)
    refuse_existing(target.with_name("other.csv"), force=False)
    with pytest.raises(OutputError):
        refuse_existing(target, force=False)


def test_a_digest_is_the_sha_256_of_the_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 5000
    (tmp_path / "data").write_bytes(data)
    assert digest_file(tmp_path / "data") == hashlib.sha256(data).hexdigest()
