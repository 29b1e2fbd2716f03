"""An archive of paragraphs, tagged on this machine part by part, and resumed where it stopped."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tagger.batch.frame import tag_frame
from tagger.batch.manifest import SUMMARY, describe, open_folder, write_json
from tagger.batch.parts import part_path, write_part
from tagger.batch.sources import batches, no_rows, survey
from tagger.learning.compiled import CompiledModel, compile_model, obstacle
from tagger.learning.compiled.loading import BESIDE
from tagger.reading import ReadOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.batch.sources import Batch
    from tagger.learning.model import Model
    from tagger.writing.tables import Format


@dataclass(frozen=True, slots=True)
class Archive:
    """What a person asked for.

    Args:
        inputs: tables whose every row is one paragraph: Parquet, CSV, TSV, JSONL.
        folder: where the parts go.
        form: their format.
        text_column: the column that holds the text; None takes the usual names.
        encoding: of CSV, TSV and JSONL where it is not UTF-8.
        keep_text: whether the text stands beside its topics.
        rows_a_part: rows of a part; memory grows with it and with ``workers``.
        workers: threads that tag and write; one more reads.
        resume: whether to go on where an earlier run of the same job stopped.
        force: whether an earlier job's parts in the folder may be replaced.
    """

    inputs: tuple[Path, ...]
    folder: Path
    form: Format = "parquet"
    text_column: str | None = None
    encoding: str | None = None
    keep_text: bool = True
    rows_a_part: int = 20_000
    workers: int = 1
    resume: bool = False
    force: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Args:
        rows: rows read and done, those of parts an earlier run had finished included.
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

    @property
    def seconds_left(self) -> float | None:
        """At this rate; None while there is none."""
        return max(self.about - self.rows, 0) / self.rate if self.rate else None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a finished job holds: rows read, of which rejects, and parts."""

    rows: int
    rejects: int
    parts: int


def tag_archive(
    archive: Archive,
    model: Model,
    *,
    kernels: Path = BESIDE,
    told: Callable[[str], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> Summary:
    """Tag every row of an archive as one paragraph, into a folder of parts.

    The parts depend on the inputs, the model and the settings alone: a run that was killed and
    resumed leaves the same bytes as one that was not. Beside them stand ``manifest.json`` (from
    what they were made), ``rejects-*.jsonl`` (rows without text) and, at the end, ``summary.json``.

    Args:
        archive: what was asked for.
        model: the model that tags.
        kernels: where the scorer's machine code is kept.
        told: hears what takes time or goes another way than usual.
        on_progress: hears after every part.
        clock: seconds.

    Raises:
        InputError: an input is no table or cannot be read.
        MissingColumn: it has no column that holds the text.
        OutputError: the folder belongs to another job, or cannot be written.
    """
    surveys = [survey(path) for path in archive.inputs]
    wanted = describe(surveys, model, _settings(archive))
    open_folder(archive.folder, wanted, resume=archive.resume, force=archive.force)
    scorer = _scorer(model, kernels, told)
    about = sum(survey.rows for survey in surveys)
    rows = rejects = parts = tagged = 0
    start = clock()
    for batch, new in _finished(archive, scorer):
        rows, rejects, parts = rows + batch.rows, rejects + len(batch.rejects), parts + 1
        tagged += batch.rows if new else 0
        on_progress(Progress(rows, about, tagged, clock() - start))
    summary = Summary(rows, rejects, parts)
    write_json(archive.folder / SUMMARY, asdict(summary))
    return summary


def _settings(archive: Archive) -> dict[str, Any]:
    """What of a job decides on the bytes of its parts, the inputs aside."""
    names = ("form", "text_column", "encoding", "keep_text", "rows_a_part")
    return {name: getattr(archive, name) for name in names}


def _scorer(model: Model, kernels: Path, told: Callable[[str], None]) -> Model | CompiledModel:
    if reason := obstacle(model):
        told(f"Tagging goes the slow way with model {model.version}: {reason}.")
        return model
    return compile_model(model, kernels, told)


def _finished(archive: Archive, scorer: Model | CompiledModel) -> Iterator[tuple[Batch, bool]]:
    """Every batch when its part is on the disk, in order, and whether this run tagged it."""
    waiting: deque[tuple[Batch, Future[None] | None]] = deque()
    pool = ThreadPoolExecutor(archive.workers, "tag")
    try:
        for number, batch in enumerate(_batches(archive)):
            there = part_path(archive.folder, number, archive.form).exists()
            job = None if there else pool.submit(_tag_part, archive, scorer, number, batch)
            waiting.append((batch, job))
            if len(waiting) > archive.workers:  # one batch is read while the others are tagged
                yield _awaited(*waiting.popleft())
        while waiting:
            yield _awaited(*waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _batches(archive: Archive) -> Iterator[Batch]:
    """The batches of all inputs; one without rows where there is no other."""
    options = ReadOptions(archive.text_column, archive.encoding)
    found = False
    for path in archive.inputs:
        for batch in batches(path, options, archive.rows_a_part):
            found = True
            yield batch
    if not found:
        yield no_rows()


def _awaited(batch: Batch, job: Future[None] | None) -> tuple[Batch, bool]:
    if job is not None:
        job.result()
    return batch, job is not None


def _tag_part(archive: Archive, scorer: Model | CompiledModel, number: int, batch: Batch) -> None:
    tagged = tag_frame(batch.frame, scorer)
    kept = tagged if archive.keep_text else tagged.drop("text")
    write_part(archive.folder, number, archive.form, kept, batch.rejects)
