"""Documents become paragraphs, each with an id that its text alone decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.paragraphs.identity import clean, normalise, paragraph_id
from tagger.paragraphs.wrapping import unwrap
from tagger.records import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.records import Document, Passage, Role

__all__ = ["clean", "normalise", "paragraph_id", "split"]


def split(document: Document) -> list[Paragraph]:
    """Split a document into its paragraphs, furniture included and not yet marked.

    A passage whose role the source gave is one paragraph; raw ``text`` is split at blank lines,
    and within a block at line ends unless the block is hard-wrapped prose. No visible character
    is lost but the marks of mail quoting and the hyphens of words broken at a line end.

    Returns:
        Paragraphs in reading order; ``index`` counts from 0, ``text`` is clean and never empty.
    """
    pieces = [piece for passage in document.passages for piece in _pieces(passage)]
    return [
        Paragraph(paragraph_id(text), text, document.name, index, role)
        for index, (text, role) in enumerate(pieces)
    ]


def _pieces(passage: Passage) -> Iterator[tuple[str, Role]]:
    raw = passage.role == "text"
    # One line cannot be wrapped; most rows of tables are one.
    wrapped = raw and len(passage.text.splitlines()) > 1
    texts = unwrap(passage.text) if wrapped else (passage.text,)
    for text in map(clean, texts):
        if text:
            yield text, "paragraph" if raw else passage.role
