"""What the pages say about a decision and its undoing."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from tagger.desk.correct import describe, describe_decisions
from tagger.desk.coverage import day_of
from tagger.ui import card, paint

if TYPE_CHECKING:
    from tagger.keeping.store import Undone
    from tagger.keeping.store.store import Store
    from tagger.records import TopicId
    from tagger.taxonomy import Taxonomy


_LONGEST = 120  # characters of a headline or a source


def place_in_words(title: str | None, source: str | None, date: str | None, name: str = "") -> str:
    """Where a text stands: headline, source and day; its file's name where neither is known."""
    day = day_of(date)
    said = (_cut(title), _cut(source), f"{day:%d %B %Y}".lstrip("0") if day else date)
    return " · ".join(filter(None, said if title or source else (PurePath(name).name, said[2])))


def _cut(name: str | None) -> str | None:
    return name and paint.short(name, _LONGEST)


def topics_in_words(topics: tuple[TopicId, ...], taxonomy: Taxonomy) -> str:
    """Topics as people say them."""
    return ", ".join(taxonomy.label(topic) for topic in topics) or "none of them"


def name_of_last(store: Store, editor: str, taxonomy: Taxonomy) -> str:
    """What the Undo button would take back now; empty where nothing."""
    first, size = store.last(editor)
    if first is None:
        return ""
    # How many comes first: a narrow button cuts the end of its label off.
    verb = f"Undo {size:,}" if size > 1 else "Undo"
    return f"{verb}: {describe_decisions([first], taxonomy, size)}"


def say_undone(undone: Undone, taxonomy: Taxonomy) -> None:
    """Tell what an undo did."""
    card.tell(describe(undone, taxonomy), "↩️")
