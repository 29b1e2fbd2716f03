"""Shares and paragraphs in few characters, the same on the command line and in the app."""

from __future__ import annotations

_QUOTED = 48  # characters of a paragraph that name it


def sure(probability: float) -> str:
    """A probability in whole percent that is never quite certain: ``>99%``, ``<1%``."""
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"


def beginning(text: str) -> str:
    """Enough of a paragraph to know it by."""
    return text if len(text) <= _QUOTED else text[: _QUOTED - 1].rstrip() + "…"
