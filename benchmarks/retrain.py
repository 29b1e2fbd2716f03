"""Time a retrain of the shipped corpus with many corrections, as the command line runs it.

    python benchmarks/retrain.py --corrections 5000

A desk in a temporary folder gets the shipped labels and, as editors' answers, new paragraphs: the
first half of one corpus paragraph and the second half of another with the same topics. Nobody
answers wrongly, so the gate has to pass the model.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tagger.desk.init import init_from_starter
from tagger.desk.models import taxonomy_of
from tagger.keeping.labeled import read_examples, train_files
from tagger.keeping.store import Decision, open_store
from tagger.learning.folds import deal_folds
from tagger.learning.near_copies import group_near_copies
from tagger.learning.training import truth_table
from tagger.paragraphs import paragraph_id
from tagger.records import LabeledExample
from tagger.settings import HOME_VARIABLE, Settings

AIM = 60.0  # seconds on 2 cores
FOLDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corrections", type=int, default=5000)
    wanted = parser.parse_args().corrections
    with tempfile.TemporaryDirectory() as folder:
        desk = Settings(Path(folder) / "desk")
        init_from_starter(desk.home)
        first, _ = timed_retrain(desk)
        print(f"without corrections: {first:.1f} s")
        recorded = record_answers(desk, wanted)
        seconds, card = timed_retrain(desk)
    change = card["gate"]["comparisons"][0]["macro_f1"]
    print(
        f"with {recorded:,} corrections ({card['data']['examples']:,} paragraphs): {seconds:.1f} s "
        f"(aim: {AIM:.0f} s); macro-F1 {change['before']:.3f} -> {change['after']:.3f}; "
        f"{card['flips']['changed']:,} of {card['flips']['stored']:,} stored paragraphs flip"
    )


def timed_retrain(desk: Settings) -> tuple[float, dict[str, Any]]:
    """Seconds from start to exit of ``tagger retrain``, and what it prints."""
    environment = {**os.environ, HOME_VARIABLE: str(desk.home)}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "tagger.cli", "retrain", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return time.perf_counter() - started, json.loads(done.stdout)


def record_answers(desk: Settings, wanted: int) -> int:
    """Record one honest answer for each new paragraph, as one file of decisions does."""
    made = new_paragraphs(desk, wanted)
    decisions = [
        Decision(paragraph_id(e.text), e.text, tuple(e.topics), "benchmark", str(i), "import")
        for i, e in enumerate(made)
    ]
    with open_store(desk.database) as store:
        return len(store.decide_many(decisions, "benchmark"))


def new_paragraphs(desk: Settings, wanted: int) -> list[LabeledExample]:
    topics = taxonomy_of(desk).ids
    examples = read_examples(train_files(desk.labeled), topics)
    groups = group_near_copies([e.text for e in examples])
    folds = deal_folds(truth_table(examples, topics), groups, FOLDS, seed=0)
    made = []
    for row in np.random.default_rng(0).permutation(len(examples)).tolist():
        one = examples[row]
        if other := partner(examples, folds, row):
            made.append(LabeledExample(f"{halves(one)[0]} {halves(other)[1]}", one.topics))
    return made[:wanted]


def partner(
    examples: list[LabeledExample], folds: np.ndarray[tuple[int], np.dtype[np.int64]], row: int
) -> LabeledExample | None:
    """The next paragraph with the same topics, out of another fold."""
    return next(
        (
            examples[other]
            for other in range(row + 1, len(examples))
            if examples[other].topics == examples[row].topics and folds[other] != folds[row]
        ),
        None,
    )


def halves(example: LabeledExample) -> tuple[str, str]:
    words = example.text.split()
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])


if __name__ == "__main__":
    main()
