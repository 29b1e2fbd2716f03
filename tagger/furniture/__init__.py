"""Page furniture: paragraphs of a page that are no part of its news, each with a reason.

A lost paragraph is worse than a kept button. So a paragraph is set aside by its own words only
if news does not speak so, and by its neighbours only where these leave no doubt; a document of
one paragraph, such as a row of a table, is never judged by neighbours.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from tagger.furniture.page import tell
from tagger.furniture.reasons import REASONS, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.records import Paragraph

__all__ = ["REASONS", "Reason", "mark"]


def mark(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Set ``furniture`` to one of :data:`REASONS` for page furniture, to None for the rest.

    Args:
        paragraphs: whole documents, each in reading order, one after another.

    Returns:
        The same paragraphs in the same order; nothing but ``furniture`` may differ.
    """
    return [
        paragraph if paragraph.furniture == reason else replace(paragraph, furniture=reason)
        for document in _documents(paragraphs)
        for paragraph, reason in zip(document, tell(document), strict=True)
    ]


def _documents(paragraphs: Sequence[Paragraph]) -> list[Sequence[Paragraph]]:
    if len(paragraphs) == 1:  # a row of a table
        return [paragraphs]
    return [list(group) for _, group in groupby(paragraphs, key=attrgetter("document"))]
