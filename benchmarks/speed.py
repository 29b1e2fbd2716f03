"""Measure how fast texts are scored, by this tool and its peers, side by side on the same texts.

    python benchmarks/speed.py
    python benchmarks/speed.py --texts my.jsonl --rows 20000 --repeats 7 --json speed.json

Every route scores the same texts in turn, round after round, on one core; the table gives the
median of CPU time. The texts are joined from halves of the desk's training paragraphs, or read from
a JSONL file with a field "text". fastText and Vowpal Wabbit take part where they are installed (the
extra ``bench``); they train models of their own on the same labels, with word pairs, so theirs are
other scores. Annif does not take part: what it would run here is scikit-learn or fastText.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tagger.batch.arrow import utf8_buffers
from tagger.desk.models import load_model
from tagger.keeping.labeled import read_examples, train_files
from tagger.learning.compiled import CompiledModel, compile_model
from tagger.learning.pipeline import as_pipeline
from tagger.records import LabeledExample, TopicId
from tagger.settings import HOME_VARIABLE, Settings, find_settings

if TYPE_CHECKING:
    from tagger.learning.model import Model

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), "1"
)
Texts = Sequence[str]
Route = Callable[[], Any]
BASE = "scikit-learn, the exported pipeline"
KERNEL = "tagger, compiled"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--texts", type=Path, help="JSONL with a field 'text'")
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--topics", type=int, nargs="+", default=[4, 25])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--json", type=Path, help="write every figure here")
    arguments = parser.parse_args()
    settings = find_settings(arguments.home)
    model = load_model(settings)
    examples = read_examples(train_files(settings.labeled), model.topics)
    texts = chosen_texts(arguments.texts, examples, arguments.rows)
    figures: dict[str, Any] = surroundings(model, texts)
    with tempfile.TemporaryDirectory() as folder:
        peers = peer_routes(Path(folder), examples, texts)
        figures["throughput"] = [
            case(name, part, topics, texts, arguments.repeats, peers)
            for name, part in {"shipped features": model, "words alone": words_alone(model)}.items()
            for topics in arguments.topics
        ]
        figures["start"] = starts(settings, model, texts, Path(folder), arguments.repeats)
    print(markdown(figures))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def surroundings(model: Model, texts: Texts) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "versions": {
            name: importlib.import_module(name).__version__
            for name in ("numpy", "scipy", "sklearn", "numba", "polars")
        },
        "model": model.version,
        "terms": [len(terms) for terms in model.terms],
        "texts": len(texts),
        "words_a_text": round(statistics.fmean(len(text.split()) for text in texts), 1),
    }


def chosen_texts(path: Path | None, examples: Sequence[LabeledExample], rows: int) -> list[str]:
    if path:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line)["text"] for line in lines if line.strip()][:rows]
    chance = random.Random(0)
    halves = [example.text.split() for example in examples]
    pairs = [(chance.choice(halves), chance.choice(halves)) for _ in range(rows)]
    return [" ".join(a[: len(a) // 2] + b[len(b) // 2 :]) for a, b in pairs]


def words_alone(model: Model) -> Model:
    """The model without its character n-grams."""
    number = next(i for i, block in enumerate(model.blocks) if block.kind == "word")
    part = slice(model.block_starts[number], model.block_starts[number + 1])
    return replace(
        model,
        blocks=(model.blocks[number],),
        terms=(model.terms[number],),
        idf=model.idf[part],
        weights=model.weights[part],
    )


def with_topics(model: Model, topics: int) -> Model:
    """The model with as many topics; invented weights cost as much as learned ones."""
    if topics == len(model.topics):
        return model
    return replace(
        model,
        topics=tuple(TopicId(f"topic-{k}") for k in range(topics)),
        weights=np.random.default_rng(0).normal(size=(len(model.idf), topics)),
        intercepts=np.zeros(topics),
        thresholds=np.full(topics, 0.5),
    )


def case(
    name: str, part: Model, topics: int, texts: Texts, repeats: int, peers: dict[str, Route]
) -> dict[str, Any]:
    """All routes in turn, round after round, so that a busy moment hits them all."""
    model = with_topics(part, topics)
    routes = our_routes(model, texts) | peers
    exact = {key: routes[key]() for key in list(routes) if key not in peers}
    seconds: dict[str, list[float]] = {key: [] for key in routes}
    for _ in range(repeats):
        for key, route in routes.items():
            seconds[key].append(cpu_seconds(route))
    rates = {key: len(texts) / statistics.median(found) for key, found in seconds.items()}
    return {
        "features": name,
        "topics": topics,
        "seconds": seconds,
        "rates": rates,
        "ratios": {key: rate / rates[BASE] for key, rate in rates.items()},
        "equal": {key: bool(np.array_equal(found, exact[BASE])) for key, found in exact.items()},
    }


def our_routes(model: Model, texts: Texts) -> dict[str, Route]:
    pipeline, compiled = as_pipeline(model), compile_model(model, told=print)
    terms, column = pipeline.named_steps["terms"], pl.Series(texts)
    weights = np.ascontiguousarray(model.weights)
    return {
        BASE: lambda: pipeline.decision_function(texts),
        "scikit-learn, one product for all topics": lambda: (
            terms.transform(texts) @ weights + model.intercepts
        ),
        "tagger, one by one in NumPy": lambda: model.scores(texts),
        KERNEL: lambda: compiled.scores_of_utf8(*utf8_buffers(column)),
    }


def cpu_seconds(route: Route) -> float:
    start = time.process_time()
    route()
    return time.process_time() - start


def peer_routes(folder: Path, examples: Sequence[LabeledExample], texts: Texts) -> dict[str, Route]:
    """Those that are installed, trained on the same labels with word pairs."""
    plain = [" ".join(text.lower().split()) for text in texts]
    routes: dict[str, Route] = {}
    for peer in (fasttext_routes, vowpal_wabbit_routes):
        try:
            routes |= peer(folder, examples, plain)
        except ImportError as error:
            print(f"Left out: {error}", file=sys.stderr)
    return routes


def fasttext_routes(
    folder: Path, examples: Sequence[LabeledExample], plain: Texts
) -> dict[str, Route]:
    fasttext: Any = importlib.import_module("fasttext")
    path = folder / "fasttext.txt"
    path.write_text("".join(map(fasttext_line, examples)), encoding="utf-8")
    options = {"wordNgrams": 2, "loss": "ova", "thread": 1, "bucket": 200_000, "verbose": 0}

    def route(dimensions: int) -> Route:
        trained = fasttext.train_supervised(str(path), dim=dimensions, **options)
        return lambda: trained.predict(list(plain), k=-1)

    return {f"fastText, {n} dimensions (another model)": route(n) for n in (10, 100)}


def fasttext_line(example: LabeledExample) -> str:
    topics = sorted(example.topics) or [TopicId("none")]
    labels = " ".join(f"__label__{topic}" for topic in topics)
    return f"{labels} {' '.join(example.text.lower().split())}\n"


def vowpal_wabbit_routes(
    folder: Path, examples: Sequence[LabeledExample], plain: Texts
) -> dict[str, Route]:
    workspace: Any = importlib.import_module("vowpalwabbit").Workspace
    topics = sorted({topic for example in examples for topic in example.topics})
    learned, given = folder / "learn.vw", folder / "given.vw"
    learned.write_text(
        "".join(
            f"{','.join(str(topics.index(t)) for t in sorted(e.topics))} | {vw(e.text.lower())}\n"
            for e in examples
        ),
        encoding="utf-8",
    )
    given.write_text("".join(f"| {vw(text)}\n" for text in plain), encoding="utf-8")
    trained, answers = folder / "vw.model", folder / "answers.txt"
    learn = f"--multilabel_oaa {len(topics)} --ngram 2 -b 20 -d {learned} -f {trained} --quiet"
    workspace(learn).finish()
    tag = f"-t -i {trained} -d {given} -p {answers} --quiet"
    return {"Vowpal Wabbit, file to file (another model)": lambda: workspace(tag).finish()}


def vw(text: str) -> str:
    """The text without the signs that mean something in Vowpal Wabbit's files."""
    return " ".join(text.replace(":", " ").replace("|", " ").split())


def starts(
    settings: Settings, model: Model, texts: Texts, folder: Path, repeats: int
) -> dict[str, float]:
    """What one text and the first text cost."""
    compiled, one = compile_model(model), texts[:1]
    story = folder / "story.txt"
    story.write_text(texts[0], encoding="utf-8")
    model.scores(one)
    return {
        "lay out the tables (CPU s)": median_of(lambda: CompiledModel(model), repeats),
        "one text, NumPy (CPU ms)": median_of(lambda: repeat(model.scores, one), repeats)
        * 1e3
        / 200,
        "one text, compiled (CPU ms)": median_of(lambda: repeat(compiled.scores, one), repeats)
        * 1e3
        / 200,
        "`tagger tag story.txt`, cold (CPU s)": statistics.median(
            cold_start(settings, story) for _ in range(repeats)
        ),
    }


def repeat(scores: Callable[[Texts], object], texts: Texts) -> None:
    for _ in range(200):
        scores(texts)


def median_of(route: Route, repeats: int) -> float:
    return statistics.median(cpu_seconds(route) for _ in range(repeats))


def cold_start(settings: Settings, story: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "tagger.cli", "tag", str(story)],
        env={**os.environ, HOME_VARIABLE: str(settings.home)},
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def markdown(figures: dict[str, Any]) -> str:
    lines = [
        f"{figures['texts']:,} texts of {figures['words_a_text']} words; one core, CPU medians.",
        f"Model {figures['model']}, {sum(figures['terms']):,} terms, {figures['date']}.",
        "",
        "| features | topics | route | texts/s | x scikit-learn | the same bits |",
        "|---|---:|---|---:|---:|---|",
    ]
    for found in figures["throughput"]:
        for route, rate in found["rates"].items():
            same = {True: "yes", False: "NO"}.get(found["equal"].get(route), "-")
            lines.append(
                f"| {found['features']} | {found['topics']} | {route} | {rate:,.0f} "
                f"| {found['ratios'][route]:.1f} | {same} |"
            )
    lines += ["", "| start | |", "|---|---:|"]
    lines += [f"| {name} | {value:.3f} |" for name, value in figures["start"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    if ONE_THREAD.items() <= os.environ.items():
        main()
    else:  # the libraries look when they are loaded
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
