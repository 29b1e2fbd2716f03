"""An article with its topics as ninjs 3.1, IPTC's News in JSON (schema iptc/newsinjson, CC BY 4.0).

The standard has nothing for paragraphs: one item is one article, its subjects are the article's
topics as IPTC Media Topics. ``creator`` tells a machine's tag from an editor's, and what a rule
suggests from what a model says. What is known of single paragraphs is told in words, in ``edNote``,
which the standard has for the staff who receive an item; no other property would take it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tagger.records import Prediction, TopicId
    from tagger.taxonomy import Taxonomy, Topic

_MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"
_MACHINE, _RULE, _EDITOR = "newsroom-tagger", "newsroom-tagger rule", "editor"
_DECISIONS = {
    "auto": "Tagged without an editor",
    "none": "Given none of the topics without an editor",
    "ask": "To be looked at by an editor",
}


def ninjs_item(
    predictions: Sequence[Prediction],
    tags: Iterable[tuple[str, float, float, bool]],
    taxonomy: Taxonomy,
    *,
    title: str | None = None,
) -> dict[str, Any]:
    """An article as one JSON-able ninjs item.

    Args:
        predictions: its paragraphs; furniture is left out of the body and not numbered.
        tags: (topic, share of the paragraphs, confidence, given by an editor), best first.
        taxonomy: gives names and IPTC codes.
        title: the headline.
    """
    judged, tags = [p for p in predictions if p.paragraph.furniture is None], list(tags)
    body = "\n\n".join(p.paragraph.text for p in judged)
    ruled = _ruled(judged, without={name for name, *_ in tags})
    item: dict[str, Any] = {
        "uri": f"urn:sha256:{hashlib.sha256(body.encode('utf-8', 'replace')).hexdigest()}",
        "type": "text",
        "bodies": [{"role": "main", "contentType": "text/plain", "value": body}],
        "subjects": [
            *(subject for tag in tags for subject in _subjects(tag, taxonomy)),
            *(subject for one in ruled.items() for subject in _ruled_subjects(*one, taxonomy)),
        ],
    }
    if note := " ".join([*_decided(judged), *_suggested(judged, taxonomy)]):
        item["edNote"] = note
    if title:
        item["headlines"] = [{"role": "main", "value": title}]
    return item


def _subjects(tag: tuple[str, float, float, bool], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    name, share, confidence, by_editor = tag
    creator = _EDITOR if by_editor else _MACHINE
    known = {"creator": creator, "relevance": round(100 * share)}
    return _coded(name, {**known, "confidence": round(100 * confidence)}, taxonomy)


def _ruled(judged: Sequence[Prediction], without: Collection[str]) -> dict[TopicId, float]:
    """The share of the paragraphs in which a rule suggests a topic that nobody else gives."""
    counts = Counter(topic for p in judged for topic in p.rules if topic not in without)
    return {topic: count / len(judged) for topic, count in counts.most_common()}


def _ruled_subjects(name: TopicId, share: float, taxonomy: Taxonomy) -> list[dict[str, Any]]:
    """The same as subjects: without a confidence, as no probability belongs to a rule."""
    return _coded(name, {"creator": _RULE, "relevance": round(100 * share)}, taxonomy)


def _coded(name: str, known: dict[str, Any], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    topic = next((topic for topic in taxonomy if topic.id == name), None)
    base = {"name": topic.label if topic else name, "rel": "about", **known}
    codes = _media_topics(topic) if topic else []
    if not codes:
        return [{**base, "literal": name}]
    return [{**base, "uri": _MEDIA_TOPIC + code} for code in codes]


def _decided(judged: Sequence[Prediction]) -> Iterator[str]:
    """What becomes of which paragraphs, counted from 1, where an editor set an aim."""
    for decision, words in _DECISIONS.items():
        if numbers := [n for n, p in enumerate(judged, 1) if p.decision == decision]:
            yield f"{words}: {_paragraphs(numbers)}."


def _suggested(judged: Sequence[Prediction], taxonomy: Taxonomy) -> Iterator[str]:
    """Which topics a phrase suggests in which paragraphs, without a model."""
    found: dict[tuple[TopicId, str], list[int]] = {}
    for number, prediction in enumerate(judged, 1):
        for rule in prediction.rules.items():
            found.setdefault(rule, []).append(number)
    for (topic, phrase), numbers in found.items():
        yield f"{taxonomy.label(topic)} by rule ({phrase}): {_paragraphs(numbers)}."


def _paragraphs(numbers: Sequence[int]) -> str:
    return f"paragraph{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"


def _media_topics(topic: Topic) -> list[str]:
    return [code.removeprefix("medtop:") for code in topic.iptc if code.startswith("medtop:")]
