"""Are the scores scikit-learn's own, to the last bit? On texts made to tell them apart.

    python benchmarks/exactness.py                    100,000 texts, a minute or two
    python benchmarks/exactness.py --rows 3000

Each text is scored by the exported scikit-learn pipeline, by the model in NumPy and by the compiled
model, and all figures must be equal. That is done with two models: the desk's current one, and one
that knows the strange texts' own terms. The texts mix known words in every case, letters that
change their length, class or meaning when they are lower-cased, joined or split, and characters of
every Unicode plane, lone surrogates included; some are empty, some hundreds of thousands of
characters long.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tagger.desk.models import load_model
from tagger.learning.compiled import compile_model
from tagger.learning.counting import count
from tagger.learning.model import Model
from tagger.learning.pipeline import as_pipeline
from tagger.learning.terms import fold
from tagger.learning.training import Recipe
from tagger.records import TopicId
from tagger.settings import find_settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HUGE = 2_500  # one text in so many is huge
AT_ONCE = 5_000

# Letters that change length, class or meaning when they are lower-cased, joined or split.
TRAPS = [
    *("İ", "İSTANBUL", "ı", "ß", "ẞ", "ΣΑΣ", "ΟΔΟΣ", "σ", "ς", "ǅ", "ŉ", "ﬁ", "\u212a", "\u212b"),
    *("a\u0301", "\u0301", "\u200d", "\u00ad", "\ufeff", "\u2028", "\x85", "\xa0", "\u3000"),
    *("\x1f", "\ud800", "\udfff\ud800", "\ud83d\ude00", "😀", "𝒜𝒷", "𐐀", "漢字", "٣٤", "²", "_"),
    *("__", "a_b", "don't", "don’t", "1,500", "3.5%", "x", "É", "éÉ", "Ǆ", "\x00", "\x7f", "ﬃ"),
    *("\U0010ffff", "eightlet", "nineletrs", "sixteenletterswo", "seventeenletterwo", "жжжж"),
    "жжжжжжжжж",
]
KNOWN = [
    *("The", "mediator's", "delegations,", "gas", "PIPELINE;", "floods:", "RIVER", "truce", "of"),
    *("counteroffensive", "envoys", "met", "again"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--home", type=Path)
    arguments = parser.parse_args()
    wrong = check(load_model(find_settings(arguments.home)), arguments.rows, arguments.seed)
    sys.exit(1 if wrong else 0)


def check(model: Model, rows: int, seed: int = 0) -> int:
    """Print what differs; how many texts do."""
    chance = random.Random(seed)
    known = chance.choices([term for terms in model.terms for term in terms], k=5_000)
    texts = [text_of(number, chance, [*KNOWN, *known]) for number in range(rows)]
    wrong = 0
    for name, judged in (("the desk's model", model), ("their own terms", strange_model(texts))):
        different = list(differing(judged, texts))
        wrong += len(different)
        print(f"{len(texts):,} texts, {name} ({judged.version}): {len(different)} differ")
        for text in different[:5]:
            print(f"    {text[:200]!a}")
    return wrong


def text_of(number: int, chance: random.Random, known: Sequence[str]) -> str:
    if number % HUGE != HUGE - 1:
        return any_text(chance, known)
    size = chance.choice([20_000, 100_001, 300_000])
    kind = chance.randrange(3)
    if kind == 0:
        return chance.choice(["government", "gas ", "é", "ab", " "]) * size
    gap = " " if kind == 1 else ""
    return gap.join(any_text(chance, known) for _ in range(size // 100))


def any_text(chance: random.Random, known: Sequence[str] = KNOWN) -> str:
    """Known words, traps and characters of every Unicode plane, with all kinds of gaps."""
    pieces = []
    for _ in range(chance.choice([0, 1, 2, 5, 12, 30])):
        kind = chance.random()
        if kind < 0.5:
            word = chance.choice(known)
            pieces.append(chance.choice([word, word.upper(), word.title()]))
        elif kind < 0.7:
            pieces.append(chance.choice(TRAPS))
        else:
            plane = chance.randrange(17) << 16 if kind < 0.8 else 0
            reach = chance.choice([0x80, 0x250, 0x600, 0x3000, 0x10000])
            pieces.append("".join(chr(plane + chance.randrange(reach)) for _ in range(6)))
        pieces.append(chance.choice([" ", " ", " ", "", "\n", "  ", "-", "\u2009"]))
    return "".join(pieces)


def strange_model(texts: Sequence[str]) -> Model:
    """Knows the terms of a few of the texts, with figures that no rounding forgives."""
    # Of more texts it would know too many different letters, and be refused.
    folded = [fold(text) for text in texts[:400] if len(text) < 300][:120]
    terms = tuple(count(folded, block).terms for block in Recipe().blocks)
    size, chance = sum(map(len, terms)), np.random.default_rng(0)
    return Model(
        topics=tuple(TopicId(f"t{k}") for k in range(25)),
        blocks=Recipe().blocks,
        terms=terms,
        idf=chance.uniform(1, 60, size),
        weights=chance.normal(size=(size, 25)),
        intercepts=chance.normal(size=25),
        thresholds=np.full(25, 0.5),
    )


def differing(model: Model, texts: Sequence[str]) -> Iterator[str]:
    """The texts whose scores are not the pipeline's."""
    pipeline, compiled = as_pipeline(model), compile_model(model, told=print)
    for start in range(0, len(texts), AT_ONCE):
        some = texts[start : start + AT_ONCE]
        expected = pipeline.decision_function(some).reshape(len(some), -1)
        same = (compiled.scores(some) == expected) & (model.scores(some) == expected)
        yield from (some[i] for i in np.flatnonzero(~same.all(axis=1)).tolist())


if __name__ == "__main__":
    main()
