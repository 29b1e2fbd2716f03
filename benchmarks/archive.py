"""Tag generated archives as a user would: memory, speed, and what kill -9 does.

    python benchmarks/archive.py memory --rows 1000000 4000000
    python benchmarks/archive.py kills --rows 100000 --kills 10

``memory`` tags tables of several lengths into one Parquet file each, and prints the peak of the
process's private memory (RssAnon, sampled every 20 ms; Linux), CPU time and rows per CPU second.
``kills`` kills a job at random moments, resumes it each time, and compares the result with that of
a run that was never killed, byte by byte. The rows are joined from halves of the desk's training
paragraphs, so that no two are alike.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow.parquet import ParquetFile, ParquetWriter  # type: ignore[import-untyped]

from tagger.keeping.labeled import read_examples, train_files
from tagger.settings import HOME_VARIABLE, Settings, find_settings
from tagger.taxonomy import read_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_ONCE = 50_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", choices=["memory", "kills"])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    settings = find_settings(arguments.home)
    os.environ[HOME_VARIABLE] = str(settings.home)
    with tempfile.TemporaryDirectory() as name:
        if arguments.what == "memory":
            for rows in arguments.rows:
                table = generated(settings, rows, Path(name) / f"{rows}.parquet")
                print(json.dumps(measured(table, rows, arguments.workers)), flush=True)
        else:
            table = generated(settings, arguments.rows[0], Path(name) / "in.parquet")
            print(json.dumps(killed(table, arguments.kills, arguments.workers)))


def generated(settings: Settings, rows: int, path: Path) -> Path:
    topics = read_taxonomy(settings.labeled / "taxonomy.toml").ids
    halves = [e.text.split() for e in read_examples(train_files(settings.labeled), topics)]
    chance = random.Random(0)
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    with ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, rows, AT_ONCE):
            ids = [f"a{number}" for number in range(start, min(start + AT_ONCE, rows))]
            texts = [joined(chance.choice(halves), chance.choice(halves)) for _ in ids]
            writer.write_table(pa.table([ids, texts], schema))
    return path


def joined(one: Sequence[str], other: Sequence[str]) -> str:
    return " ".join([*one[: len(one) // 2], *other[len(other) // 2 :]])


def tag(table: Path, out: Path, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tagger.cli", "tag", str(table), "-o", str(out), *words]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def measured(table: Path, rows: int, workers: int) -> dict[str, Any]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, peak = time.monotonic(), 0
    run = tag(table, table.with_suffix(".tagged.parquet"), "--workers", str(workers))
    while run.poll() is None:
        peak = max(peak, private_memory(run.pid))
        time.sleep(0.02)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "rows": rows,
        "workers": workers,
        "exit_code": run.returncode,
        "peak_private_mb": peak // 1024,
        "cpu_seconds": round(seconds, 1),
        "wall_seconds": round(time.monotonic() - start, 1),
        "rows_a_cpu_second": round(rows / seconds),
    }


def private_memory(process: int) -> int:
    """Kilobytes; 0 where the process is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"RssAnon:\s+(\d+)", status)
    return int(found.group(1)) if found else 0


def killed(table: Path, kills: int, workers: int) -> dict[str, Any]:
    words = ("--rows-a-part", "1000", "--workers", str(workers))
    whole, out = table.with_name("whole.parquet"), table.with_name("out.parquet")
    assert tag(table, whole, *words).wait() == 0
    total, chance, done = ParquetFile(whole).metadata.num_rows // 1000, random.Random(), [0]
    for _ in range(kills):
        run = tag(table, out, *words, "--resume")
        wanted = done[-1] + chance.randint(0, 2 * total // (kills + 1))
        while run.poll() is None and parts_of(out) < wanted:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.1))
        run.kill()
        run.wait()
        done.append(parts_of(out))
    assert out.exists() or tag(table, out, *words, "--resume").wait() == 0
    return {
        "kills": kills,
        "parts_done_at_each_kill": done[1:],
        "same_bytes": out.read_bytes() == whole.read_bytes(),
        "left_over": [path.name for path in table.parent.glob("*out.parquet*") if path != out],
    }


def parts_of(out: Path) -> int:
    return len(list(out.with_name(f"{out.name}.parts").glob("part-*")))


if __name__ == "__main__":
    main()
