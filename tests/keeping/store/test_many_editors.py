"""Many programs write at once and one of them is killed: nothing acknowledged is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tagger.keeping.store import open_store

WORKER = Path(__file__).with_name("editor_at_work.py")
EDITORS = ("Anna", "Boris", "Clara", "Dora")


@pytest.fixture
def start(address, tmp_path):
    """Starts an editor in a program of their own; gives it with the file of what it did."""
    programs = []

    def run(editor: str, *words: str) -> tuple[subprocess.Popen[bytes], Path]:
        side = tmp_path / f"{editor}.txt"
        program = subprocess.Popen([sys.executable, WORKER, address, editor, *words, side])
        programs.append(program)
        return program, side

    yield run
    for program in programs:
        program.kill()
        program.wait()


def acknowledged(side: Path) -> list[str]:
    """Whole lines only: the last one may be cut off by the kill."""
    return side.read_text(encoding="utf-8").split("\n")[:-1] if side.exists() else []


def test_every_acknowledged_decision_is_there_although_one_program_was_killed(address, start):
    victim, its_side = start(EDITORS[0], "decide", "1000000")  # it will not come to an end
    others = [start(editor, "decide", "100") for editor in EDITORS[1:]]
    while victim.poll() is None and len(acknowledged(its_side)) < 20:
        time.sleep(0.005)
    assert victim.poll() is None
    victim.kill()
    victim.wait()
    assert [program.wait() for program, _ in others] == [0, 0, 0]
    with open_store(address) as store:
        kept = {row["key"] for row in store.export()}
        checked = store.verify()
    sides = [its_side, *(side for _, side in others)]
    assert kept.issuperset(line for side in sides for line in acknowledged(side))
    assert kept.issuperset(f"{editor} {n}" for editor in EDITORS[1:] for n in range(100))
    assert checked.rows >= 320
    assert checked.problem is None


def test_two_programs_never_get_the_same_item(address, start, article):
    texts = [f"Paragraph {number}." for number in range(60)]
    with open_store(address) as store:
        store.queue.add([article("a.html", *texts)])
        running = [start(editor, "queue") for editor in EDITORS[:2]]
        assert [program.wait() for program, _ in running] == [0, 0]
        decided = [line for _, side in running for line in acknowledged(side)]
        assert len(decided) == len(set(decided)) == 60
        assert (store.queue.counts().left, len(store.log(limit=100))) == (0, 60)
        assert store.verify().problem is None


def test_threads_may_share_one_store(store, article, decision):
    store.queue.add([article("a.html", *(f"Paragraph {number}." for number in range(40)))])

    def work(editor: str) -> list[str]:
        done = []
        while items := store.queue.lease(editor, 2):
            done += [store.decide(decision(i.text, editor=editor)).correction.text for i in items]
        return done

    with ThreadPoolExecutor(len(EDITORS)) as threads:
        done = [text for texts in threads.map(work, EDITORS) for text in texts]
    assert len(done) == len(set(done)) == 40
    assert (store.verify().rows, store.verify().problem) == (40, None)


def test_a_new_database_can_be_opened_by_many_programs_at_once(address, start):
    running = [start(editor, "decide", "1") for editor in EDITORS]
    assert [program.wait() for program, _ in running] == [0, 0, 0, 0]
    with open_store(address) as store:
        assert store.verify().rows == 4
