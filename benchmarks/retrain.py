"""Retrain the shipped corpus with editors' answers: how long it takes, and what the gate says.

    python benchmarks/retrain.py --corrections 5000

Desks in a temporary folder get the shipped labels and, as editors' answers, new paragraphs: the
first half of one corpus paragraph and the second half of another with the same topics. Three
stories are told with the commands that editors type: 200 honest answers are learned, the model is
promoted, and rolling back gives the tags of before to the byte; many honest answers are learned in
a minute; as many of which 40% are wrong are refused, and what serves stays as it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tagger.desk.init import init_from_starter
from tagger.desk.models import registry_of, taxonomy_of
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
FEW = 200  # honest answers that have to be promoted
WRONG = 0.4
REFUSED = 3  # the exit code


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--corrections", type=int, default=5000)
    wanted = parser.parse_args().corrections
    with tempfile.TemporaryDirectory() as folder:
        desk = Settings(Path(folder) / "first")
        init_from_starter(desk.home)
        print(f"without corrections: {retrain(desk).seconds:.1f} s")
        made = new_paragraphs(desk, wanted)
        few_honest(copy_of(desk, "few"), made[:FEW])
        many_honest(copy_of(desk, "many"), made)
        many_wrong(copy_of(desk, "wrong"), made)


def copy_of(desk: Settings, name: str) -> Settings:
    return Settings(Path(shutil.copytree(desk.home, desk.home.with_name(name))))


def few_honest(desk: Settings, made: list[LabeledExample]) -> None:
    before, tags = digests(desk), tags_of(desk)
    record(desk, made)
    done = retrain(desk)
    run(desk, "models", "rollback")
    back = "equal" if (digests(desk), tags_of(desk)) == (before, tags) else "NOT EQUAL"
    print(
        f"with {len(made):,} honest answers: exit {done.code}, "
        f"{'promoted' if done.card['promoted'] else 'NOT PROMOTED'}, {done.told}; "
        f"after a rollback the model's files and {tags.count(10):,} tags are {back} to the byte"
    )


def many_honest(desk: Settings, made: list[LabeledExample]) -> None:
    record(desk, made)
    done = retrain(desk)
    flips = done.card["flips"]
    print(
        f"with {len(made):,} honest answers ({done.card['data']['examples']:,} paragraphs): "
        f"{done.seconds:.1f} s (aim: {AIM:.0f} s), exit {done.code}, {done.told}; "
        f"{flips['changed']:,} of {flips['stored']:,} stored paragraphs flip"
    )


def many_wrong(desk: Settings, made: list[LabeledExample]) -> None:
    before = digests(desk)
    record(desk, flipped(made, taxonomy_of(desk).ids))
    done = retrain(desk)
    stays = "unchanged" if digests(desk) == before else "CHANGED"
    print(
        f"with {len(made):,} answers of which {WRONG:.0%} are wrong: exit {done.code}, "
        f"{'refused' if done.code == REFUSED else 'NOT REFUSED'}, {done.told}; "
        f"what serves is {stays}"
    )


@dataclass(frozen=True)
class Done:
    """How a ``tagger retrain`` ended, and what it printed."""

    code: int
    seconds: float
    card: dict[str, Any]

    @property
    def told(self) -> str:
        """The gate's first figure."""
        change = self.card["gate"]["comparisons"][0]["macro_f1"]
        return (
            f"macro-F1 {change['before']:.3f} -> {change['after']:.3f} "
            f"(95% {change['low']:+.3f} to {change['high']:+.3f})"
        )


def retrain(desk: Settings) -> Done:
    """From start to exit, as the command line runs it."""
    started = time.perf_counter()
    done = run(desk, "retrain", "--json", allowed=(0, REFUSED))
    return Done(done.returncode, time.perf_counter() - started, json.loads(done.stdout))


def run(
    desk: Settings, *words: str, allowed: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "tagger.cli", *words],
        env={**os.environ, HOME_VARIABLE: str(desk.home)},
        capture_output=True,
        check=False,
    )
    if done.returncode not in allowed:
        sys.exit(done.stderr.decode())
    return done


def digests(desk: Settings) -> dict[str, str]:
    """Of every file of the model that serves."""
    folder = desk.models / str(registry_of(desk).current())
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def tags_of(desk: Settings) -> bytes:
    """What the command line gives the frozen test's texts, one a line."""
    out = desk.home / "tags.jsonl"
    test = str(desk.labeled / "test.jsonl")
    run(desk, "tag", test, "--text-column", "text", "-o", str(out), "--force")
    return out.read_bytes()


def flipped(made: list[LabeledExample], topics: tuple[Any, ...]) -> list[LabeledExample]:
    """The same answers, a share of them with other topics."""
    random = np.random.default_rng(0)
    answers = [frozenset(), *(frozenset({topic}) for topic in topics)]
    wrong = set(random.permutation(len(made))[: int(len(made) * WRONG)].tolist())
    return [
        replace(
            e,
            topics=next(
                answers[i] for i in random.permutation(len(answers)) if answers[i] != e.topics
            ),
        )
        if number in wrong
        else e
        for number, e in enumerate(made)
    ]


def record(desk: Settings, made: list[LabeledExample]) -> None:
    """Record one answer for each paragraph, as one file of decisions does."""
    decisions = [
        Decision(paragraph_id(e.text), e.text, tuple(e.topics), "benchmark", str(i), "import")
        for i, e in enumerate(made)
    ]
    with open_store(desk.database) as store:
        store.decide_many(decisions, "benchmark")


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
