"""What the contestants of ``speed.py`` are given: texts, labels, and a model of so many topics."""

from __future__ import annotations

import json
import random
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.records import LabeledExample, TopicId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.learning.model import Model


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


def lessons_of(examples: Sequence[LabeledExample], topics: Sequence[str]) -> list[Any]:
    """The labels as they are or, where other topics are asked for, one by chance a text."""
    own = {topic for example in examples for topic in example.topics}
    if own <= set(topics):
        return [(example.text, sorted(example.topics)) for example in examples]
    return [
        (example.text, [topics[zlib.crc32(example.text.encode()) % len(topics)]])
        for example in examples
    ]
