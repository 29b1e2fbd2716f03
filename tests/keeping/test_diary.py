"""The diary of a retrain in the background."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tagger.errors import ModelError, OutputError
from tagger.keeping.diary import Diary

WORKER = """
import sys
from pathlib import Path
from tagger.keeping.diary import Diary
with Diary(Path(sys.argv[1])).at_work():
    print("at work", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def worker(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout.readline() == b"at work\n"
    yield process
    process.kill()
    process.communicate()


def test_a_desk_that_never_retrained_in_the_background_has_an_empty_diary(tmp_path):
    diary = Diary(tmp_path / "models")
    assert diary.lines() == []
    assert diary.result() == {}
    assert not diary.is_at_work()
    assert not (tmp_path / "models").exists()


def test_lines_come_back_in_order_with_any_name(tmp_path):
    diary = Diary(tmp_path)
    diary.begin(by="old")
    diary.begin(by="\u202eOlha \udcff \n{")
    diary.add(stage="training", done=1, total=6)
    assert diary.lines() == [
        {"by": "\u202eOlha \udcff \n{"},
        {"stage": "training", "done": 1, "total": 6},
    ]


def test_a_line_that_was_cut_off_is_passed_over(tmp_path):
    diary = Diary(tmp_path)
    diary.begin(by="Olha")
    with (tmp_path / ".retrain" / "diary.jsonl").open("ab") as file:
        file.write(b'[1]\nnull\n{"stage": "tra')
    assert diary.lines() == [{"by": "Olha"}]


def test_the_working_process_is_at_work_until_it_is_killed(tmp_path, worker):
    diary = Diary(tmp_path)
    assert diary.is_at_work()
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    assert not diary.is_at_work()


def test_those_who_look_at_once_do_not_take_each_other_for_the_working_process(tmp_path):
    diary, begin = Diary(tmp_path), Barrier(4)
    with diary.at_work():
        pass

    def look(_):
        begin.wait()
        return [diary.is_at_work() for _ in range(150)]

    with ThreadPoolExecutor(4) as threads:
        assert not any(map(any, threads.map(look, range(4))))


def test_a_line_after_one_that_was_cut_off_is_read(tmp_path):
    diary = Diary(tmp_path)
    diary.begin(by="Olha")
    with (tmp_path / ".retrain" / "diary.jsonl").open("ab") as file:
        file.write(b'{"stage": "tra')
    diary.add(version="v1")
    assert diary.lines() == [{"by": "Olha"}, {"version": "v1"}]


def test_what_the_new_model_changes_is_kept(tmp_path):
    diary = Diary(tmp_path)
    with diary.at_work():
        diary.keep_result({"version": "v1", "flips": []})
    assert diary.result() == {"version": "v1", "flips": []}


def test_a_folder_that_cannot_be_written_is_named_with_a_cure(tmp_path):
    (tmp_path / "models").write_text("a file", encoding="utf-8")
    diary = Diary(tmp_path / "models")
    with pytest.raises(ModelError, match="cannot be written"), diary.my_turn():
        pass
    with pytest.raises(OutputError):
        diary.begin(by="Olha")
    diary.add(by="Olha")
    assert diary.lines() == []
    assert not diary.is_at_work()
