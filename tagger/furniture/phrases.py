"""The phrases of ``phrases.toml``: what furniture says, as data that a desk can add to."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from tagger.furniture.reasons import Reason

_TABLES: dict[str, dict[str, list[str]]] = tomllib.loads(
    files("tagger.furniture").joinpath("phrases.toml").read_text(encoding="utf-8")
)


def _by_phrase(table: str) -> dict[str, Reason]:
    """The phrases of a table whose names are reasons, each with its reason."""
    return {
        phrase: cast("Reason", reason)
        for reason, phrases in _TABLES[table].items()
        for phrase in phrases
    }


def _set(table: str, name: str) -> frozenset[str]:
    return frozenset(_TABLES[table][name])


SURE = _by_phrase("sure")
ON_A_PAGE = _by_phrase("on_a_page")
LIST_HEADS = _by_phrase("list_heads")
HEADINGS = _set("headings", "phrases")
NOT_IN_HEADINGS = _set("headings", "not_with")
PLACES = _set("menus", "places") | _set("on_a_page", "navigation") | _set("sure", "cookie notice")
SHARE_VERBS = _set("buttons", "verbs")
NETWORKS = _set("buttons", "networks")
BUTTONS = SHARE_VERBS | NETWORKS | _set("buttons", "others")
