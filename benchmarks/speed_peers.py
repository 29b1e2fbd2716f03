"""The contestants: each is given labelled texts to learn from and other texts to score.

fastText and Vowpal Wabbit take part where they are installed, Annif where its own environment is
named: it asks for another scikit-learn than we do. They learn models of their own from the same
labels, so theirs are other scores. What can be made ready before the clock starts is.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tagger.batch.arrow import utf8_buffers
from tagger.learning.compiled import compile_model
from tagger.learning.pipeline import as_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.learning.model import Model

CHILD = Path(__file__).parent / "speed_child.py"
ANNIF = Path(__file__).parent / "speed_annif.py"


class Absent(Exception):
    """A contestant is not installed."""


@dataclass(frozen=True)
class Contest:
    """What all contestants of one case are given.

    Args:
        model: ours, with as many topics as the case has.
        texts: to be scored.
        lessons: labelled texts, each with its topics.
        folder: a place of their own.
    """

    model: Model
    texts: Sequence[str]
    lessons: Sequence[tuple[str, Sequence[str]]]
    folder: Path


@dataclass(frozen=True)
class Contestant:
    """One that is ready to score.

    Args:
        all: scores all texts once; the CPU seconds that took.
        one: scores one text; the CPU seconds that took, a mean of many.
        training: the CPU seconds it learned; None where its figures come from elsewhere.
        size: bytes of what it keeps on disk.
        answers: its scores, where they should be scikit-learn's.
    """

    all: Callable[[], float]
    one: Callable[[], float]
    training: float | None = None
    size: int | None = None
    answers: Callable[[], Any] | None = None


def cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """The mean of some runs."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def scikit_learn(contest: Contest) -> Contestant:
    pipeline = as_pipeline(contest.model)
    return Contestant(
        all=lambda: cpu_seconds(lambda: pipeline.decision_function(contest.texts)),
        one=lambda: cpu_seconds(lambda: pipeline.decision_function(contest.texts[:1]), 20),
        size=len(pickle.dumps(pipeline)),
        answers=lambda: pipeline.decision_function(contest.texts),
    )


def in_numpy(contest: Contest) -> Contestant:
    model = contest.model
    return Contestant(
        all=lambda: cpu_seconds(lambda: model.scores(contest.texts)),
        one=lambda: cpu_seconds(lambda: model.scores(contest.texts[:1]), 200),
        answers=lambda: model.scores(contest.texts),
    )


def compiled(contest: Contest) -> Contestant:
    model, column = compile_model(contest.model, told=print), pl.Series(contest.texts)
    return Contestant(
        all=lambda: cpu_seconds(lambda: model.scores_of_utf8(*utf8_buffers(column))),
        one=lambda: cpu_seconds(lambda: model.scores(contest.texts[:1]), 200),
        answers=lambda: model.scores_of_utf8(*utf8_buffers(column)),
    )


def fasttext(contest: Contest, dimensions: int, *, grams: bool = False) -> Contestant:
    library = _installed("fasttext")
    lessons, kept = contest.folder / "fasttext.txt", contest.folder / "fasttext.bin"
    lines = [f"{_labels(topics)} {_plain(text)}\n" for text, topics in contest.lessons]
    lessons.write_text("".join(lines), encoding="utf-8")
    # Its own 2,000,000 buckets would make it slower: here they are as many as there are terms.
    options = {"wordNgrams": 2, "bucket": 200_000, "loss": "ova", "thread": 1, "verbose": 0}
    options |= {"minn": 4, "maxn": 5} if grams else {}
    training = _learned(str(lessons), str(kept), {"dim": dimensions, **options})
    trained = library.load_model(str(kept))
    plain = [_plain(text) for text in contest.texts]
    return Contestant(
        all=lambda: cpu_seconds(lambda: trained.predict(plain, k=-1)),
        one=lambda: cpu_seconds(lambda: trained.predict(plain[0], k=-1), 200),
        training=training,
        size=kept.stat().st_size,
    )


def _learned(lessons: str, kept: str, options: dict[str, object]) -> float:
    """It breaks off with a NaN now and then: tried again, at its own learning rate and lower."""
    for rate in (0.1, 0.1, 0.05, 0.05, 0.02, 0.02, 0.01, 0.01):
        told = json.dumps({"lr": rate, **options})
        command = [sys.executable, str(CHILD), "learn", lessons, kept, told]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return float(done.stdout)
    raise Absent(f"fastText: it does not learn these labels ({done.stderr.splitlines()[-1]})")


def _labels(topics: Sequence[str]) -> str:
    return " ".join(f"__label__{topic}" for topic in topics or ["none"])


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def vowpal_wabbit(contest: Contest) -> Contestant:
    """From file to file, as its Python door is slower than itself."""
    workspace = _installed("vowpalwabbit").Workspace
    names = sorted({topic for _, topics in contest.lessons for topic in topics})
    lessons, given, kept = (contest.folder / name for name in ("learn.vw", "given.vw", "vw.model"))
    numbers = {name: str(number) for number, name in enumerate(names)}
    lessons.write_text(
        "".join(f"{','.join(numbers[t] for t in ts)} {_vw(text)}\n" for text, ts in contest.lessons)
    )
    given.write_text("".join(f"{_vw(text)}\n" for text in contest.texts))
    learn = f"--multilabel_oaa {len(names)} --ngram 2 -b 20 -d {lessons} -f {kept} --quiet"
    training = cpu_seconds(lambda: workspace(learn).finish())
    tag = f"-t -i {kept} --quiet"
    answers, open_one, line = contest.folder / "answers.txt", workspace(tag), _vw(contest.texts[0])
    return Contestant(
        all=lambda: cpu_seconds(lambda: workspace(f"{tag} -d {given} -p {answers}").finish()),
        one=lambda: cpu_seconds(lambda: open_one.predict(line), 200),
        training=training,
        size=kept.stat().st_size,
    )


def _vw(text: str) -> str:
    """The text without the signs that mean something in Vowpal Wabbit's files."""
    return f"| {' '.join(text.lower().replace(':', ' ').replace('|', ' ').split())}"


def annif(contest: Contest, program: Path | None) -> dict[str, Contestant]:
    """Its tf-idf and its Omikuji project, in one process of its own that stays open."""
    if program is None:
        raise Absent("Annif: name its program with --annif")
    job = {"texts": list(contest.texts), "lessons": [list(lesson) for lesson in contest.lessons]}
    folder = contest.folder / "annif"
    folder.mkdir()
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    worker = subprocess.Popen(
        [program.parent / "python", "-W", "ignore", ANNIF, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )

    def ask(*question: object) -> float:
        assert worker.stdin
        assert worker.stdout
        print(*question, file=worker.stdin, flush=True)
        return float(worker.stdout.readline())

    return {
        f"Annif, {name}": Contestant(
            training=ask(backend, "train"),
            size=int(ask(backend, "size")),
            all=lambda backend=backend: ask(backend, "all"),  # type: ignore[misc]
            one=lambda backend=backend: ask(backend, "one"),  # type: ignore[misc]
        )
        for name, backend in (("tf-idf", "tfidf"), ("Omikuji", "omikuji"))
    }


def _installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Absent(f"{name}: pip install 'newsroom-tagger[bench]'") from error
