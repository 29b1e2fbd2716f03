from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tagger.batch import scorer
from tagger.batch.crew import Hands
from tagger.batch.local import Archive, Progress, tag_archive
from tagger.batch.parts import Making, Part, join_parts, make_part
from tagger.errors import OutputError
from tagger.keeping.model_files import read_model, write_model
from tagger.learning.terms import Block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.batch.sources import Batch
    from tagger.learning.model import Model
    from tagger.records import LabeledExample
    from tagger.writing.tables import Format

FORMS: list[Format] = ["parquet", "csv", "jsonl"]


@pytest.fixture
def table(tmp_path: Path, examples: list[LabeledExample]) -> Path:
    """250 rows, every 50th without a text."""
    chance = random.Random(1)
    texts = [f"{chance.choice(examples).text} {i}" if i % 50 else "" for i in range(250)]
    path = tmp_path / "archive.parquet"
    pl.DataFrame({"id": range(1000, 1250), "text": texts}).write_parquet(path)
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def archive(table: Path, name: str, form: Format = "parquet", **settings: object) -> Archive:
    plain = Archive((table,), table.parent / name, Making(form), rows_a_part=30)
    return replace(plain, **settings)  # type: ignore[arg-type]  # checked by use


def test_every_row_is_in_a_part_with_the_topics_and_scores_of_the_model(
    table: Path, model: Model
) -> None:
    job = archive(table, "out")
    summary = tag_archive(job, model)
    assert (summary.rows, summary.parts) == (250, 9)
    assert (summary.tally.documents, summary.tally.rejects) == (245, 5)
    tagged = pl.read_parquet(sorted(job.folder.glob("part-*.parquet")))
    probabilities = model.probabilities(tagged["text"])
    assert tagged["document"].to_list() == [f"{table}:{i}" for i in range(1000, 1250) if i % 50]
    assert tagged["score_energy"].to_list() == [round(p, 6) for p in probabilities[:, 1].tolist()]
    assert tagged["topics"].to_list() == [list(row) for row in model.chosen(probabilities)]


def test_rows_without_a_text_are_kept_with_file_and_row(table: Path, model: Model) -> None:
    job = archive(table, "out")
    tag_archive(job, model)
    rejects = [
        json.loads(line)
        for path in sorted(job.folder.glob("rejects-*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert [(r["file"], r["row"]) for r in rejects] == [(str(table), i) for i in range(1, 250, 50)]


@pytest.mark.parametrize("form", FORMS)
def test_joined_parts_are_what_one_part_would_have_been(
    table: Path, model: Model, form: Format
) -> None:
    target = table.parent / f"joined.{form}"
    for name, rows in [("many", 30), ("one", 1000)]:
        tag_archive(archive(table, name, form=form, rows_a_part=rows), model)
    join_parts(table.parent / "many", target, form)
    one = table.parent / "one" / f"part-000000.{form}"
    if form == "parquet":
        assert pl.read_parquet(target).equals(pl.read_parquet(one))
    else:
        assert target.read_bytes() == one.read_bytes()


@pytest.mark.parametrize("form", FORMS)
def test_more_workers_write_the_same_bytes(table: Path, model: Model, form: Format) -> None:
    for name, workers in [("one", 1), ("three", 3)]:
        tag_archive(archive(table, name, form=form, workers=workers), model)
    assert content(table.parent / "one") == content(table.parent / "three")


class StoppedError(Exception):
    """As if a person had pressed Ctrl-C."""


def stopped_after(parts: int, job: Archive, model: Model) -> None:
    """Run a job, and stop it when so many parts are done."""
    left = iter(range(parts - 1))

    def count_down(_: Progress) -> None:
        if next(left, None) is None:
            raise StoppedError

    with pytest.raises(StoppedError):
        tag_archive(job, model, on_progress=count_down)


def test_a_resumed_job_tags_only_what_is_missing_and_leaves_the_same_bytes(
    table: Path, model: Model
) -> None:
    tag_archive(archive(table, "whole"), model)
    job, seen = archive(table, "out", workers=2), list[Progress]()
    stopped_after(3, job, model)
    assert len(list(job.folder.glob("part-*"))) == 3
    (job.folder / ".part-000003.parquet.1a2b3c4d.part").write_bytes(b"half")
    tag_archive(replace(job, resume=True), model, on_progress=seen.append)
    assert content(job.folder) == content(table.parent / "whole")
    assert [progress.tagged for progress in seen] == [0, 0, 0, 30, 60, 90, 120, 150, 160]


@contextmanager
def at_once(
    model: Model, making: Making, workers: int | None, told: Callable[[str], None]
) -> Iterator[Hands]:
    """A crew without a machine to build, for jobs by the hundred."""

    def submit(batch: Batch) -> Future[Part]:
        done = Future[Part]()
        done.set_result(make_part(batch, model, making))
        return done

    yield Hands(submit, 1)


def test_wherever_a_job_is_interrupted_nothing_half_written_is_left_and_it_goes_on(
    table: Path, model: Model, interrupted_at: Callable[..., bool]
) -> None:
    pl.read_parquet(table).head(3).write_parquet(table)
    tag_archive(archive(table, "whole"), model, crew=at_once)
    for line in count():
        job = archive(table, f"out{line}")
        if not interrupted_at(line, ["files.py"], partial(tag_archive, job, model, crew=at_once)):
            break
        assert not [path for path in job.folder.iterdir() if path.name.startswith(".")], line
        tag_archive(replace(job, resume=True), model, crew=at_once)
        assert content(job.folder) == content(table.parent / "whole")
    assert line > 50


def test_a_finished_job_that_is_resumed_tells_what_it_told(table: Path, model: Model) -> None:
    job = archive(table, "out")
    first = tag_archive(job, model)
    whole = content(job.folder)
    assert tag_archive(replace(job, resume=True), model) == first
    assert content(job.folder) == whole


# Killed the moment before the nth file gets its name. Without numba there is no machine code to
# wait for, and the bytes are the same.
KILLED = """
import os, signal, sys
sys.modules["numba"] = None
from pathlib import Path
from tagger.batch.local import Archive, tag_archive
from tagger.batch.parts import Making
from tagger.keeping.model_files import read_model

table, folder, model, form, files = sys.argv[1:]
left = iter(range(int(files) - 1))

def kill(event, arguments):
    if event == "os.rename" and str(arguments[0]).endswith(".part") and next(left, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
job = Archive((Path(table),), Path(folder), Making(form), rows_a_part=3, workers=2, resume=True)
tag_archive(job, read_model(Path(model)))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
@pytest.mark.parametrize(
    ("form", "moments"), [("parquet", (1, 2, 40, 61)), ("csv", (3, 39)), ("jsonl", (90,))]
)
def test_after_kill_9_at_any_moment_resuming_leaves_the_bytes_of_a_run_that_was_not_killed(
    table: Path, tmp_path: Path, model: Model, form: Format, moments: tuple[int, ...]
) -> None:
    (tmp_path / "model").mkdir()
    write_model(tmp_path / "model", model)
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for moment in moments:
        words = (table, killed, tmp_path / "model", form, moment)
        run = subprocess.run([sys.executable, "-c", KILLED, *map(str, words)], check=False)
        assert run.returncode == -signal.SIGKILL
        assert [path for path in killed.iterdir() if path.name.endswith(".part")]
    assert not (killed / "summary.json").exists()
    job = Archive((table,), killed, Making(form), rows_a_part=3, resume=True)
    tag_archive(job, read_model(tmp_path / "model"))
    tag_archive(replace(job, folder=whole, resume=False), read_model(tmp_path / "model"))
    assert content(killed) == content(whole)


def test_a_folder_with_parts_is_neither_overwritten_nor_mixed(table: Path, model: Model) -> None:
    job = archive(table, "out")
    tag_archive(job, model)
    before = content(job.folder)
    with pytest.raises(OutputError, match="holds the parts of a job already"):
        tag_archive(job, model)
    other = replace(model, intercepts=model.intercepts + 1)
    with pytest.raises(OutputError, match="begun with another model"):
        tag_archive(replace(job, resume=True), other)
    with pytest.raises(OutputError, match="begun with other settings"):
        tag_archive(replace(job, resume=True, rows_a_part=31), model)
    assert content(job.folder) == before
    pl.DataFrame({"text": ["Gas became dearer."]}).write_parquet(table)
    with pytest.raises(OutputError, match="begun with other inputs"):
        tag_archive(replace(job, resume=True), model)
    assert content(job.folder) == before


def test_by_force_an_earlier_job_is_replaced_whole(table: Path, model: Model) -> None:
    job = archive(table, "out")
    tag_archive(job, model)
    pl.DataFrame({"text": ["Gas became dearer."]}).write_parquet(table)
    tag_archive(replace(job, force=True), model)
    assert sorted(content(job.folder)) == ["manifest.json", "part-000000.parquet", "summary.json"]


def test_several_tables_are_one_archive(tmp_path: Path, model: Model) -> None:
    (tmp_path / "a.csv").write_text("text\nGas became dearer.\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "The river fell."}\n{broken\n', encoding="utf-8")
    job = Archive((tmp_path / "a.csv", tmp_path / "b.jsonl"), tmp_path / "out")
    summary = tag_archive(job, model)
    assert (summary.rows, summary.tally.rejects, summary.parts) == (3, 1, 1)
    tagged = pl.read_parquet(sorted(job.folder.glob("part-*")))
    assert tagged["topics"].to_list() == [["energy"], ["floods"]]


def test_a_table_without_rows_gives_a_part_without_rows(tmp_path: Path, model: Model) -> None:
    pl.DataFrame({"text": pl.Series([], dtype=pl.String)}).write_parquet(tmp_path / "no.parquet")
    job = Archive((tmp_path / "no.parquet",), tmp_path / "out")
    assert tag_archive(job, model).rows == 0
    assert pl.read_parquet(job.folder / "part-000000.parquet").height == 0


def test_progress_tells_rows_and_rate(table: Path, model: Model) -> None:
    seen: list[Progress] = []
    ticks = count(100, 2)
    tag_archive(
        archive(table, "out"), model, on_progress=seen.append, clock=lambda: float(next(ticks))
    )
    assert seen[0] == Progress(rows=30, about=250, tagged=30, seconds=2.0)
    assert (seen[0].rate, seen[-1].rate) == (15.0, 250 / 18)
    assert Progress(30, 250, 0, 0.0).rate == 0


def test_a_model_that_cannot_be_compiled_tags_the_slow_way_and_says_so(
    table: Path, model: Model
) -> None:
    wide = replace(model, blocks=(Block("word", 1, 3), model.blocks[1]))
    heard: list[str] = []
    tag_archive(archive(table, "slow"), wide, told=heard.append)
    assert "slow way" in heard[0]
    assert len(content(table.parent / "slow")) == 16


def test_an_input_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, model: Model
) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "sound.txt").write_text("The river fell.", encoding="utf-8")
    files = (tmp_path / "empty.csv", tmp_path / "gone.txt", tmp_path / "sound.txt")
    tally = tag_archive(Archive(files, tmp_path / "out"), model).tally
    assert [(name, error.message) for name, error in tally.failures] == [
        (str(files[0]), f"{files[0]} is empty."),
        (str(files[1]), f"{files[1]} does not exist."),
    ]
    assert tally.documents == 1


def test_a_folder_of_somebody_s_files_is_left_alone(table: Path, model: Model) -> None:
    job = archive(table, "photos", force=True)
    job.folder.mkdir()
    (job.folder / "part-of-the-bridge.jpg").write_bytes(b"precious")
    (job.folder / "manifest.json").write_text('{"name": "a web app"}', encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds other files, such as manifest\.json"):
        tag_archive(job, model)
    assert len(content(job.folder)) == 2


def test_two_jobs_do_not_write_into_one_folder(table: Path, model: Model) -> None:
    job = archive(table, "out", by="olena")
    refused: list[str] = []

    def begin_another(_: Progress) -> None:
        with pytest.raises(OutputError) as caught:
            tag_archive(replace(job, resume=True), model)
        refused.append(caught.value.message)

    tag_archive(job, model, on_progress=begin_another)
    assert len(refused) == 9
    assert f"is being written by olena (process {os.getpid()}, since 20" in refused[0]


def test_without_numba_the_same_parts_are_made_the_slow_way_and_that_is_said_once(
    table: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag_archive(archive(table, "fast"), model)
    heard: list[str] = []
    monkeypatch.setattr(scorer, "compile_model", _not_installed)
    tag_archive(archive(table, "slow", workers=2), model, told=heard.append)
    assert content(table.parent / "slow") == content(table.parent / "fast")
    [line] = heard
    assert "numba is not installed" in line
    assert "newsroom-tagger[fast]" in line


def _not_installed(*_: object, **__: object) -> None:
    raise ModuleNotFoundError("No module named 'numba'", name="numba")


def test_a_folder_that_cannot_be_written_is_named(table: Path, model: Model) -> None:
    if os.name != "posix" or os.geteuid() == 0:
        (table.parent / "out").touch()  # a file where the folder should be stops everyone
    else:
        (table.parent / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="out"):
        tag_archive(archive(table, "out"), model)
