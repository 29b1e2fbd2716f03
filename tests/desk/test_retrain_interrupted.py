"""Whatever interrupts a retrain, the current model serves and the next run starts clean."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tagger.desk.models import load_model, registry_of
from tagger.desk.queue import next_up, queue_documents
from tagger.desk.retrain import retrain
from tagger.errors import ModelError, TaggerError
from tagger.keeping.registry import Registry
from tagger.keeping.store import open_store

LATER = datetime(2026, 11, 22, 13, tzinfo=UTC)


def left_over(desk):
    return [path.name for path in desk.models.glob(".*.part")]


@pytest.fixture
def interrupted(newsroom, paired, decide_all, files_of):
    """A desk with corrections to learn, and what must still hold after an interruption."""
    decide_all(newsroom, [e for e in paired[200:400] if "floods" in e.topics])
    current, files = registry_of(newsroom).current(), files_of(newsroom)
    text = [paired[0].text]
    said = load_model(newsroom).probabilities(text).tobytes()

    def unharmed():
        assert registry_of(newsroom).current() == current
        assert files_of(newsroom) == files
        assert load_model(newsroom).probabilities(text).tobytes() == said

    return newsroom, unharmed


class PulledPlugError(Exception):
    """Stands for whatever ends a program."""


def pull_plug(*_, **__):
    raise PulledPlugError


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("tagger.desk.retrain.read_lessons", "reading"),
        ("tagger.desk.retrain.train", "training"),
        ("tagger.desk.trial.judge", "judging"),
        ("tagger.keeping.registry.write_model", "writing the model"),
        ("tagger.keeping.registry.Registry._settle", "naming the model"),
        ("tagger.keeping.registry.Registry.promote", "about to promote"),
        ("tagger.keeping.registry.write_beside", "promoting"),
    ],
)
def test_a_failure_while_anything_leaves_the_current_model(interrupted, monkeypatch, where, what):
    desk, unharmed = interrupted
    with monkeypatch.context() as broken:
        broken.setattr(where, pull_plug)
        with pytest.raises(PulledPlugError):
            retrain(desk, by="tests", now=LATER)
    unharmed()
    assert retrain(desk, by="tests", now=LATER).promoted
    assert left_over(desk) == []


@pytest.mark.parametrize(
    "where",
    [
        "tagger.keeping.registry.write_model",
        "tagger.keeping.registry.flush",
        "tagger.files.flush",  # while the current model gets its new name
    ],
)
def test_a_full_disk_leaves_the_current_model(interrupted, monkeypatch, where):
    desk, unharmed = interrupted

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(where, full)
        with pytest.raises(TaggerError, match="No space left") as told:
            retrain(desk, by="tests", now=LATER)
        assert told.value.cure
    unharmed()
    assert left_over(desk) == []
    assert retrain(desk, by="tests", now=LATER).promoted


RETRAIN_AND_WAIT = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from tagger.desk.retrain import retrain
from tagger.settings import Settings

def progress(stage, done, total):
    if stage == sys.argv[2]:
        print(stage, flush=True)
        time.sleep(600)  # to be killed

now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
retrain(Settings(Path(sys.argv[1])), by="tests", now=now, progress=progress)
"""


def retrain_and_kill(desk, stage):
    """Retrain in a process of its own and kill -9 it when it says that it is at a stage."""
    words = [sys.executable, "-c", RETRAIN_AND_WAIT, str(desk.home), stage]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == f"{stage}\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL


def stages_of_a_retrain(desk):
    told = []
    done = retrain(desk, by="tests", now=LATER, progress=lambda stage, *_: told.append(stage))
    assert done.promoted
    return list(dict.fromkeys(told))


BEFORE_IT_SERVES = (
    *("reading labels", "counting terms", "training", "judging", "comparing tags"),
    *("saving", "promoting"),
)


def test_these_are_all_stages_of_a_retrain(interrupted, document):
    desk, _ = interrupted
    with open_store(desk.database) as store:
        queue_documents([document("story", "The river rose by a metre.")], store, load_model(desk))
    assert stages_of_a_retrain(desk) == [*BEFORE_IT_SERVES, "scoring"]


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has kill -9")
@pytest.mark.parametrize("stage", BEFORE_IT_SERVES)
def test_kill_9_before_it_serves_leaves_the_current_model(interrupted, stage):
    desk, unharmed = interrupted
    retrain_and_kill(desk, stage)
    unharmed()
    assert retrain(desk, by="tests", now=LATER).promoted
    assert left_over(desk) == []


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has kill -9")
def test_kill_9_while_the_queue_is_scored_leaves_the_new_model_and_the_queue_catches_up(
    interrupted, document, paired
):
    desk, _ = interrupted
    before = registry_of(desk).current()
    texts = [e.text for e in paired[900:930]]
    with open_store(desk.database) as store:
        queue_documents([document("story", *texts)], store, load_model(desk))
    retrain_and_kill(desk, "scoring")
    new = load_model(desk).version
    assert new != before
    with open_store(desk.database) as store:
        assert {card.model for card in next_up(store, desk, "ann", checks=False)} == {new}
    assert not retrain(desk, by="tests", now=LATER).fresh  # nothing was lost: nothing is new
    assert registry_of(desk).roll_back(by="tests", now=LATER) == before


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has kill -9")
@pytest.mark.parametrize(
    "where",
    [
        "tagger.keeping.registry.flush",  # the model is half saved
        "tagger.files.flush",  # the new name for the current one is half written
    ],
)
def test_kill_9_in_the_middle_of_writing_leaves_the_current_model(interrupted, where):
    desk, unharmed = interrupted
    module, _, name = where.rpartition(".")
    code = (
        "import os, pkgutil, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from tagger.desk.retrain import retrain\n"
        "from tagger.settings import Settings\n"
        f"owner = pkgutil.resolve_name({module!r})\n"
        f"setattr(owner, {name!r}, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))\n"
        "now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)\n"
        "retrain(Settings(Path(sys.argv[1])), by='tests', now=now)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(desk.home)], check=False)
    assert done.returncode == -signal.SIGKILL
    unharmed()
    assert left_over(desk)
    assert retrain(desk, by="tests", now=datetime.now(UTC) + timedelta(days=1)).promoted
    assert left_over(desk) == []


@pytest.mark.skipif(os.name != "posix", reason="only POSIX limits the size of files")
def test_a_disk_that_takes_no_more_leaves_the_current_model(interrupted):
    desk, unharmed = interrupted
    code = (
        "import resource, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from tagger.desk.retrain import retrain\n"
        "from tagger.settings import Settings\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"  # bytes
        "now = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)\n"
        "retrain(Settings(Path(sys.argv[1])), by='tests', now=now)\n"
    )
    words = [sys.executable, "-c", code, str(desk.home)]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "ModelError: The model could not be saved" in done.stderr
    unharmed()
    assert left_over(desk) == []
    assert retrain(desk, by="tests", now=LATER).promoted


def test_models_saved_but_never_promoted_are_in_nobodys_way(interrupted, monkeypatch):
    desk, _ = interrupted
    first = registry_of(desk).current()
    with monkeypatch.context() as broken:
        broken.setattr(Registry, "promote", pull_plug)
        with pytest.raises(PulledPlugError):
            retrain(desk, by="tests", now=LATER)
    assert len(registry_of(desk).versions()) == 2
    assert retrain(desk, by="tests", now=LATER.replace(hour=14)).promoted
    assert registry_of(desk).roll_back(by="tests", now=LATER) == first


def test_two_retrains_at_once_take_turns(interrupted):
    desk, _ = interrupted
    told = []

    def meanwhile(done):
        with pytest.raises(ModelError, match=r"ann \(process \d+"):
            retrain(desk, by="bob", now=LATER, on_wait=told.append, patience=0.01)

    assert retrain(desk, by="ann", now=LATER, show=meanwhile).promoted
    assert len(told) == 1
    assert "ann" in told[0]
    assert retrain(desk, by="bob", now=LATER, on_wait=told.append).version
    assert len(told) == 1
