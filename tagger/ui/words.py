"""What the pages say about a decision and its undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.desk.correct import describe, describe_decisions
from tagger.ui import card

if TYPE_CHECKING:
    from tagger.keeping.store import Undone
    from tagger.keeping.store.store import Store
    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy


def topics_in_words(topics: tuple[TopicId, ...], taxonomy: Taxonomy) -> str:
    """Topics as people say them."""
    return ", ".join(taxonomy.label(topic) for topic in topics) or "none of them"


def name_of_last(store: Store, editor: str, taxonomy: Taxonomy) -> str:
    """What the Undo button would take back now; empty where nothing."""
    rows = store.last(editor)
    return f"Undo: {describe_decisions(rows, taxonomy)}" if rows else ""


def say_undone(undone: Undone, taxonomy: Taxonomy) -> None:
    """Tell what an undo did."""
    card.tell(describe(undone, taxonomy), "↩️")
