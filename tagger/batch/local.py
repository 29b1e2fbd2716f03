"""An archive, tagged on this machine part by part, and resumed where it stopped."""

from __future__ import annotations

import re
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tagger.batch.crew import threads
from tagger.batch.holding import hold
from tagger.batch.manifest import (
    SUMMARY,
    clear_half_written,
    describe,
    finished,
    open_folder,
    write_json,
)
from tagger.batch.parts import Making, part_path, read_tally, write_part
from tagger.batch.sources import Batch, batches, survey
from tagger.batch.tally import Tally
from tagger.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tagger.batch.crew import Crew, Hands, Pending
    from tagger.batch.sources import Survey
    from tagger.learning.model import Model

    Told = Callable[[str], None]

_DIGEST_TAKES_TIME = 2 << 30  # bytes: some seconds


@dataclass(frozen=True, slots=True)
class Archive:
    """What a person asked for.

    Args:
        inputs: files of any known format.
        folder: where the parts go.
        making: what decides on the parts' bytes.
        rows_a_part: rows of a part; memory grows with it and with ``workers``.
        workers: how many parts are made at a time; None leaves it to the crew.
        resume: whether to go on where an earlier run of the same job stopped.
        force: whether an earlier job's parts in the folder may be replaced.
        by: who runs it, for those who find the folder taken.
    """

    inputs: tuple[Path, ...]
    folder: Path
    making: Making = field(default_factory=Making)
    rows_a_part: int = 20_000
    workers: int | None = None
    resume: bool = False
    force: bool = False
    by: str = "another job"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Args:
        rows: rows read and done, those of parts an earlier run had finished included; a file that
            is no table is one row.
        about: how many rows there are in all; for CSV and JSONL the number of lines.
        tagged: rows that this run tagged.
        seconds: time since it began to.
    """

    rows: int
    about: int
    tagged: int
    seconds: float

    @property
    def rate(self) -> float:
        """Rows a second; 0 before the first part is done."""
        return self.tagged / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Summary:
    """What a finished job holds: parts, rows and other files read, and what became of them."""

    rows: int
    parts: int
    tally: Tally


def tag_archive(
    archive: Archive,
    model: Model,
    *,
    crew: Crew = threads,
    told: Told = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    then: Callable[[Path], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> Summary:
    """Tag files of any size into a folder of parts, in bounded memory.

    The parts depend on the inputs, the model and the settings alone: a run that was killed and
    resumed leaves the same bytes as one that was not. Beside them stand ``manifest.json`` (from
    what they were made), ``rejects-*.jsonl`` (rows that could not be read) and, at the end,
    ``summary.json``. What cannot be read does not stop the rest: it is in the summary's tally.

    Args:
        archive: what was asked for.
        model: the model that tags.
        crew: who makes the parts.
        told: hears what takes time or goes another way than usual.
        on_progress: hears after every part.
        then: does something with the finished folder while it is still held.
        clock: seconds.

    Raises:
        OutputError: the folder belongs to another job or is being written by one, holds other
            files, or cannot be written.
    """
    with hold(archive.folder, by=archive.by, now=datetime.now(UTC)), _tidy(archive.folder):
        surveys = _surveys(archive.inputs, told)
        wanted = describe(surveys, model, _settings(archive))
        open_folder(archive.folder, wanted, resume=archive.resume, force=archive.force)
        summary = _done_before(archive.folder)
        if summary is None:
            with crew(model, archive.making, archive.workers, told) as hands:
                summary = _run(archive, surveys, hands, on_progress, clock)
            write_json(
                archive.folder / SUMMARY, {**asdict(summary), "tally": summary.tally.as_json()}
            )
        for path in archive.folder.glob("tally-*.json"):  # the summary has them all
            path.unlink()
        then(archive.folder)
        return summary


@contextmanager
def _tidy(folder: Path) -> Iterator[None]:
    """Leave nothing half-written, also where Ctrl-C comes while a file is being cleared away."""
    try:
        yield
    except KeyboardInterrupt:
        clear_half_written(folder)
        raise


def _done_before(folder: Path) -> Summary | None:
    if there := finished(folder):
        return Summary(there["rows"], there["parts"], Tally.from_json(there["tally"]))
    return None


def _surveys(inputs: Sequence[Path], told: Told) -> list[Survey]:
    if sum(path.stat().st_size for path in inputs if path.exists()) > _DIGEST_TAKES_TIME:
        told("Reading all inputs once, so that the job can be resumed…")
    return [survey(path) for path in inputs]


def _settings(archive: Archive) -> dict[str, Any]:
    """What of a job decides on the bytes of its parts, the inputs aside."""
    making = archive.making
    return {
        "form": making.form,
        "text_column": making.options.text_column,
        "encoding": making.options.encoding,
        "keep_furniture": making.keep_furniture,
        "words": making.words,
        "judge": re.sub(r" at 0x\w+", "", repr(making.judge)),  # where it is in memory
        "rows_a_part": archive.rows_a_part,
    }


def _run(
    archive: Archive,
    surveys: Sequence[Survey],
    hands: Hands,
    on_progress: Callable[[Progress], None],
    clock: Callable[[], float],
) -> Summary:
    tally, rows, parts, tagged = Tally(), 0, 0, 0
    about, start = sum(survey.rows for survey in surveys), clock()
    found = batches(surveys, archive.making.options, archive.rows_a_part)
    for batch_rows, new, counts in _finished(archive, found, hands):
        tally.add(counts)
        rows, parts, tagged = rows + batch_rows, parts + 1, tagged + (batch_rows if new else 0)
        on_progress(Progress(rows, about, tagged, clock() - start))
    return Summary(rows, parts, tally)


def _finished(
    archive: Archive, found: Iterator[Batch], hands: Hands
) -> Iterator[tuple[int, bool, Tally]]:
    """For every part that is on the disk, in order: its rows, whether it is new, its counts."""
    waiting: deque[tuple[int, int, Pending | None]] = deque()
    for number, batch in enumerate(_or_nothing(found)):
        there = part_path(archive.folder, number, archive.making.form).exists()
        waiting.append((number, batch.rows, None if there else hands.submit(batch)))
        del batch  # its worker holds it
        if len(waiting) > hands.at_a_time:  # one is read while the others are tagged
            yield _awaited(archive, *waiting.popleft())
    while waiting:
        yield _awaited(archive, *waiting.popleft())


def _or_nothing(found: Iterator[Batch]) -> Iterator[Batch]:
    """The batches; one of nothing where there is none, so that there is a result."""
    yield next(found, Batch(()))
    yield from found


def _awaited(
    archive: Archive, number: int, rows: int, pending: Pending | None
) -> tuple[int, bool, Tally]:
    if pending is None:
        return rows, False, read_tally(archive.folder, number)
    part = pending.result()
    try:
        write_part(archive.folder, number, archive.making.form, part)
    except OutputError as error:
        finished = "1 part is" if number == 1 else f"{number:,} parts are"
        raise OutputError(
            error.message, f"{error.cure} Go on with --resume: {finished} finished."
        ) from error
    return rows, True, part.tally
