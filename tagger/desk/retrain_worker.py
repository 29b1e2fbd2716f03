"""The process that retrains in the background: ``python -m tagger.desk.retrain_worker ID``."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tagger.desk.models import load_model
from tagger.desk.retrain import retrain
from tagger.desk.retrain_stop import heeding_stops, who_stopped
from tagger.errors import ModelError, Refused, TaggerError
from tagger.keeping.diary import Diary
from tagger.settings import find_settings

if TYPE_CHECKING:
    from tagger.desk.flips import Flip
    from tagger.desk.retrain import Retrained
    from tagger.settings import Settings

_POLITE = 5  # of nineteen: the editors' next paragraph comes first
_LISTED = 500  # flips whose texts are kept; nobody reads more


def main() -> None:
    """Do the job that the diary of this desk orders, if it still is the one named."""
    settings = find_settings()
    diary = Diary(settings.models)
    if hasattr(os, "nice"):
        os.nice(_POLITE)
    with diary.at_work():
        ordered = diary.lines()[0]
        if ordered["ordered"] == sys.argv[1]:
            _add(diary, awake=True)
            if not who_stopped(diary.lines()):
                with heeding_stops(diary):
                    work(settings, diary, by=ordered["by"])


def work(settings: Settings, diary: Diary, *, by: str) -> None:
    """Retrain, and write into the diary how far it is and how it ended."""
    try:
        done = _retrain(settings, diary, by)
    except TaggerError as error:
        _add(diary, failed=error.message, cure=error.cure)
    except BaseException as error:
        if who_stopped(diary.lines()):  # not a failure: what somebody asked for
            raise
        _add(diary, failed=f"The retrain failed: {error!r}.", cure=f"See {diary.log}.")
        raise
    else:
        _add(diary, version=done.version, serves=done.promoted, fresh=done.fresh)


def _add(diary: Diary, **line: object) -> None:
    diary.add(at=datetime.now(UTC).isoformat(), **line)


def _retrain(settings: Settings, diary: Diary, by: str) -> Retrained:
    candidates: list[Retrained] = []

    def show(done: Retrained) -> None:
        candidates.append(done)
        if done.fresh:  # else it was trained and kept before
            flips = [_as_data(flip) for flip in done.flips[:_LISTED]]
            diary.keep_result({"version": done.version, "flips": flips})

    try:
        return retrain(
            settings,
            by=by,
            now=datetime.now(UTC),
            promote=not _one_can_serve(settings),
            show=show,
            progress=lambda stage, done, total: _add(diary, stage=stage, done=done, total=total),
            on_wait=lambda words: _add(diary, waits_for=words),
        )
    except Refused:
        if not candidates:  # what was refused is the log of corrections, not a model
            raise
        return candidates[-1]


def _one_can_serve(settings: Settings) -> bool:
    """Whether the desk can work without the new model, so that there is time to ask."""
    try:
        load_model(settings)
    except ModelError:
        return False
    return True


def _as_data(flip: Flip) -> dict[str, Any]:
    decided = None if flip.decided is None else sorted(flip.decided)
    changed = {"before": list(flip.before), "after": list(flip.after), "decided": decided}
    return {"text": flip.text, **changed, "against_editors": flip.against_editors}


if __name__ == "__main__":
    main()
