"""Judge a model on labelled files and keep the figures in benchmarks/quality.md.

    python benchmarks/quality.py ../shared/real/dev.jsonl --by clear --note "what changed"
    python benchmarks/quality.py --bench ../shared/bench/reuters --note "what changed"

The first judges the model that serves. The second trains one in a temporary desk, exactly as
``tagger init DESK --from train.jsonl --test-share 0`` and ``tagger retrain`` do, on the folder's
train.jsonl, and judges it on its test.jsonl; nothing is chosen on that file. Quality, confusions
and the kinds of miss are printed; with ``--note`` rows are added to the table.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.desk.evaluate import evaluate_file
from tagger.desk.init import init_from_labels
from tagger.desk.models import load_model, registry_of
from tagger.desk.retrain import retrain
from tagger.settings import Settings, find_settings

if TYPE_CHECKING:
    from tagger.learning.evaluation import Evaluation, Quality
    from tagger.learning.model import Model

TABLE = Path(__file__).with_name("quality.md")
HEAD = """# Quality over time

| date | file | part | n | macro-F1 | micro-F1 | exact | none F1 | data | settings | note |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--bench", type=Path, help="a folder with train.jsonl and test.jsonl")
    parser.add_argument("--by", help="judge by the values of this field too")
    parser.add_argument("--note", help="add rows to benchmarks/quality.md with this note")
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    if arguments.files:
        settings = find_settings(arguments.home)
        for file in arguments.files:
            judge(settings, file, arguments.by, arguments.note)
    if arguments.bench:
        with tempfile.TemporaryDirectory() as folder:
            settings = trained_on(arguments.bench / "train.jsonl", Path(folder) / "desk")
            judge(settings, arguments.bench / "test.jsonl", arguments.by, arguments.note)


def trained_on(file: Path, home: Path) -> Settings:
    """A desk of its own whose model has learned the file."""
    init_from_labels(home, file, test_share=0)
    settings, began = Settings(home), time.process_time()
    done = retrain(settings, by="benchmark", now=datetime.now(UTC))
    print(f"trained in {time.process_time() - began:.0f} CPU seconds")
    print(f"too rare to learn: {done.card['untrained'] or 'no topic'}")
    print(f"always gives a topic: {done.card['always_one']}")
    return settings


def judge(settings: Settings, file: Path, by: str | None, note: str | None) -> None:
    evaluation = evaluate_file(settings, load_model(settings), file, by=by)
    parts = {"all": evaluation.quality} | {
        f"{by}={value}": part for value, part in evaluation.parts.items()
    }
    show(evaluation, parts)
    if note:
        add_rows(settings, evaluation, parts, note)


def show(evaluation: Evaluation, parts: dict[str, Quality]) -> None:
    print(f"\n{evaluation.file}, model {evaluation.model.version}")
    for name, q in parts.items():
        print(f"  {name:14} n {q.n:6,}  macro-F1 {q.macro_f1}  micro-F1 {q.micro_f1}")
    for t in evaluation.quality.topics:
        print(f"  {t.topic:20} P {t.precision.value:.3f} R {t.recall.value:.3f} F1 {t.f1}")
    print("  misses, most frequent first (labelled -> given):")
    for (labelled, given), count in kinds_of_miss(evaluation).most_common(15):
        print(f"  {count:5}  {labelled} -> {given}")


def kinds_of_miss(evaluation: Evaluation) -> Counter[tuple[str, str]]:
    given = evaluation.model.chosen(evaluation.probabilities)
    return Counter(
        (named(example.topics), named(topics))
        for example, topics in zip(evaluation.examples, given, strict=True)
        if example.topics != frozenset(topics)
    )


def named(topics: frozenset[str] | tuple[str, ...]) -> str:
    return " + ".join(sorted(topics)) or "none"


def add_rows(
    settings: Settings, evaluation: Evaluation, parts: dict[str, Quality], note: str
) -> None:
    card = registry_of(settings).card(evaluation.model.version)
    recipe = card["recipe"]
    settings_text = (
        f"{blocks_of(evaluation.model)}, idf^{recipe['idf_power']}, contrast {recipe['contrast']}, "
        f"C {recipe['penalty']}"
    )
    data = f"{card['data']['digest'][:8]} ({card['data']['examples']:,})"
    if not TABLE.exists():
        TABLE.write_text(HEAD, encoding="utf-8")
    with TABLE.open("a", encoding="utf-8") as table:
        for name, q in parts.items():
            none = "–" if isnan(q.none_f1.value) else f"{q.none_f1.value:.3f}"
            figures = f"{q.macro_f1} | {q.micro_f1.value:.3f} | {q.exact_match.value:.3f} | {none}"
            table.write(
                f"| {datetime.now(UTC):%Y-%m-%d} | {short_name(evaluation.file)} | {name} "
                f"| {q.n:,} | {figures} | {data} | {settings_text} | {note} |\n"
            )


def blocks_of(model: Model) -> str:
    return " + ".join(
        f"{'' if b.part == 'whole' else b.part + ' '}{b.kind} {b.low}-{b.high}"
        for b in model.blocks
    )


def short_name(file: str) -> str:
    """The file's name, with the benchmark's where it is one."""
    path = Path(file)
    return f"{path.parent.name}/{path.name}" if path.parent.parent.name == "bench" else path.name


if __name__ == "__main__":
    main()
