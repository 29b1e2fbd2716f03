"""Large inputs on the command line: parts, stopping, resuming."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tagger.desk import tag_parts

# Without numba a run of its own waits for no machine code to be built.
ALONE = "import sys; sys.modules['numba'] = None; from tagger.cli import main; main(sys.argv[1:])"


@pytest.fixture
def table(tmp_path, examples):
    path = tmp_path / "archive.csv"
    pl.DataFrame({"text": [e.text for e in examples] * 4}).write_csv(path)
    return path


def alone(desk, *words, before=""):
    """A run in a process of its own, which can be killed."""
    return subprocess.Popen(
        [sys.executable, "-c", before + ALONE, *map(str, words)],
        env={**os.environ, "TAGGER_HOME": str(desk.home)},
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_folder_of_parts_is_made_where_the_output_is_a_folder(run, table, tmp_path):
    done = run("tag", table, "-o", f"{tmp_path}/out/", "--rows-a-part", "100", "--workers", "2")
    assert done.code == 0
    assert "256 documents, 256 paragraphs" in done.err
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [
        *("manifest.json", "part-000000.parquet", "part-000001.parquet", "part-000002.parquet"),
        "summary.json",
    ]
    again = run("tag", table, "-o", tmp_path / "out")
    assert again.code == 1
    assert "--resume" in again.err
    assert run("tag", table, "-o", tmp_path / "out", "--format", "csv", "--force").code == 0
    assert [path.name for path in (tmp_path / "out").glob("part-*")] == ["part-000000.csv"]


def test_a_large_table_becomes_the_file_that_a_small_one_becomes(run, table, tmp_path, monkeypatch):
    assert run("tag", table, "-o", tmp_path / "once.csv").code == 0
    monkeypatch.setattr(tag_parts, "BIG", 1000)
    done = run("tag", table, "-o", tmp_path / "parts.csv")
    assert done.code == 0
    assert (tmp_path / "parts.csv").read_bytes() == (tmp_path / "once.csv").read_bytes()
    assert not (tmp_path / "parts.csv.parts").exists()


def test_rows_that_cannot_be_read_are_told_with_the_files_that_keep_them(run, tmp_path):
    table = tmp_path / "rows.jsonl"
    table.write_text('{"text": "The river fell."}\nbroken\n', encoding="utf-8")
    done = run("tag", table, "-o", f"{tmp_path}/out/")
    assert done.code == 1
    assert "Not read: 1 row, kept in" in done.err
    assert "rejects-*.jsonl" in done.err
    assert len(list((tmp_path / "out").glob("rejects-*.jsonl"))) == 1


@pytest.mark.parametrize("asked", ["--resume", "--workers=2", "--rows-a-part=9"])
def test_parts_need_a_place_and_inputs_that_can_be_read_again(run, table, asked):
    done = run("tag", table, asked)
    assert done.code == 1
    assert "-o" in done.err
    done = run("tag", "-", asked, "-o", "out.csv", stdin="The river fell.")
    assert done.code == 1
    assert "Save it to a file" in done.err


# The fourth part waits to be stopped when it is written and has not got its name yet.
WAITING = """
import sys, time

def wait(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith("part-000003.csv"):
        print("waiting", file=sys.stderr, flush=True)
        time.sleep(600)

sys.addaudithook(wait)
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_job_that_is_stopped_says_how_to_go_on_and_does(
    run, desk_with_model, table, tmp_path, how
):
    words = ("tag", table, "-o", tmp_path / "out.csv", "--rows-a-part", "20")
    job = alone(desk_with_model, *words, before=WAITING)
    assert "waiting\n" in iter(job.stderr.readline, "")
    job.send_signal(how)
    _, told = job.communicate()
    parts = tmp_path / "out.csv.parts"
    assert job.returncode == 130
    assert f"Stopped. The finished parts are in {parts}: add --resume to go on." in told
    assert len(list(parts.glob("part-*"))) == 3
    assert not [path for path in parts.iterdir() if path.name.startswith(".")]
    assert run(*words, "--resume").code == 0
    assert run("tag", table, "-o", tmp_path / "whole.csv").code == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="the size of files can be limited on POSIX only")
def test_a_full_disk_is_told_and_the_job_goes_on_when_there_is_room(
    run, desk_with_model, table, tmp_path
):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    words = ("tag", table, "-o", tmp_path / "out.csv", "--rows-a-part")
    for rows, file in (("200", "part-000000.csv"), ("20", "out.csv")):  # a part, or the whole
        job = alone(desk_with_model, *words, rows, "--force", before=limit)
        _, told = job.communicate()
        assert job.returncode == 1
        assert f"{file} could not be written" in told
        assert "--resume" in told
        assert not (tmp_path / "out.csv").exists()
    assert run(*words, "20", "--resume").code == 0
    assert len(pl.read_csv(tmp_path / "out.csv")) == 256


def test_a_missing_numba_is_said_once(desk_with_model, table, tmp_path):
    job = alone(desk_with_model, "tag", table, "-o", tmp_path / "out.csv", "--workers", "2")
    _, told = job.communicate()
    assert job.returncode == 0
    assert told.count("numba is not installed") == 1


def test_a_small_input_waits_for_no_library_of_large_ones(desk_with_model, tmp_path):
    story = tmp_path / "story.txt"
    story.write_text("The river fell.", encoding="utf-8")
    code = (
        "import sys\nfrom tagger.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: print(' '.join(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "tag", story, "-o", tmp_path / "out.csv"],
        env={**os.environ, "TAGGER_HOME": str(desk_with_model.home)},
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {"numba", "polars", "pyarrow", "sklearn", "scipy", "filelock", "dask", "trafilatura"}
    assert not heavy & set(done.stdout.split())
    assert Path(tmp_path / "out.csv").exists()


def test_a_cluster_without_dask_says_what_to_install(desk_with_model, table, tmp_path):
    without = "import sys; sys.modules['distributed'] = None; "
    words = ("tag", table, "-o", tmp_path / "out.csv", "--cluster", "tcp://there:8786")
    job = alone(desk_with_model, *words, before=without)
    _, told = job.communicate()
    assert job.returncode == 1
    assert "pip install 'newsroom-tagger[cluster]'" in told
    assert not (tmp_path / "out.csv.parts").exists()
