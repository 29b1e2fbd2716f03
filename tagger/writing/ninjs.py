"""An article with its topics as ninjs 3.1, IPTC's News in JSON (schema iptc/newsinjson, CC BY 4.0).

The standard has nothing for paragraphs: one item is one article, its subjects are the article's
topics as IPTC Media Topics. ``creator`` tells a machine's tag from an editor's.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tagger.records import Prediction
    from tagger.taxonomy import Taxonomy, Topic

_MEDIA_TOPIC = "http://cv.iptc.org/newscodes/mediatopic/"
_MACHINE, _EDITOR = "newsroom-tagger", "editor"


def ninjs_item(
    predictions: Sequence[Prediction],
    tags: Iterable[tuple[str, float, float, bool]],
    taxonomy: Taxonomy,
    *,
    title: str | None = None,
) -> dict[str, Any]:
    """An article as one JSON-able ninjs item.

    Args:
        predictions: its paragraphs; furniture is left out of the body.
        tags: (topic, share of the paragraphs, confidence, given by an editor), best first.
        taxonomy: gives names and IPTC codes.
        title: the headline.
    """
    texts = [p.paragraph.text for p in predictions if p.paragraph.furniture is None]
    body = "\n\n".join(texts)
    item: dict[str, Any] = {
        "uri": f"urn:sha256:{hashlib.sha256(body.encode('utf-8', 'replace')).hexdigest()}",
        "type": "text",
        "bodies": [{"role": "main", "contentType": "text/plain", "value": body}],
        "subjects": [subject for tag in tags for subject in _subjects(tag, taxonomy)],
    }
    if title:
        item["headlines"] = [{"role": "main", "value": title}]
    return item


def _subjects(tag: tuple[str, float, float, bool], taxonomy: Taxonomy) -> list[dict[str, Any]]:
    name, share, confidence, by_editor = tag
    topic = next((topic for topic in taxonomy if topic.id == name), None)
    base = {
        "name": topic.label if topic else name,
        "rel": "about",
        "creator": _EDITOR if by_editor else _MACHINE,
        "relevance": round(100 * share),
        "confidence": round(100 * confidence),
    }
    codes = _media_topics(topic) if topic else []
    if not codes:
        return [{**base, "literal": name}]
    return [{**base, "uri": _MEDIA_TOPIC + code} for code in codes]


def _media_topics(topic: Topic) -> list[str]:
    return [code.removeprefix("medtop:") for code in topic.iptc if code.startswith("medtop:")]
