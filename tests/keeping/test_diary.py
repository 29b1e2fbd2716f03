"""The diary of a retrain in the background."""

import os
import signal
import subprocess
import sys

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
