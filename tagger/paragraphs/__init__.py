"""Documents become paragraphs, each with an id that its text alone decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.paragraphs.identity import clean, normalise, paragraph_id
from tagger.paragraphs.wrapping import unwrap
from tagger.records import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.records import Document, Passage

__all__ = ["clean", "normalise", "paragraph_id", "split"]


def split(document: Document) -> list[Paragraph]:
    """Split a document into its paragraphs, furniture included and not yet marked.

    A passage whose role the source gave is one paragraph; raw ``text`` is split at blank lines,
    and within a block at line ends unless the block is hard-wrapped prose. No visible character
    is lost but the marks of mail quoting and the hyphens of words broken at a line end.

    Returns:
        Paragraphs in reading order; ``index`` counts from 0, ``text`` is clean and never empty.
    """
    found: list[Paragraph] = []
    for passage in document.passages:
        role = "paragraph" if passage.role == "text" else passage.role
        for text in filter(None, map(clean, _texts(passage))):
            found.append(Paragraph(paragraph_id(text), text, document.name, len(found), role))
    return found


def _texts(passage: Passage) -> Iterable[str]:
    # One line cannot be wrapped; most rows of tables are one.
    if passage.role != "text" or len(passage.text.splitlines()) < 2:
        return (passage.text,)
    return unwrap(passage.text)
