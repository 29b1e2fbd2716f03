"""What a retrain would learn that the serving model has not seen, and when one is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tagger.desk.cards import AUDIT, PLANTED
from tagger.desk.models import known_of, registry_of
from tagger.desk.strikes import struck_words

if TYPE_CHECKING:
    from tagger.keeping.store.store import Store
    from tagger.records import Version
    from tagger.settings import Settings

ENOUGH = 100
"""New decisions that make a retrain worth its minute: a first rule of thumb, not a measurement."""


@dataclass(frozen=True, slots=True)
class News:
    """What the log holds that the serving model has not seen.

    Args:
        learns: paragraphs with a new decision to learn.
        measures: new answers to audits and planted checks, which are never learned.
        taken_back: decisions that it learned and that were undone since.
        since: the model that serves; None where there is none.
        words: struck or restored since, which it does not honour yet.
    """

    learns: int
    measures: int
    taken_back: int
    since: Version | None
    words: int = 0

    @property
    def has_lessons(self) -> bool:
        """Whether a retrain would give another model."""
        return bool(self.learns or self.taken_back or self.words)

    @property
    def until_due(self) -> int:
        """How many decisions more make a retrain worth while."""
        return max(0, ENOUGH - self.learns - self.taken_back)


def seen_by(settings: Settings, version: Version | None) -> int:
    """The last row of the log that a version saw; 0 where that is not known."""
    if version is None:
        return 0
    # Where its card is damaged, the next one learns everything anew.
    seen = known_of(settings, version).get("corrections", {})
    last: int = seen.get("last", 0)
    return last


def news(settings: Settings, store: Store) -> News:
    """What a retrain would learn now.

    Raises:
        StoreError: the store cannot be read.
    """
    version = registry_of(settings).current()
    found = news_since(seen_by(settings, version), store, version)
    waiting = {"at the next retrain", "restored"}
    words = sum(one.state in waiting for one in struck_words(settings, version, store))
    return replace(found, words=words)


def news_since(seen: int, store: Store, version: Version | None = None) -> News:
    """The same, for a model that saw the log up to the row ``seen``."""
    rows = list(store.export(after=seen))
    undone = {row["undoes"] for row in rows if row["action"] == "undo"}
    stand = [r for r in rows if r["action"] == "decide" and r["sequence"] not in undone]
    kept_apart = {row["paragraph"] for row in stand if row["reason"] in {AUDIT, PLANTED}}
    return News(
        learns=len({row["paragraph"] for row in stand} - kept_apart),
        measures=len(kept_apart),
        taken_back=sum(number <= seen for number in undone),
        since=version,
    )
