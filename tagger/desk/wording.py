"""Figures as people read them, the same on the command line and in the app."""

from __future__ import annotations


def sure(probability: float) -> str:
    """A probability in whole percent that is never quite certain: ``>99%``, ``<1%``."""
    if probability > 0.99:
        return ">99%"
    return "<1%" if probability < 0.01 else f"{probability:.0%}"
