from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from tagger.batch.local import Archive, Progress, tag_archive
from tagger.batch.parts import join_parts
from tagger.errors import InputError, OutputError
from tagger.keeping.model_files import read_model, write_model
from tagger.learning.terms import Block

if TYPE_CHECKING:
    from pathlib import Path

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


def archive(table: Path, name: str, **settings: object) -> Archive:
    plain = Archive((table,), table.parent / name, rows_a_part=30)
    return replace(plain, **settings)  # type: ignore[arg-type]  # checked by use


def test_every_row_is_in_a_part_with_the_topics_and_scores_of_the_model(
    table: Path, model: Model
) -> None:
    job = archive(table, "out")
    summary = tag_archive(job, model)
    assert (summary.rows, summary.rejects, summary.parts) == (250, 5, 9)
    tagged = pl.read_parquet(sorted(job.folder.glob("part-*.parquet")))
    probabilities = model.probabilities(tagged["text"])
    assert tagged["document"].to_list() == [str(i) for i in range(1000, 1250) if i % 50]
    assert np.array_equal(tagged["score_energy"].to_numpy(), probabilities[:, 1])
    assert tagged["topics"].to_list() == [list(row) for row in model.chosen(probabilities)]
    assert tagged.columns == [
        *("document", "text", "topics", "score_talks", "score_energy", "score_floods", "model")
    ]


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
    join_parts(table.parent / "many", target)
    one = table.parent / "one" / f"part-000000.{form}"
    if form == "parquet":
        assert pl.read_parquet(target).equals(pl.read_parquet(one))
    else:
        assert target.read_bytes() == one.read_bytes()


def test_csv_cells_are_no_formulas_and_jsonl_nests_the_scores(tmp_path: Path, model: Model) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"id": "=1+1", "text": "-gas\\nriver"}\n', encoding="utf-8")
    for form in ("csv", "jsonl"):
        tag_archive(Archive((lines,), tmp_path / form, form=form), model)
    cells = pl.read_csv(tmp_path / "csv" / "part-000000.csv").row(0, named=True)
    assert (cells["document"], cells["text"]) == ("'=1+1", "'-gas\nriver")
    row = json.loads((tmp_path / "jsonl" / "part-000000.jsonl").read_text(encoding="utf-8"))
    assert list(row) == ["document", "text", "topics", "scores", "model"]
    assert row["scores"]["energy"] == model.probabilities(["-gas\nriver"])[0, 1]


@pytest.mark.parametrize("form", FORMS)
def test_more_workers_write_the_same_bytes(table: Path, model: Model, form: Format) -> None:
    for name, workers in [("one", 1), ("three", 3)]:
        tag_archive(archive(table, name, form=form, workers=workers), model)
    assert content(table.parent / "one") == content(table.parent / "three")


def test_a_resumed_job_tags_only_what_is_missing_and_leaves_the_same_bytes(
    table: Path, model: Model
) -> None:
    job, seen = archive(table, "out"), list[Progress]()
    tag_archive(job, model)
    whole = content(job.folder)
    for name in ("part-000003.parquet", "part-000008.parquet", "summary.json"):
        (job.folder / name).unlink()
    (job.folder / ".part-000003.parquet.1a2b.part").write_bytes(b"half")
    tag_archive(replace(job, resume=True), model, on_progress=seen.append)
    assert content(job.folder) == whole
    assert [progress.tagged for progress in seen] == [0, 0, 0, 30, 30, 30, 30, 30, 40]


KILLED = """
import sys
from pathlib import Path
from tagger.batch.local import Archive, tag_archive
from tagger.keeping.model_files import read_model
table, folder, model, form = sys.argv[1:]
job = Archive((Path(table),), Path(folder), form=form, rows_a_part=1, workers=2, resume=True)
tag_archive(job, read_model(Path(model)))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no kill -9 on this system")
@pytest.mark.parametrize("form", FORMS)
def test_after_kill_9_at_any_moment_resuming_leaves_the_bytes_of_a_run_that_was_not_killed(
    table: Path, tmp_path: Path, model: Model, form: Format
) -> None:
    (tmp_path / "model").mkdir()
    write_model(tmp_path / "model", model)
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    arguments = [sys.executable, "-c", KILLED, str(table), str(killed), str(tmp_path / "model")]
    for parts in (1, 60, 140):
        run = subprocess.Popen([*arguments, form])
        while run.poll() is None and len(list(killed.glob("part-*"))) < parts:
            time.sleep(0.001)
        run.kill()
        assert run.wait() == -signal.SIGKILL
    assert not (killed / "summary.json").exists()
    subprocess.run([*arguments, form], check=True)
    job = Archive((table,), whole, form=form, rows_a_part=1)
    tag_archive(job, read_model(tmp_path / "model"))
    assert content(killed) == content(whole)


def test_a_folder_with_parts_is_neither_overwritten_nor_mixed(table: Path, model: Model) -> None:
    job = archive(table, "out")
    tag_archive(job, model)
    before = content(job.folder)
    with pytest.raises(OutputError, match="holds the parts of a job already"):
        tag_archive(job, model)
    other = replace(model, intercepts=model.intercepts + 1)
    with pytest.raises(OutputError, match="begun with another model_sha256"):
        tag_archive(replace(job, resume=True), other)
    with pytest.raises(OutputError, match="begun with another settings"):
        tag_archive(replace(job, resume=True, rows_a_part=31), model)
    assert content(job.folder) == before
    pl.DataFrame({"text": ["Gas became dearer."]}).write_parquet(table)
    with pytest.raises(OutputError, match="begun with another inputs"):
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
    job = Archive((tmp_path / "a.csv", tmp_path / "b.jsonl"), tmp_path / "out", keep_text=False)
    summary = tag_archive(job, model)
    assert (summary.rows, summary.rejects, summary.parts) == (3, 1, 2)
    tagged = pl.read_parquet(sorted(job.folder.glob("part-*")))
    assert "text" not in tagged.columns
    assert tagged["topics"].to_list() == [["energy"], ["floods"]]


def test_a_table_without_rows_gives_a_part_without_rows(tmp_path: Path, model: Model) -> None:
    pl.DataFrame({"text": pl.Series([], dtype=pl.String)}).write_parquet(tmp_path / "no.parquet")
    job = Archive((tmp_path / "no.parquet",), tmp_path / "out")
    assert tag_archive(job, model).rows == 0
    assert pl.read_parquet(job.folder / "part-000000.parquet").height == 0


def test_progress_tells_rows_rate_and_time_left(table: Path, model: Model) -> None:
    seen: list[Progress] = []
    ticks = count(100, 2)
    tag_archive(
        archive(table, "out"), model, on_progress=seen.append, clock=lambda: float(next(ticks))
    )
    assert seen[0] == Progress(rows=30, about=250, tagged=30, seconds=2.0)
    assert (seen[0].rate, seen[-1].rate) == (15.0, 250 / 18)
    assert seen[0].seconds_left == pytest.approx(220 / 15)
    assert seen[-1].seconds_left == 0
    assert Progress(30, 250, 0, 1.0).seconds_left is None


def test_a_model_that_cannot_be_compiled_tags_the_slow_way_and_says_so(
    table: Path, model: Model
) -> None:
    wide = replace(model, blocks=(Block("word", 1, 3), model.blocks[1]))
    heard: list[str] = []
    tag_archive(archive(table, "slow"), wide, told=heard.append)
    assert "slow way" in heard[0]
    assert len(content(table.parent / "slow")) == 16


def test_an_input_that_breaks_off_ends_the_job_with_its_name(tmp_path: Path, model: Model) -> None:
    (tmp_path / "empty.csv").touch()
    with pytest.raises(InputError, match=r"empty\.csv"):
        tag_archive(Archive((tmp_path / "empty.csv",), tmp_path / "out"), model)


def test_parts_that_are_not_finished_or_of_another_format_are_not_joined(
    table: Path, model: Model
) -> None:
    job = archive(table, "out")
    tag_archive(job, model)
    with pytest.raises(OutputError, match="no finished parts"):
        join_parts(job.folder, table.parent / "joined.csv")
    (job.folder / "summary.json").unlink()
    with pytest.raises(OutputError, match="no finished parts"):
        join_parts(job.folder, table.parent / "joined.parquet")


def test_a_folder_that_cannot_be_written_is_named(table: Path, model: Model) -> None:
    if os.name != "posix" or os.geteuid() == 0:
        (table.parent / "out").touch()  # a file where the folder should be stops everyone
    else:
        (table.parent / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="out"):
        tag_archive(archive(table, "out"), model)
