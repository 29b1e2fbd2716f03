"""Show that the audit lane measures the model, and that the doubt lane's corrections do not.

    python benchmarks/audit.py                      the desk's labelled files, scored out of fold
    python benchmarks/audit.py FILE.jsonl           labelled paragraphs, scored by the serving model

An editor who makes no mistake works through a queue in the order that the desk asks, again and
again with other paragraphs and other luck. Printed is how often the 95% interval of each way to
measure held the truth about the whole queue.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger.desk.lessons import read_lessons
from tagger.desk.models import load_model, taxonomy_of
from tagger.files import write_beside
from tagger.keeping.labeled import read_examples
from tagger.learning.audit import Measure, measure
from tagger.learning.selection import select, slots
from tagger.learning.training import train, truth_table
from tagger.settings import find_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tagger.learning.proportions import Share
    from tagger.records import TopicId
    from tagger.settings import Settings

    Floats = NDArray[np.float64]
    Truth = NDArray[np.bool_]

WAYS = ("audit", "corrections", "doubt")


@dataclass(frozen=True)
class Stream:
    """Paragraphs that arrive: what a model thinks of them and what an editor will say."""

    topics: tuple[TopicId, ...]
    probabilities: Floats
    thresholds: Floats
    truth: Truth


@dataclass(frozen=True)
class Row:
    """How one way of measuring did on one figure.

    Args:
        figure: such as ``fully right`` or ``battlefield recall``.
        way: audit, corrections (all other answers) or doubt (that lane's alone).
        runs: in how many runs it was defined.
        held: in what share of these the interval held the truth.
        truth: the mean over the runs.
        said: the mean of what was measured.
        width: the interval's mean width.
    """

    figure: str
    way: str
    runs: int
    held: float
    truth: float
    said: float
    width: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--queue", type=int, default=4000, help="paragraphs in each run")
    parser.add_argument("--decisions", type=int, default=2000, help="how many the editor makes")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, help="write the table there too")
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    stream = stream_of(find_settings(asked.home), asked.file)
    rows = simulate(stream, asked.runs, asked.queue, asked.decisions, asked.seed)
    show(rows)
    if asked.json:
        with write_beside(asked.json) as beside:
            beside.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def stream_of(settings: Settings, file: Path | None) -> Stream:
    if file is None:
        topics = taxonomy_of(settings).ids
        training = train(read_lessons(settings, topics).examples, topics)
        thresholds = training.model.thresholds
        return Stream(topics, training.probabilities, thresholds, training.truth)
    model = load_model(settings)
    examples = read_examples([file], model.topics)
    probabilities = model.probabilities(example.text for example in examples)
    return Stream(
        model.topics, probabilities, model.thresholds, truth_table(examples, model.topics)
    )


def simulate(stream: Stream, runs: int, queue: int, decisions: int, seed: int = 0) -> list[Row]:
    """Measure in every way, in every run, and count how often the intervals held the truth."""
    found: dict[tuple[str, str], list[tuple[float, Share]]] = defaultdict(list)
    random = np.random.default_rng(seed)
    given = stream.probabilities >= stream.thresholds
    for run in range(runs):
        some = random.choice(len(given), queue, replace=len(given) < queue)
        whole = dict(figures(measure(stream.topics, stream.truth[some], given[some])))
        for way, rows in answered(stream, some, decisions, f"{seed}/{run}").items():
            for figure, share in figures(measure(stream.topics, stream.truth[rows], given[rows])):
                if share.of and whole[figure].of:
                    found[figure, way].append((whole[figure].value, share))
    return [_row(figure, way, pairs) for (figure, way), pairs in found.items()]


def answered(
    stream: Stream, some: NDArray[np.int64], decisions: int, luck: str
) -> dict[str, list[int]]:
    """The rows that an editor has answered after so many decisions, by the way they measure."""
    ids = [f"{luck}/{place}" for place in range(len(some))]
    choices = select(ids, stream.probabilities[some], stream.thresholds)
    waiting: dict[str, deque[int]] = {lane: deque() for lane in ("doubt", "confident", "audit")}
    for place in sorted(range(len(some)), key=lambda place: -choices[place].priority):
        waiting[choices[place].lane].append(int(some[place]))
    rows: dict[str, list[int]] = {way: [] for way in WAYS}
    for slot in slots(luck, 0, decisions):
        # As on the page: a place that its lane cannot fill goes to what is most urgent.
        lane = next((lane for lane in (slot.lane, *waiting) if waiting.get(lane)), None)
        if lane is not None:
            row = waiting[lane].popleft()
            rows["audit" if lane == "audit" else "corrections"].append(row)
            rows["doubt"] += [row] if lane == "doubt" else []
    return rows


def figures(found: Measure) -> Iterator[tuple[str, Share]]:
    yield "fully right", found.fully_right
    for topic in (*found.topics, found.none):
        yield f"{topic.topic} precision", topic.precision
        yield f"{topic.topic} recall", topic.recall


def _row(figure: str, way: str, pairs: Sequence[tuple[float, Share]]) -> Row:
    return Row(
        figure,
        way,
        len(pairs),
        float(np.mean([share.low <= truth <= share.high for truth, share in pairs])),
        float(np.mean([truth for truth, _ in pairs])),
        float(np.mean([share.value for _, share in pairs])),
        float(np.mean([share.high - share.low for _, share in pairs])),
    )


def show(rows: Sequence[Row]) -> None:
    print(
        f"{'figure':30} {'measured by':12} {'runs':>5} {'truth':>6} {'said':>6} {'held':>6} width"
    )
    for row in sorted(rows, key=lambda row: (row.figure, row.way)):
        print(
            f"{row.figure:30} {row.way:12} {row.runs:5} {row.truth:6.3f} {row.said:6.3f} "
            f"{row.held:6.1%} {row.width:.3f}"
        )


if __name__ == "__main__":
    main()
