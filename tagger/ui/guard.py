"""The blind-accept guard: presses too fast to have been meant are not decisions.

Measured in a browser before this guard: every double press recorded two decisions, and a key held
for a second accepted twenty paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DWELL = 0.35
"""Seconds that a paragraph must have been on the screen before it can be decided."""

FLOOR = 0.8
"""A decision within so many seconds was taken at the floor: hardly anybody reads that fast."""

RUN = 5
"""So many decisions at the floor in a row make a pause."""

Answer = Literal["taken", "early", "paused"]


@dataclass
class Guard:
    """Watches one editor's presses. Times are seconds of any one clock."""

    shown: float = 0.0
    paragraph: str = ""
    fast: int = 0

    def show(self, paragraph: str, now: float) -> None:
        """A paragraph came onto the screen; drawing the same one again changes nothing."""
        if paragraph != self.paragraph:
            self.paragraph, self.shown = paragraph, now

    def press(self, paragraph: str, now: float) -> Answer:
        """Whether a deciding press counts.

        A press for a paragraph that is no longer shown, or shown for too short a time, is early;
        after a run of decisions at the floor all are held back until :meth:`resume`.
        """
        waited = now - self.shown
        if paragraph != self.paragraph or waited < DWELL:
            return "early"
        if self.paused:
            return "paused"
        self.fast = self.fast + 1 if waited < FLOOR else 0
        return "taken"

    @property
    def paused(self) -> bool:
        """Whether a run of decisions at the floor made a pause."""
        return self.fast >= RUN

    def waited(self, now: float) -> float:
        """Seconds the paragraph has been on the screen."""
        return now - self.shown

    def resume(self, now: float) -> None:
        """The editor says that they are reading."""
        self.fast, self.shown = 0, now
