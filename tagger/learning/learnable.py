"""What labelled texts let a model learn: which topics, by which terms, and if "none" is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.errors import LabelsError
from tagger.learning.calibration import is_rare
from tagger.learning.terms import part_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tagger.learning.counting import Counts
    from tagger.learning.terms import Block
    from tagger.records import TopicId

    Truth = NDArray[np.bool_]

FEWEST = 2
"""A topic with fewer examples than this, a rare one's label among them, is left out, and named."""

MANY = 300
"""Texts without a single "none" among them that rule "none" out: by the rule of three fewer than
one text in a hundred then has no topic, with 95% confidence."""

_TITLED = 0.2  # of the texts must have a first line and more


def blocks_for(folded: Sequence[str], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks, without those of first lines where hardly a text has more than one line."""
    return tuple(
        block
        for block in blocks
        if block.part == "whole"
        or sum(bool(part_of(text, block)) for text in folded) >= _TITLED * len(folded)
    )


def named_rare(
    truth: Truth, said: Truth, topics: Sequence[TopicId], labels: Mapping[TopicId, str]
) -> dict[int, str]:
    """The labels of the rare topics, by the topics' numbers; of such as have an example at all."""
    return {
        k: labels[topic]
        for k, topic in enumerate(topics)
        if topic in labels and truth[:, k].any() and is_rare(truth[said[:, k], k])
    }


def untrained_topics(
    truth: Truth, topics: Sequence[TopicId], named: Collection[int]
) -> dict[TopicId, int]:
    """The topics with too few examples, the labels of rare ones among them, with their counts.

    Raises:
        LabelsError: no topic has enough.
    """
    counts = dict(zip(topics, truth.sum(axis=0).tolist(), strict=True))
    if not any(FEWEST <= n < len(truth) for n in counts.values()):
        found = ", ".join(f"{topic}: {n}" for topic, n in counts.items())
        texts = "1 labelled text" if len(truth) == 1 else f"{len(truth):,} labelled texts"
        raise LabelsError(
            f"There is nothing to learn from {texts} ({found}).",
            f"Label at least {FEWEST} paragraphs with a topic and some without it "
            "(30 of each are a sensible start).",
        )
    lessons = [n + (k in named) for k, n in enumerate(counts.values())]
    return {t: n for (t, n), all_ in zip(counts.items(), lessons, strict=True) if all_ < FEWEST}


def refuse_no_terms(counts: Sequence[Counts]) -> None:
    """Raise LabelsError where no text holds a word."""
    if not any(block_counts.terms for block_counts in counts):
        raise LabelsError(
            "There is nothing to learn: not one labelled text holds a word.",
            "Label paragraphs that consist of words.",
        )


def always_one(truth: Truth, said: Truth) -> bool:
    """Whether "none of them" is no answer here: among many texts not one has no topic."""
    answers = said.all(axis=1) | truth.any(axis=1)
    return bool(answers.sum() >= MANY and truth[answers].any(axis=1).all())
