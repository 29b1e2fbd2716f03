"""Whoever makes the parts of an archive: threads of this process, or other machines."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tagger.batch.parts import Making, Part, make_part
from tagger.batch.scorer import fast_scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tagger.batch.sources import Batch
    from tagger.learning.model import Model


_OBJECTS = 1_000_000  # Python's own threshold is 700; a part makes 200,000 at a time


class Pending(Protocol):
    """A part that is being made."""

    def result(self) -> Part:
        """Wait for it."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What takes batches, and how many should be with it at a time."""

    submit: Callable[[Batch], Pending]
    at_a_time: int


class Crew(Protocol):
    """A crew to be hired."""

    def __call__(
        self, model: Model, making: Making, workers: int | None, told: Callable[[str], None]
    ) -> AbstractContextManager[Hands]:
        """While the context lasts it makes parts; at its end nobody is at work."""


@contextmanager
def threads(
    model: Model,
    making: Making,
    workers: int | None,
    told: Callable[[str], None],
) -> Iterator[Hands]:
    """The crew of this process, one thread for None."""
    scorer = fast_scorer(model, told)
    pool = ThreadPoolExecutor(workers or 1, "tag")
    with _rare_collections():
        try:
            yield Hands(lambda batch: pool.submit(make_part, batch, scorer, making), workers or 1)
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """As :func:`collect_rarely`, for a while."""
    before = gc.get_threshold()
    collect_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def collect_rarely() -> None:
    """Look for garbage in circles more rarely: a part makes next to none.

    Looking cost a quarter of all time (20,000 rows a part, November 2026).
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS, 10, 10)
