"""What the store refuses before it touches the database."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from tagger.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tagger.keeping.store.records import Decision, Shown

_LONGEST_NAME = 200  # PostgreSQL refuses to index texts of more than about 2,700 bytes
_NEVER_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_NEVER_IN_TEXT = re.compile(r"[\x00\ud800-\udfff]")  # PostgreSQL holds no NUL, UTF-8 no surrogate


def checked_name(value: str, what: str) -> str:
    """A name of 1 to 200 characters on one line, without spaces around it.

    Raises:
        InputError: it is none; ``what`` is named.
    """
    name = value.strip()
    if not name or len(name) > _LONGEST_NAME or _NEVER_IN_A_NAME.search(name):
        raise InputError(
            f"The {what} is {value[:50]!r}.",
            f"Give 1 to {_LONGEST_NAME} characters on one line.",
        )
    return name


def checked_text(value: str, what: str) -> str:
    """Text that every database can keep.

    Raises:
        InputError: it holds a NUL character or half a character.
    """
    if found := _NEVER_IN_TEXT.search(value):
        raise InputError(
            f"The {what} holds the character {found[0]!r}, which no database keeps.",
            "Remove that character; the file may have been read in a wrong encoding.",
        )
    return value


def decided_row(decision: Decision) -> dict[str, Any]:
    """A decision as a row of the log, but for what the log itself adds.

    Raises:
        InputError: a name is blank or too long, or a figure is none.
    """
    return {
        "action": "decide",
        "undoes": None,
        "paragraph": checked_name(decision.paragraph, "paragraph's id"),
        "text": checked_text(decision.text, "paragraph's text"),
        "topics": sorted({checked_name(topic, "topic") for topic in decision.topics}),
        "editor": checked_name(decision.editor, "editor's name"),
        "reason": checked_text(decision.reason, "reason"),
        "shown": shown_row(decision.shown),
        "seconds": _checked_seconds(decision.seconds),
        "key": checked_name(decision.key, "key"),
    }


def shown_row(shown: Shown) -> dict[str, Any]:
    """What the editor saw, ready for JSON.

    Raises:
        InputError: a score is no finite number.
    """
    return {
        "scores": checked_scores(shown.scores),
        "topics": list(shown.topics),
        "model": shown.model,
        "hidden": shown.hidden,
    }


def checked_scores(scores: Mapping[Any, float]) -> dict[str, float]:
    """Scores as plain finite numbers, whatever number type the model gave.

    Raises:
        InputError: a score is no finite number; its topic is named.
    """
    return {str(topic): finite(score, f"score of {topic}") for topic, score in scores.items()}


def finite(value: float, what: str) -> float:
    """A plain finite number.

    Raises:
        InputError: it is NaN or infinite; ``what`` is named.
    """
    number = float(value) + 0.0  # turns -0.0 into 0.0: SQLite does not keep its sign
    if not math.isfinite(number):
        raise InputError(f"The {what} is {number}.", "Give a finite number.")
    return number


def _checked_seconds(seconds: float | None) -> float | None:
    if seconds is None:
        return None
    taken = finite(seconds, "time taken")
    if taken < 0:
        raise InputError(f"The time taken is {taken} seconds.", "Give 0 or more seconds.")
    return taken
