"""The blind-accept guard: presses too fast to have been meant are not decisions.

Measured in a browser before this guard: every double press recorded two decisions, and a key held
for a second accepted twenty paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DWELL = 0.35
"""Seconds that a paragraph must have been on the screen before it can be decided or skipped."""

FLOOR = 0.8
"""A decision within so many seconds was taken at the floor: hardly anybody reads that fast."""

RUN = 5
"""So many decisions at the floor in a row make a pause."""

Answer = Literal["taken", "early", "paused"]


@dataclass
class Guard:
    """Watches one editor's presses. Times are seconds of any one clock.

    ``dwell`` is how long this page's paragraphs, or whole batches, must have been shown.
    """

    dwell: float = DWELL
    shown: float = 0.0
    paragraph: str = ""
    fast: int = 0
    undone: float | None = None

    def show(self, paragraph: str, now: float) -> None:
        """A paragraph came onto the screen; drawing the same one again changes nothing."""
        if paragraph != self.paragraph:
            self.paragraph, self.shown = paragraph, now

    def press(self, paragraph: str, now: float) -> Answer:
        """Whether a deciding press counts: once each time a paragraph is shown.

        A press for a paragraph that is no longer shown, or shown for too short a time, is early;
        after a run of decisions at the floor all are held back until :meth:`resume`.
        """
        if self.paused:
            return "paused"
        if not self.step(paragraph, now):
            return "early"
        self.fast = self.fast + 1 if self.waited(now) < FLOOR else 0
        return "taken"

    def step(self, paragraph: str, now: float) -> bool:
        """Whether a press that skips counts; a key held down must not empty the queue."""
        if paragraph != self.paragraph or self.waited(now) < self.dwell:
            return False
        self.paragraph = ""  # until it is drawn again, whatever else is pressed comes too late
        return True

    def undo(self, now: float) -> bool:
        """Whether a press that takes back counts: not twice within the dwell time.

        The first one always does, also just after a decision: that is when people notice.
        """
        if self.undone is not None and now - self.undone < DWELL:
            return False
        self.undone = now
        return True

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
