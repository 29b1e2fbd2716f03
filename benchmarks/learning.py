"""How many corrections does the queue save? Quality against decisions, ours and random order.

    python benchmarks/learning.py                        the desk's own labels
    python benchmarks/learning.py FILE.jsonl             any labelled paragraphs

An editor is simulated who answers as the labels say. Both orders begin with the same few random
paragraphs, then an editor decides page after page of 20 and the model is trained anew after each.
Ours is the app's page: mostly doubtful ones, some confident ones, and the audits, planted checks
and second opinions that measure and are never learned (they count as decisions all the same).
Random order learns from all it asks. Both are judged on paragraphs that neither may ask. The
queue is one as desks know it: most paragraphs have no topic (``--none-share``).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import average_precision_score

from tagger.desk.models import taxonomy_of
from tagger.keeping.labeled import read_examples, test_file, train_files
from tagger.learning.near_copies import group_near_copies
from tagger.learning.selection import MIX, select, slots, typicality
from tagger.learning.training import Recipe, train, truth_table
from tagger.paragraphs import paragraph_id
from tagger.settings import find_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tagger.learning.model import Model
    from tagger.records import LabeledExample, TopicId

    Order = Callable[["Simulation", Model, int], list[int]]

Quality = tuple[float, float]
PAGE = sum(MIX.values())
SAMPLE = 300
MEASURES = ("audit", "planted", "second")


@dataclass
class Simulation:
    """One editor's work: a pool, what of it is still to be asked, and what was learned."""

    pool: list[LabeledExample]
    judges: list[LabeledExample]
    topics: tuple[TopicId, ...]
    waiting: list[int]
    learned: list[int]
    seed: int

    def model(self) -> Model:
        """Trained on what was learned so far."""
        return train([self.pool[i] for i in self.learned], self.topics, Recipe()).model

    def quality(self, model: Model) -> Quality:
        """Macro-F1, and the mean average precision that no threshold comes into."""
        truth = truth_table(self.judges, self.topics)
        probabilities = model.probabilities(example.text for example in self.judges)
        precision = average_precision_score(truth, probabilities, average="macro")
        return macro_f1(probabilities >= model.thresholds, truth), float(precision)


def main() -> None:
    asked = arguments()
    start, curves = time.monotonic(), dict[str, list[list[Quality]]]()
    for seed in range(asked.seeds):
        simulation = begin(asked, seed)
        for name, order in (("ours", ours), ("random", at_random)):
            own = replace(simulation)
            curves.setdefault(name, []).append(curve(own, order, asked.decisions))
        print(f"seed {seed + 1} of {asked.seeds}: {time.monotonic() - start:.0f} s", flush=True)
    print(
        f"{len(simulation.pool):,} paragraphs, {len(simulation.learned)} of them known at the "
        f"start, {len(simulation.judges):,} to judge on, {len(simulation.topics)} topics"
    )
    report = summary({name: np.array(values) for name, values in curves.items()})
    show(report)
    if asked.json:
        asked.json.write_text(json.dumps(report, indent=1), encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", nargs="?", type=Path, help="labelled JSONL [default: the desk's]")
    parser.add_argument("--start", type=int, default=200, help="paragraphs known at the start")
    parser.add_argument("--decisions", type=int, default=200)
    parser.add_argument("--pool", type=int, default=3000, help="paragraphs in the queue")
    parser.add_argument("--none-share", type=float, default=0.75, help="of the pool; 0: as it is")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--json", type=Path, metavar="OUT")
    return parser.parse_args()


def begin(asked: argparse.Namespace, seed: int) -> Simulation:
    """What may be asked about and what is judged on, near-copies only once, drawn by the seed."""
    settings, chance = find_settings(), random.Random(seed)
    topics = taxonomy_of(settings).ids
    files = [asked.file] if asked.file else train_files(settings.labeled)
    pool = distinct(read_examples(files, topics))
    chance.shuffle(pool)
    if asked.file:
        third = len(pool) // 3
        judges, pool = pool[:third], pool[third:]
    else:
        judges = read_examples([test_file(settings.labeled)], topics)
    if asked.none_share:
        pool = mostly_none(pool, asked.none_share)
        chance.shuffle(pool)
    drawn = list(range(min(len(pool), asked.pool + asked.start)))
    return Simulation(pool, judges, topics, drawn[asked.start :], drawn[: asked.start], seed)


def mostly_none(pool: Sequence[LabeledExample], share: float) -> list[LabeledExample]:
    """As many of the pool as give it that share of paragraphs without a topic."""
    none, some = [e for e in pool if not e.topics], [e for e in pool if e.topics]
    return [*none, *some[: round(len(none) * (1 - share) / share)]]


def distinct(examples: Sequence[LabeledExample]) -> list[LabeledExample]:
    groups = group_near_copies([example.text for example in examples])
    return list(dict(zip(groups, examples, strict=True)).values())


def curve(simulation: Simulation, order: Order, decisions: int) -> list[Quality]:
    """Quality before any decision and after each page."""
    model = simulation.model()
    found = [simulation.quality(model)]
    for page in range(decisions // PAGE):
        simulation.learned = simulation.learned + order(simulation, model, page)
        model = simulation.model()
        found.append(simulation.quality(model))
    return found


def ours(simulation: Simulation, model: Model, page: int) -> list[int]:
    """A page as the app mixes it; what measures leaves the queue, but is not learned."""
    ids = [paragraph_id(simulation.pool[i].text) for i in simulation.waiting]
    texts = [simulation.pool[i].text for i in simulation.waiting]
    typical = typicality(model, texts, texts[:: max(1, len(texts) // SAMPLE)])
    choices = select(ids, model.probabilities(texts), model.thresholds, typical)
    ranked = sorted(range(len(ids)), key=lambda row: -choices[row].priority)
    wanted = Counter[str](slot.lane for slot in slots(f"{simulation.seed}", page * PAGE, PAGE))
    taken: list[int] = []
    for lane in ("doubt", "confident", "audit"):
        taken += [row for row in ranked if choices[row].lane == lane][: wanted[lane]]
    asked = {simulation.waiting[row]: choices[row].lane for row in taken}
    simulation.waiting = [i for i in simulation.waiting if i not in asked]
    return [i for i, lane in asked.items() if lane not in MEASURES]


def at_random(simulation: Simulation, model: Model, page: int) -> list[int]:  # noqa: ARG001 - an order
    taken, simulation.waiting = simulation.waiting[:PAGE], simulation.waiting[PAGE:]
    return taken


def macro_f1(given: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    hits, sizes = (given & truth).sum(axis=0), given.sum(axis=0) + truth.sum(axis=0)
    return float(np.mean(2 * hits / np.maximum(sizes, 1)))


def summary(curves: dict[str, NDArray[np.float64]]) -> dict[str, Any]:
    """Means with 95% intervals over the seeds; arrays of shape (seeds, pages + 1, measures)."""
    points = [page * PAGE for page in range(curves["ours"].shape[1])]
    report: dict[str, Any] = {"decisions": points}
    for number, measure in enumerate(("macro_f1", "average_precision")):
        one, other = curves["ours"][:, :, number], curves["random"][:, :, number]
        goal = float(other.mean(axis=0)[-1])
        report[measure] = {
            "ours": one.mean(axis=0).tolist(),
            "random": other.mean(axis=0).tolist(),
            "advantage": (one - other).mean(axis=0).tolist(),
            "half_width": half_width(one - other).tolist(),
            "random_reaches": goal,
            "ours_needs": needed(one.mean(axis=0), points, goal),
        }
    return report


def half_width(gaps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the 95% interval of the mean over seeds (normal approximation)."""
    return np.asarray(1.96 * gaps.std(axis=0, ddof=1) / np.sqrt(len(gaps)))


def needed(values: NDArray[np.float64], points: list[int], goal: float) -> int | None:
    """Decisions until the mean is at the goal and stays there."""
    reached = [point for n, point in enumerate(points) if (values[n:] >= goal).all()]
    return reached[0] if reached else None


def show(report: dict[str, Any]) -> None:
    points = report["decisions"]
    for name in ("macro_f1", "average_precision"):
        found = report[name]
        print(
            f"\n| decisions | {name}: ours | random | advantage (95%, paired) |\n|---|---|---|---|"
        )
        columns = (found[key] for key in ("ours", "random", "advantage", "half_width"))
        for point, one, other, gap, half in zip(points, *columns, strict=True):
            print(f"| {point} | {one:.3f} | {other:.3f} | {gap:+.3f} ± {half:.3f} |")
        print(
            f"\nRandom order reaches {found['random_reaches']:.3f} with {points[-1]} decisions; "
            f"ours with {found['ours_needs'] or 'more than were made'}."
        )


if __name__ == "__main__":
    main()
