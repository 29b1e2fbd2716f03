"""What ``speed.py`` has done in a process of its own.

    python benchmarks/speed_child.py KIND MODEL TEXTS COUNT     a contestant loads its model, scores
    python benchmarks/speed_child.py learn LESSONS MODEL JSON   fastText learns, with these options

Prints the CPU seconds from the start of the process to the first text's scores, or of the learning.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

Score = Callable[[Sequence[str]], object]


def tagger(path: Path) -> Score:
    library: Any = importlib.import_module("tagger")
    return library.load_model(path).scores  # type: ignore[no-any-return]


def compiled(path: Path) -> Score:
    library: Any = importlib.import_module("tagger")
    return library.load_model(path, fast=True).scores  # type: ignore[no-any-return]


def scikit_learn(path: Path) -> Score:
    joblib: Any = importlib.import_module("joblib")
    return joblib.load(path).decision_function  # type: ignore[no-any-return]


def fasttext(path: Path) -> Score:
    library: Any = importlib.import_module("fasttext")
    model = library.load_model(str(path))
    return lambda texts: model.predict([" ".join(text.lower().split()) for text in texts], k=-1)


KINDS = {kind.__name__: kind for kind in (tagger, compiled, scikit_learn, fasttext)}


def score(kind: str, model: str, texts: str, count: str) -> None:
    given = json.loads(Path(texts).read_text(encoding="utf-8"))
    scored = KINDS[kind](Path(model))
    scored(given[:1])
    print(time.process_time())
    many = islice(cycle(given), int(count))
    while some := list(islice(many, 5_000)):
        scored(some)


def learn(lessons: str, kept: str, options: str) -> None:
    """A process may train fastText once: a second time it often breaks off with a NaN."""
    library: Any = importlib.import_module("fasttext")
    start = time.process_time()
    trained = library.train_supervised(lessons, **json.loads(options))
    print(time.process_time() - start)
    trained.save_model(kept)


if __name__ == "__main__":
    if sys.argv[1] == "learn":
        learn(*sys.argv[2:])
    else:
        score(*sys.argv[1:])
