"""Judge the serving model on labelled files and keep the figures in benchmarks/quality.md.

    python benchmarks/quality.py ../shared/real/dev.jsonl --by clear --note "what changed"

prints quality, confusions and the kinds of miss; with ``--note`` a row is added to the table.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.desk.evaluate import evaluate_file
from tagger.desk.models import load_model, registry_of
from tagger.settings import find_settings

if TYPE_CHECKING:
    from tagger.learning.evaluation import Evaluation, Quality
    from tagger.settings import Settings

TABLE = Path(__file__).with_name("quality.md")
HEAD = """# Quality over time

Made by `python benchmarks/quality.py FILE --by FIELD --note TEXT`. A row names the file, the
training data's digest and the model's settings; F1 is macro-averaged, with its 95% interval.

| date | file | part | n | macro-F1 | micro-F1 | exact | none F1 | data | settings | note |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--by", help="judge by the values of this field too")
    parser.add_argument("--note", help="add rows to benchmarks/quality.md with this note")
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    settings = find_settings(arguments.home)
    model = load_model(settings)
    for file in arguments.files:
        evaluation = evaluate_file(settings, model, file, by=arguments.by)
        parts = {"all": evaluation.quality} | {
            f"{arguments.by}={value}": part for value, part in evaluation.parts.items()
        }
        show(evaluation, parts)
        if arguments.note:
            add_rows(settings, evaluation, parts, arguments.note)


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
    blocks = " + ".join(f"{b['kind']} {b['low']}-{b['high']}" for b in recipe["blocks"])
    settings_text = (
        f"{blocks}, idf^{recipe['idf_power']}, contrast {recipe['contrast']}, C {recipe['penalty']}"
    )
    data = f"{card['data']['digest'][:8]} ({card['data']['examples']:,})"
    if not TABLE.exists():
        TABLE.write_text(HEAD, encoding="utf-8")
    with TABLE.open("a", encoding="utf-8") as table:
        for name, q in parts.items():
            figures = f"{q.macro_f1} | {q.micro_f1.value:.3f} | {q.exact_match.value:.3f}"
            table.write(
                f"| {datetime.now(UTC):%Y-%m-%d} | {Path(evaluation.file).name} | {name} | {q.n:,} "
                f"| {figures} | {q.none_f1.value:.3f} | {data} | {settings_text} | {note} |\n"
            )


if __name__ == "__main__":
    main()
