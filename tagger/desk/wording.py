"""Shares, counts and paragraphs in few characters, the same on the command line and in the app."""

from __future__ import annotations

_QUOTED = 48  # characters of a paragraph that name it


def sure(probability: float) -> str:
    """A probability in whole percent that is never quite certain: ``>99%``, ``<1%``."""
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"


def counted(number: int, noun: str, many: str = "") -> str:
    """A number with its noun: ``1 row``, ``1,200 rows``; ``many`` where an s is not its plural."""
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"


def beginning(text: str, longest: int = _QUOTED) -> str:
    """As much of a text as fits into ``longest`` characters, ``…`` where it goes on."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
