"""What is measured in a process of its own: cold starts, private memory, archives; and training."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tagger.learning.compiled import compile_model
from tagger.learning.pipeline import as_pipeline
from tagger.learning.terms import fold
from tagger.learning.training import Recipe, train, truth_table
from tagger.settings import HOME_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.learning.model import Model
    from tagger.records import LabeledExample, TopicId
    from tagger.settings import Settings

CHILD = Path(__file__).parent / "speed_child.py"
SCORED = 20_000  # texts that a child scores after its first one


def alone(
    settings: Settings, model: Model, texts: Sequence[str], folder: Path, repeats: int
) -> dict[str, Any]:
    """CPU seconds to the first answer, and the peak of private memory over 20,000 texts."""
    import joblib  # noqa: PLC0415 - heavy

    given, story, pipeline = folder / "texts.json", folder / "story.txt", folder / "pipeline.joblib"
    given.write_text(json.dumps(list(texts)), encoding="utf-8")
    story.write_text(texts[0], encoding="utf-8")
    joblib.dump(as_pipeline(model), pipeline)
    words = next(folder.glob("words-*/fasttext.bin"), None)
    children = {
        "tagger, one by one in NumPy": ("tagger", settings.home),
        "tagger, compiled": ("compiled", settings.home),
        "scikit-learn, the exported pipeline": ("scikit_learn", pipeline),
        "fastText, 10 dimensions": ("fasttext", words),
    }
    found: dict[str, Any] = {
        "tagger, lay out the tables": {
            "start": statistics.median(laying_out(model) for _ in range(repeats))
        },
        "`tagger tag story.txt`": watched_often(
            [sys.executable, "-m", "tagger.cli", "tag", str(story)], settings, repeats
        ),
    }
    for name, (kind, path) in children.items():
        if path:
            command = [sys.executable, str(CHILD), kind, str(path), str(given), str(SCORED)]
            found[name] = watched_often(command, settings, min(repeats, 3))
    return found


def laying_out(model: Model) -> float:
    start = time.process_time()
    compile_model(model)
    return time.process_time() - start


def watched_often(command: list[str], settings: Settings, times: int) -> dict[str, float]:
    runs = [watched(command, settings) for _ in range(times)]
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def watched(command: list[str], settings: Settings) -> dict[str, float]:
    """CPU seconds of a command (to its first answer, where it tells) and its peak private MB."""
    before, peak = cpu_of_children(), 0.0
    with subprocess.Popen(
        command,
        env={**os.environ, HOME_VARIABLE: str(settings.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            peak = max(peak, private_megabytes(process.pid))
            time.sleep(0.01)
        told, wrong = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, told, wrong)
    cpu = cpu_of_children() - before
    start = float(told) if str(CHILD) in command else cpu
    return {"start": start, "cpu": cpu, "private": peak}


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def private_megabytes(pid: int) -> float:
    """Memory that a process shares with nobody and no file; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    lines = (line.split() for line in status.splitlines())
    return next((int(line[1]) / 1024 for line in lines if line and line[0] == "RssAnon:"), 0.0)


def growth_with_rows(
    settings: Settings, texts: Sequence[str], folder: Path, sizes: Sequence[int]
) -> dict[int, dict[str, float]]:
    """An archive of so many paragraphs, tagged from Parquet to Parquet."""
    found = {}
    for rows in (sizes[0], *sizes):  # once for nothing: the first may build machine code
        archive = folder / f"{rows}.parquet"
        chance = np.random.default_rng(rows)
        column = pl.Series("text", texts).gather(chance.integers(len(texts), size=rows))
        column.to_frame().write_parquet(archive)
        out = f"{folder / str(rows)}/"
        command = [sys.executable, "-m", "tagger.cli", "tag", str(archive), "-o", out, "--force"]
        found[rows] = watched(command, settings)
    return found


def training(examples: Sequence[LabeledExample], topics: Sequence[TopicId]) -> dict[int, Any]:
    """CPU seconds to learn a quarter, half and all of the desk's labels.

    Ours fits six times, on every fold's rest for honest thresholds and on everything; ``one fit``
    is a sixth of that. The plain recipe fits once and knows neither probabilities nor thresholds.
    """
    found = {}
    for share in (4, 2, 1):
        some = examples[::share]
        start = time.process_time()
        train(some, topics, Recipe(workers=1))
        ours, start = time.process_time() - start, time.process_time()
        plain_recipe(some, topics)
        plain = time.process_time() - start
        found[len(some)] = {"tagger": ours, "plain": plain, "one fit": ours / 6}
    return found


def plain_recipe(examples: Sequence[LabeledExample], topics: Sequence[TopicId]) -> Any:
    """What anybody would write first: scikit-learn's own tf-idf of the same terms, LinearSVC."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - heavy
    from sklearn.multiclass import OneVsRestClassifier  # noqa: PLC0415 - heavy
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415 - heavy
    from sklearn.svm import LinearSVC  # noqa: PLC0415 - heavy

    terms = make_union(
        *(
            TfidfVectorizer(
                analyzer="word" if block.kind == "word" else "char_wb",
                ngram_range=(block.low, block.high),
                min_df=block.min_df,
                max_df=block.max_df,
                sublinear_tf=True,
            )
            for block in Recipe().blocks
        )
    )
    lines = OneVsRestClassifier(LinearSVC(C=Recipe().penalty, random_state=0))
    texts = [fold(example.text) for example in examples]
    return make_pipeline(terms, lines).fit(texts, truth_table(examples, topics).astype(int))
