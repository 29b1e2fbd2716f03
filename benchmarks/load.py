"""Many editors decide at once and one of them is killed: is every acknowledged decision there?

    python benchmarks/load.py                          on SQLite
    TAGGER_TEST_POSTGRES=postgresql://... python ...   on PostgreSQL as well, in a schema of its own

Each editor is a program that decides paragraphs as fast as the store takes them and notes each one
once the store has returned. One is killed half-way with SIGKILL. Afterwards every noted decision
must be in the log, and the log's chain of hashes must hold; the exit code is 1 where it does not.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.keeping.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
WORKER = ROOT / "tests" / "keeping" / "store" / "editor_at_work.py"
SERVER = "TAGGER_TEST_POSTGRES"


@dataclass(frozen=True)
class Result:
    """What became of a run; ``lost`` were acknowledged and are not in the log."""

    acknowledged: int
    kept: int
    lost: int
    seconds: float
    problem: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--editors", type=int, default=8)
    parser.add_argument("--decisions", type=int, default=1000)
    arguments = parser.parse_args()
    print("| store | editors | acknowledged | in the log | lost | chain | decisions a second |")
    print("|---|---:|---:|---:|---:|---|---:|")
    sound = True
    with tempfile.TemporaryDirectory() as temporary:
        for name, context in stores(Path(temporary)).items():
            with context as address:
                result = run(address, Path(temporary), arguments.editors, arguments.decisions)
            print(row(name, arguments.editors, result))
            sound = sound and not result.lost and not result.problem
    sys.exit(not sound)


def stores(folder: Path) -> dict[str, AbstractContextManager[str]]:
    """The stores to try, each an address for as long as its ``with`` lasts."""
    found: dict[str, AbstractContextManager[str]] = {"SQLite": a_file(folder)}
    if server := os.environ.get(SERVER):
        found["PostgreSQL"] = a_schema(server)
    return found


@contextmanager
def a_file(folder: Path) -> Iterator[str]:
    yield str(folder / "corrections.db")


@contextmanager
def a_schema(server: str) -> Iterator[str]:
    import psycopg  # noqa: PLC0415 - only where there is a server

    name = f"load_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def run(address: str, folder: Path, editors: int, decisions: int) -> Result:
    """Let the editors decide, kill the first one half-way, and look what is there."""
    open_store(address).close()
    began = time.monotonic()
    running = [start(address, folder, f"editor {n}", decisions) for n in range(editors)]
    kill_half_way(*running[0], decisions)
    codes = [program.wait() for program, _ in running]
    seconds = time.monotonic() - began
    if codes[0] == 0 or any(codes[1:]):
        raise RuntimeError(f"The first program alone should have been stopped: {codes}")
    noted = [key for _, side in running for key in acknowledged(side)]
    with open_store(address) as store:
        kept = {line["key"] for line in store.export()}
        checked = store.verify()
    problem = checked.problem.message if checked.problem else ""
    return Result(len(noted), checked.rows, len(set(noted) - kept), seconds, problem)


def start(
    address: str, folder: Path, editor: str, decisions: int
) -> tuple[subprocess.Popen[bytes], Path]:
    side = folder / f"{editor}.txt"
    side.write_text("")
    command = [sys.executable, str(WORKER), address, editor, "decide", str(decisions), str(side)]
    return subprocess.Popen(command), side


def kill_half_way(program: subprocess.Popen[bytes], side: Path, decisions: int) -> None:
    while program.poll() is None and len(acknowledged(side)) < decisions // 2:
        time.sleep(0.005)
    program.kill()


def acknowledged(side: Path) -> list[str]:
    """Keys that the store had returned for; the last line may be cut off by the kill."""
    return side.read_text(encoding="utf-8").split("\n")[:-1]


def row(name: str, editors: int, result: Result) -> str:
    chain = result.problem or "holds"
    return (
        f"| {name} | {editors} | {result.acknowledged:,} | {result.kept:,} | {result.lost} "
        f"| {chain} | {result.kept / result.seconds:,.0f} |"
    )


if __name__ == "__main__":
    main()
