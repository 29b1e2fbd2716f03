"""The stop of a retrain: a line in its diary, which the working process heeds wherever it is."""

from __future__ import annotations

import _thread
import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tagger.keeping.diary import Diary

_LOOK = 0.3  # seconds between two looks into the diary
_GRACE = 5.0  # seconds until a computation that hears nothing is left where it is


def who_stopped(lines: Iterable[Mapping[str, Any]]) -> str:
    """Who pressed Stop; empty where nobody did."""
    return next((line["stop"] for line in lines if "stop" in line), "")


@contextmanager
def heeding_stops(diary: Diary) -> Iterator[None]:
    """Do what is in the ``with`` until the diary says stop; then go on behind it.

    Call it in the main thread, which a stop interrupts as Ctrl+C would: locks are freed and half
    files removed. Where that is not heard in time, the process ends, and the next retrain clears
    away what is left.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    over = threading.Event()
    threading.Thread(target=_listen, args=(diary, over), daemon=True).start()
    try:
        yield
    except KeyboardInterrupt:
        if not who_stopped(diary.lines()):
            raise
    finally:
        over.set()


def _listen(diary: Diary, over: threading.Event) -> None:
    while not over.wait(_LOOK):
        if who_stopped(diary.lines()):
            _thread.interrupt_main()
            if not over.wait(_GRACE):
                os._exit(0)
