import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tagger.errors import ModelError
from tagger.keeping.turn import retrain_turn

NOW = datetime.now(UTC)
HALF_SAVED = ".20261122-120000-0badcafe.part"


def turn(models, **options):
    return retrain_turn(models, **{"by": "ann", "now": NOW, **options})


def test_only_one_has_the_turn_and_the_other_hears_whose_it_is(tmp_path):
    told = []
    with (
        turn(tmp_path),
        pytest.raises(ModelError, match=rf"ann \(process {os.getpid()}, since {NOW:%Y-%m-%d}"),
        turn(tmp_path, by="bob", patience=0.01, on_wait=told.append),
    ):
        pass
    assert len(told) == 1
    with turn(tmp_path, by="bob", on_wait=told.append):
        assert len(told) == 1


def test_who_had_the_turn_is_not_taken_for_who_has_it_now(tmp_path):
    for by in ("ann", "bob"):
        with turn(tmp_path, by=by):
            assert by in (tmp_path / ".retrain.holder").read_text()
        assert not (tmp_path / ".retrain.holder").exists()


def test_whenever_the_turn_is_interrupted_it_is_given_back(tmp_path, interrupted_at):
    def work():
        with turn(tmp_path):
            pass

    for line in count():
        if not interrupted_at(line, ["keeping/turn.py", "keeping/holder.py"], work):
            break
        with turn(tmp_path, patience=0):
            pass
    assert line > 20


def test_who_waits_long_enough_gets_the_turn(tmp_path):
    first_has_it, second_waits, order = threading.Event(), threading.Event(), []

    def first():
        with turn(tmp_path):
            first_has_it.set()
            second_waits.wait(30)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    first_has_it.wait(30)
    with turn(tmp_path, by="bob", on_wait=lambda _: second_waits.set()):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has kill -9")
def test_the_turn_of_a_killed_process_is_free(tmp_path):
    code = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from tagger.keeping.turn import retrain_turn\n"
        "with retrain_turn(Path(sys.argv[1]), by='ann', now=datetime.now(UTC)):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    told = []
    with turn(tmp_path, patience=0, on_wait=told.append):
        assert told == []


def test_a_failure_inside_gives_the_turn_back(tmp_path):
    with pytest.raises(ZeroDivisionError), turn(tmp_path):
        raise ZeroDivisionError
    with turn(tmp_path, patience=0):
        pass


def test_half_saved_models_are_cleared_away_and_nothing_else(tmp_path):
    (tmp_path / HALF_SAVED).mkdir()
    (tmp_path / HALF_SAVED / "idf.npy").write_bytes(b"half")
    for kept in ("20261122-120000-0badcafe", ".mine.part"):
        (tmp_path / kept).mkdir()
    (tmp_path / ".current.0badcafe.part").write_text("just being written")
    with turn(tmp_path):
        assert not (tmp_path / HALF_SAVED).exists()
        assert (tmp_path / "20261122-120000-0badcafe").exists()
        assert (tmp_path / ".mine.part").exists()
        assert (tmp_path / ".current.0badcafe.part").exists()


def test_half_written_files_are_cleared_away_once_nobody_can_be_writing_them(tmp_path):
    (tmp_path / ".current.0badcafe.part").write_text("left")
    with turn(tmp_path, now=NOW + timedelta(hours=2)):
        assert not (tmp_path / ".current.0badcafe.part").exists()


def test_while_another_retrains_its_half_saved_model_is_left_alone(tmp_path):
    with turn(tmp_path):
        (tmp_path / HALF_SAVED).mkdir()
        with pytest.raises(ModelError), turn(tmp_path, patience=0):
            pass
        assert (tmp_path / HALF_SAVED).exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "models").write_text("a file in the way")
    with pytest.raises(ModelError, match="cannot be written"), turn(tmp_path / "models"):
        pass
