"""Article text and topics as safe HTML: everything that was written by strangers is escaped."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from tagger.desk.wording import beginning, counted, sure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagger.learning.explanation import Explanation, Word
    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy, Topic

MARKED = 5
"""How many words are marked at most; more would be a coloured page, not a reason."""

NONE_COLOUR = "#888888"
"""Stands for none of the topics."""

_BESIDE = 'target="_blank" rel="noopener"'  # what was toggled or unticked here stays
_SMALLEST = 0.05  # contributions below this are noise to a reader
_SHORT = 48
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # bidi embeddings, overrides and isolates


def plain(text: str) -> str:
    """Text for a place where Streamlit reads Markdown (a label, a toast): shown as it is.

    Marks that turn the direction of what follows are dropped: they would turn our words too.
    """
    line = _TURNS.sub("", " ".join(text.split()))
    return re.sub(r"([\\`*_{}\[\]()#+\-.!$:~|<>&^=])", r"\\\1", line)


def short(text: str, length: int = _SHORT) -> str:
    """The beginning of a text on one line."""
    flat = " ".join(text.split())
    return beginning(flat, length)


def ending(text: str, length: int) -> str:
    """The end of a text on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else "…" + flat[1 - length :].lstrip()


def text_block(text: str, marks: Iterable[tuple[Word, str, str]] = (), css: str = "nt-text") -> str:
    """A paragraph with its marked words; ``marks`` are (word, topic's label, colour)."""
    return f'<p class="{css}" dir="auto">{marked(text, marks)}</p>'


def about(heading: str, copies: int, why: str, story: str = "") -> str:
    """The lines over a paragraph: where it stands, how many more times, why it is asked.

    ``story`` is the address of the whole story; no link where empty.
    """
    more = f" · <b>+{counted(copies, 'copy', 'copies')}</b>" if copies else ""
    reason = f"<br>{html.escape(why)}" if why else ""
    link = f' · <a href="{html.escape(story)}" {_BESIDE}>whole story</a>' if story else ""
    return f'<p class="nt-aside"><bdi>{html.escape(heading)}</bdi>{more}{link}{reason}</p>'


def marked(text: str, marks: Iterable[tuple[Word, str, str]]) -> str:
    """The escaped text with ``<mark>`` around the words that speak for and against."""
    parts, end = [], 0
    for word, label, colour in sorted(marks, key=lambda mark: mark[0].start):
        if word.start < end:
            continue  # marked already for another topic
        side = "for" if word.contribution > 0 else "against"
        title = html.escape(f"{word.contribution:+.2f} {label}", quote=True)
        parts += [
            html.escape(text[end : word.start]),
            f'<mark class="{side}" style="--c:{colour}" title="{title}">',
            html.escape(text[word.start : word.end]),
            "</mark>",
        ]
        end = word.end
    return "".join([*parts, html.escape(text[end:])])


def strongest_marks(
    explanations: Iterable[Explanation], taxonomy: Taxonomy, n: int = MARKED
) -> list[tuple[Word, str, str]]:
    """The ``n`` loudest words over all given explanations, ready for :func:`marked`."""
    found = [
        (word, taxonomy.label(e.topic), taxonomy.colour(e.topic))
        for e in explanations
        for word in e.words
        if abs(word.contribution) >= _SMALLEST
    ]
    return sorted(found, key=lambda mark: -abs(mark[0].contribution))[:n]


def chips(
    topics: Sequence[TopicId], taxonomy: Taxonomy, scores: Mapping[TopicId, float] | None = None
) -> str:
    """Topics as chips, with their probability where known; "none of them" where empty."""
    scores = scores or {}
    if not topics:
        best = _percent(1 - max(scores.values())) if scores else ""
        return f'<span class="nt-chip none" style="--c:{NONE_COLOUR}">None of them{best}</span>'
    return "".join(
        f'<span class="nt-chip" style="--c:{taxonomy.colour(topic)}">'
        f"{html.escape(taxonomy.label(topic))}{_percent(scores.get(topic))}</span>"
        for topic in topics
    )


def rule_chips(rules: Mapping[TopicId, str], taxonomy: Taxonomy) -> str:
    """What rules suggest, as chips that no model's can be taken for."""
    return "".join(
        f'<span class="nt-chip none" style="--c:{taxonomy.colour(topic)}">'
        f"{html.escape(taxonomy.label(topic))} <i>rule: {html.escape(phrase)}</i></span>"
        for topic, phrase in rules.items()
    )


def _percent(score: float | None) -> str:
    return "" if score is None else f" <b>{html.escape(sure(score))}</b>"


def reasons(explanation: Explanation, taxonomy: Taxonomy, words: int = 12) -> str:
    """One topic's verdict in words: how sure, what speaks for it, what against."""
    label = html.escape(taxonomy.label(explanation.topic))
    verdict = "given" if explanation.given else "not given"
    if explanation.nearest:
        verdict = "given as the nearest, since every paragraph gets a topic"
    learned = explanation.threshold <= 1
    start = f"from {explanation.threshold:.0%} on" if learned else "never: too few examples"
    sides = [
        f"{name} {_listed(explanation.strongest(words, against=against))}"
        for name, against in (("for:", False), ("against:", True))
    ]
    return (
        f'<p class="nt-why"><b>{label}</b>{_percent(explanation.probability)}, {verdict} '
        f"({start})<br>{'<br>'.join(sides)}</p>"
    )


def definition(topic: Topic) -> str:
    """What a topic means, and what it is not."""
    parts = [
        f"<b>{html.escape(topic.label)}</b>",
        f": {html.escape(topic.definition)}" if topic.definition else "",
        f"<br><i>Not:</i> {html.escape(topic.not_)}" if topic.not_ else "",
    ]
    return f'<p class="nt-why">{"".join(parts)}</p>'


def _listed(words: Sequence[Word]) -> str:
    loud = [w for w in words if abs(w.contribution) >= _SMALLEST]
    if not loud:
        return "nothing"
    return ", ".join(f"<bdi>{html.escape(w.text)}</bdi> {w.contribution:+.2f}" for w in loud)
