"""Measure the tagger and its peers side by side, on the same texts, in one run.

    python benchmarks/speed.py                                some four minutes, on one core
    python benchmarks/speed.py --annif ANNIF/bin/annif        Annif too, from its own environment
    python benchmarks/speed.py --texts my.jsonl --rows 20000 --repeats 7 --json speed.json
    python benchmarks/speed.py --check                        the scores first (exactness.py)

Every contestant scores the same texts in turn, round after round, so that a busy moment hits them
all; figures are medians of CPU time. The texts are joined from halves of the desk's training
paragraphs, or read from a JSONL file with a field "text". The desk's own topics are learned from
its labels; with another number of topics peers learn invented labels and our weights are invented,
which costs the same. Writes a table and a plot: speed.md and speed.svg beside this program.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from exactness import check
from speed_alone import alone, growth_with_rows, training
from speed_given import chosen_texts, lessons_of, with_topics, words_alone
from speed_page import markdown, plot
from speed_peers import (
    Absent,
    Contest,
    Contestant,
    annif,
    compiled,
    fasttext,
    in_numpy,
    scikit_learn,
    vowpal_wabbit,
)

from tagger.desk.models import load_model
from tagger.keeping.labeled import read_examples, train_files
from tagger.learning.compiled import warm_kernels
from tagger.settings import find_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tagger.learning.model import Model
    from tagger.records import LabeledExample

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS"), "1"
)
BASE = "scikit-learn, the exported pipeline"
HERE = Path(__file__).parent


def main() -> None:
    arguments = parse()
    settings = find_settings(arguments.home)
    model = load_model(settings)
    warm_kernels(told=print)
    if arguments.check and check(model, 100_000):
        sys.exit("The scores are not scikit-learn's.")
    examples = read_examples(train_files(settings.labeled), model.topics)
    texts = chosen_texts(arguments.texts, examples, arguments.rows)
    figures = surroundings(model, texts, arguments.repeats)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures["cases"] = [
            case(part, features, topics, texts, examples, folder, arguments)
            for features, part in {"words": words_alone(model), "shipped": model}.items()
            for topics in arguments.topics
        ]
        figures["more topics"] = more_topics(model, texts, arguments.repeats)
        figures["alone"] = alone(settings, model, texts, folder, arguments.repeats)
        figures["more rows"] = growth_with_rows(settings, texts, folder, arguments.growth)
        figures["training"] = training(examples, model.topics)
    (HERE / "speed.md").write_text(markdown(figures, BASE), encoding="utf-8")
    (HERE / "speed.svg").write_text(plot(figures), encoding="utf-8")
    print(markdown(figures, BASE))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--texts", type=Path, help="JSONL with a field 'text'")
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--topics", type=int, nargs="+", default=[4, 25])
    parser.add_argument("--growth", type=int, nargs="+", default=[50_000, 100_000, 200_000])
    parser.add_argument("--annif", type=Path, help="Annif's program, in an environment of its own")
    parser.add_argument("--check", action="store_true", help="first hold 100,000 scores together")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--json", type=Path, help="write every figure here")
    return parser.parse_args()


def surroundings(model: Model, texts: Sequence[str], repeats: int) -> dict[str, Any]:
    versions = {}
    for name in ("numpy", "scipy", "sklearn", "numba", "polars", "fasttext", "vowpalwabbit"):
        try:
            versions[name] = getattr(importlib.import_module(name), "__version__", "installed")
        except ImportError:
            versions[name] = "absent"
    known = statistics.fmean(model.known_share(text) for text in texts)
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "versions": versions,
        "model": model.version,
        "terms": [len(terms) for terms in model.terms],
        "texts": len(texts),
        "repeats": repeats,
        "words a text": round(statistics.fmean(len(text.split()) for text in texts), 1),
        "known words": round(known, 3),
    }


def case(
    part: Model,
    features: str,
    topics: int,
    texts: Sequence[str],
    examples: Sequence[LabeledExample],
    folder: Path,
    arguments: argparse.Namespace,
) -> dict[str, Any]:
    """All contestants in turn, round after round."""
    model, own = with_topics(part, topics), folder / f"{features}-{topics}"
    own.mkdir()
    contest = Contest(model, texts, lessons_of(examples, model.topics), own)
    contestants, missing = gathered(contest, features, arguments.annif)
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    ones: dict[str, list[float]] = {name: [] for name in contestants}
    for round_ in range(arguments.repeats + 1):
        for name, contestant in contestants.items():
            all_of_it, one = contestant.all(), contestant.one()
            if round_:  # the first warms the caches
                seconds[name].append(all_of_it)
                ones[name].append(one)
    expected = contestants[BASE].answers
    assert expected
    truth = expected().reshape(len(texts), -1)
    return {
        "features": features,
        "topics": topics,
        "absent": missing,
        "contestants": {
            name: {
                "seconds": seconds[name],
                "rate": len(texts) / statistics.median(seconds[name]),
                "one": statistics.median(ones[name]),
                "training": contestant.training,
                "size": contestant.size,
                "exact": contestant.answers and bool(np.array_equal(contestant.answers(), truth)),
            }
            for name, contestant in contestants.items()
        },
    }


def gathered(
    contest: Contest, features: str, program: Path | None
) -> tuple[dict[str, Contestant], list[str]]:
    """Those that are installed, and the names of the others."""
    entrants: dict[str, Callable[[], Contestant | dict[str, Contestant]]] = {
        BASE: lambda: scikit_learn(contest),
        "tagger, one by one in NumPy": lambda: in_numpy(contest),
        "tagger, compiled": lambda: compiled(contest),
        "fastText, 10 dimensions": lambda: fasttext(contest, 10),
    }
    if features == "words":
        entrants |= {
            "fastText, 100 dimensions": lambda: fasttext(contest, 100),
            "Vowpal Wabbit": lambda: vowpal_wabbit(contest),
            "Annif": lambda: annif(contest, program),
        }
    else:
        entrants["fastText, 10 dimensions, 4-5-grams"] = lambda: fasttext(contest, 10, grams=True)
    found: dict[str, Contestant] = {}
    missing = []
    for name, entrant in entrants.items():
        try:
            one = entrant()
            found |= {name: one} if isinstance(one, Contestant) else one
        except Absent as absent:
            missing.append(str(absent))
    return found, missing


def more_topics(model: Model, texts: Sequence[str], repeats: int) -> dict[int, float]:
    """Texts a second of the compiled model."""
    rates = {}
    for topics in (4, 25, 100, 400):
        contestant = compiled(Contest(with_topics(model, topics), texts, [], Path()))
        contestant.all()
        seconds = statistics.median(contestant.all() for _ in range(repeats))
        rates[topics] = len(texts) / seconds
    return rates


if __name__ == "__main__":
    if ONE_THREAD.items() <= os.environ.items():
        begun = time.perf_counter()
        main()
        print(f"\n{time.perf_counter() - begun:.0f} s in all")
    else:  # the libraries look when they are loaded
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
