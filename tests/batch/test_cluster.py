"""Archives on a Dask cluster: a real scheduler and real worker processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tagger.batch.local import Archive, Progress, tag_archive
from tagger.batch.parts import Making
from tagger.batch.sources import Batch
from tagger.errors import InputError, ModelError, TaggerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tagger.learning.model import Model
    from tagger.records import LabeledExample

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own affairs


class Cluster:
    """A scheduler, and workers that can be started and killed."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._log = (folder / "log").open("wb")
        self.processes: list[subprocess.Popen[bytes]] = []
        scheduler = self._start("dask_scheduler", "--port", "0", "--no-dashboard")
        while not self._written():
            assert scheduler.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        self.address = str(json.loads(self._file.read_text(encoding="utf-8"))["address"])

    def _written(self) -> bool:
        try:
            return bool(json.loads(self._file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return False

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("dask_worker", "--no-nanny", "--nthreads", "1", "--no-dashboard")

    def _start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{what}", *words]
        command += ["--scheduler-file", str(self._file)]
        run = subprocess.Popen(command, stdout=self._log, stderr=self._log)
        self.processes.append(run)
        return run

    def wait_for(self, workers: int) -> None:
        from distributed import Client

        with Client(self.address, set_as_default=False, timeout="60s") as client:
            client.wait_for_workers(workers, timeout=120)

    def close(self) -> None:
        for run in self.processes:
            run.kill()
            run.wait()
        self._log.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    yield started
    started.close()


@pytest.fixture
def inputs(tmp_path: Path, examples: list[LabeledExample]) -> tuple[Path, ...]:
    """A table, an article and a file that cannot be read."""
    texts = [example.text for example in examples] * 3
    pl.DataFrame({"text": [*texts, ""]}).write_parquet(tmp_path / "a.parquet")
    (tmp_path / "page.html").write_text("<article><p>The river fell by a metre.</p></article>")
    return (tmp_path / "a.parquet", tmp_path / "page.html", tmp_path / "gone.txt")


def crew(address: str) -> Any:
    from tagger.batch.cluster import dask_workers

    return partial(dask_workers, address=address)


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_worker_killed_midway_loses_nothing_and_the_bytes_are_those_of_one_machine(
    cluster: Cluster, inputs: tuple[Path, ...], tmp_path: Path, model: Model
) -> None:
    victim = cluster.start_worker()
    cluster.start_worker()
    cluster.wait_for(2)
    job = Archive(inputs, tmp_path / "cluster", Making("csv"), rows_a_part=5)
    heard: list[str] = []
    seen: list[Progress] = []

    def kill_one(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) == 3:
            victim.kill()
            victim.wait()

    away = tag_archive(
        job, model, crew=crew(cluster.address), told=heard.append, on_progress=kill_one
    )
    home = tag_archive(replace(job, folder=tmp_path / "home"), model)
    assert len(seen) > 20
    assert "2 workers" in heard[0]
    assert away.tally.as_json() == home.tally.as_json()
    assert content(job.folder) == content(tmp_path / "home")


def test_a_cluster_without_workers_and_one_that_is_not_there_are_named(
    tmp_path: Path, inputs: tuple[Path, ...], model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tagger.batch import cluster as module

    job = Archive(inputs, tmp_path / "out")
    with monkeypatch.context() as hasty:
        hasty.setattr(module, "_PATIENCE", "1s")
        with pytest.raises(InputError, match=r"No scheduler answers at tcp://127\.") as caught:
            tag_archive(job, model, crew=crew("tcp://127.0.0.1:9"))
    assert "dask scheduler" in caught.value.cure
    lonely = Cluster(tmp_path)
    try:
        with pytest.raises(InputError, match="has no workers"):
            tag_archive(replace(job, resume=True), model, crew=crew(lonely.address))
    finally:
        lonely.close()


def test_a_cluster_that_stayed_away_is_told_to_who_brings_more_work(
    cluster: Cluster, model: Model
) -> None:
    from distributed import Client

    cluster.start_worker()
    cluster.wait_for(1)
    with crew(cluster.address)(model, Making(), None, lambda _: None) as hands:
        for client in list(Client._instances):
            client.close()  # as it does itself after 20 seconds
        with pytest.raises(TaggerError, match="is gone") as caught:
            hands.submit(Batch(()))
    assert "--resume" in caught.value.cure


def test_a_worker_with_another_version_of_the_program_is_refused(
    cluster: Cluster,
    inputs: tuple[Path, ...],
    tmp_path: Path,
    model: Model,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tagger.batch import cluster as module

    cluster.start_worker()
    cluster.wait_for(1)
    monkeypatch.setattr(module, "_program", lambda: "99.0")
    with pytest.raises(ModelError, match=r"has version .* of this program, not 99\.0"):
        tag_archive(Archive(inputs, tmp_path / "out"), model, crew=crew(cluster.address))


def test_a_model_that_arrives_damaged_is_refused(model: Model) -> None:
    from tagger.batch.cluster import _ModelThere

    class Worker:
        address = "tcp://there:1"

    there = _ModelThere(model, "tagger-of-another-digest")
    with pytest.raises(ModelError, match="arrived damaged at tcp://there:1"):
        there.setup(Worker())  # type: ignore[arg-type]  # an address is all that is asked of it


def test_a_cluster_that_goes_away_leaves_parts_to_resume(
    inputs: tuple[Path, ...], tmp_path: Path, model: Model
) -> None:
    gone = Cluster(tmp_path)
    gone.start_worker()
    gone.wait_for(1)
    job = Archive(inputs, tmp_path / "out", Making("csv"), rows_a_part=5)
    with pytest.raises(TaggerError, match="is gone") as caught:
        tag_archive(job, model, crew=crew(gone.address), on_progress=lambda _: gone.close())
    assert "--resume" in caught.value.cure
    assert list(job.folder.glob("part-*"))
    tag_archive(replace(job, resume=True), model)
    assert (job.folder / "summary.json").exists()


def test_processes_of_this_machine_are_a_cluster_too(
    inputs: tuple[Path, ...], tmp_path: Path, model: Model
) -> None:
    job = Archive(inputs, tmp_path / "away", rows_a_part=50, workers=1)
    tag_archive(job, model, crew=crew("local"))
    tag_archive(replace(job, folder=tmp_path / "home"), model)
    assert content(job.folder) == content(tmp_path / "home")
