"""A tagging job in parts: large inputs, in bounded memory, that can be stopped and resumed."""

from __future__ import annotations

import glob
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from tagger.desk.explain import explain_prediction
from tagger.desk.tag_job import STDIN, format_of, rejects_of
from tagger.desk.tag_rejects import forget_rejects
from tagger.errors import InputError, OutputError
from tagger.reading import ReadOptions
from tagger.reading.formats import format_of as kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tagger.batch.crew import Crew
    from tagger.batch.local import Progress
    from tagger.batch.parts import Making
    from tagger.batch.tally import Tally
    from tagger.desk.tag_job import Job
    from tagger.learning.model import Model

# From here on the compiled scorer saves more than its start costs, and a job is long enough for
# somebody to want to stop and resume it.
BIG = 24 << 20  # bytes: some 100,000 paragraphs
MANY = 5_000  # files
_PACKED = 3  # Parquet holds about three times as much text in a byte


def goes_in_parts(job: Job, files: Sequence[Path]) -> bool:
    """Whether a job goes in parts: it was asked for, or the inputs are large."""
    if job.asks_for_parts or job.output is None or STDIN in job.inputs:
        return job.asks_for_parts
    return len(files) >= MANY or sum(map(_size, files)) >= BIG


def _size(path: Path) -> int:
    try:
        size = path.stat().st_size
    except OSError:
        return 0  # the reader will say what is wrong with it
    return size * _PACKED if kind_of(path) == "parquet" else size


def parts_folder(job: Job) -> Path:
    """Where the parts are: the wanted folder, else one beside the wanted file till that is there.

    Raises:
        OutputError: the job names no output.
    """
    if job.output is None:
        raise OutputError("Results in parts need a place.", "Name a file or a folder with -o.")
    return job.output if job.in_folder else job.output.with_name(f"{job.output.name}.parts")


def tag_in_parts(
    job: Job,
    files: Sequence[Path],
    model: Model,
    tally: Tally,
    *,
    by: str,
    told: Callable[[str], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> None:
    """Do a job part by part; at its end the result is what it had been in one go.

    Args:
        job: what was asked for.
        files: as from :func:`tagger.desk.tag_job.inputs_of`.
        model: the model that tags.
        tally: is filled in.
        by: who runs it, for those who find the place taken.
        told: hears what takes time or goes the slow way.
        on_progress: hears after every part.

    Raises:
        OutputError: the place is taken, belongs to another job, or cannot be written.
    """
    from tagger.batch.local import Archive, tag_archive  # noqa: PLC0415 - big jobs only

    archive = Archive(
        tuple(files),
        parts_folder(job),
        _making(job),
        workers=job.workers,
        resume=job.resume,
        force=job.force,
        by=by,
        **({"rows_a_part": job.rows_a_part} if job.rows_a_part else {}),
    )
    summary = tag_archive(
        archive,
        model,
        crew=_crew(job),
        told=told,
        on_progress=on_progress,
        then=partial(_join, job, tally),
    )
    tally.add(summary.tally)
    if not job.in_folder:
        with suppress(OSError):  # the next job is in it already
            archive.folder.rmdir()


def ready_scorer(told: Callable[[str], None]) -> None:
    """Build the fast scorer's machine code where it can be used and is missing.

    Done after a training, so that no job has to wait for it; ``told`` hears it beforehand.
    """
    from tagger.learning.compiled import warm_kernels  # noqa: PLC0415 - heavy

    with suppress(ImportError):  # without the extra 'fast' there is nothing to build
        warm_kernels(told=told)


def _crew(job: Job) -> Crew:
    """Threads of this process, or the workers of a cluster.

    Raises:
        InputError: the extra that speaks with clusters is not installed.
    """
    if job.cluster is None:
        from tagger.batch.crew import threads  # noqa: PLC0415 - big jobs only

        return threads
    try:
        from tagger.batch.cluster import dask_workers  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError(
            f"A cluster needs {error.name or 'dask'}, which is not installed.",
            "Install it with: pip install 'newsroom-tagger[cluster]'",
        ) from error
    return partial(dask_workers, address=job.cluster)


def _making(job: Job) -> Making:
    from tagger.batch.parts import Making  # noqa: PLC0415 - big jobs only

    return Making(
        form=format_of(job),
        options=ReadOptions(job.text_column, job.encoding),
        keep_furniture=job.keep_furniture,
        words=job.explain,
        judge=job.judge,
        explain=explain_prediction if job.explain else None,
    )


def _join(job: Job, tally: Tally, folder: Path) -> None:
    """Bring finished parts to where they were asked for, while nobody else may touch them."""
    if rejects := rejects_of(job):
        _join_rejects(folder, rejects, tally, force=job.force)
    if job.output and not job.in_folder:
        from tagger.batch.parts import join_parts  # noqa: PLC0415 - big jobs only

        _sweep(job.output)
        try:
            join_parts(folder, job.output, format_of(job), force=job.force)
        except OutputError as error:
            cure = f"{error.cure} Go on with --resume: all parts are finished."
            raise OutputError(error.message, cure) from error
        _empty(folder)


def _empty(folder: Path) -> None:
    """Remove the parts, but not what says that the folder is held: somebody may be waiting."""
    for path in folder.glob("[!.]*"):
        with suppress(OSError):
            path.unlink()


def _join_rejects(folder: Path, target: Path, tally: Tally, *, force: bool) -> None:
    from tagger.batch.parts import join_rejects  # noqa: PLC0415 - big jobs only

    try:
        if not join_rejects(folder, target, force=force) and force:
            forget_rejects(target)
    except OutputError as error:  # the result is worth more
        tally.notes.append(f"The rows that could not be read are not kept: {error.message}")


def _sweep(target: Path) -> None:
    """Remove what a join that was killed left beside its target."""
    for path in target.parent.glob(f".{glob.escape(target.name)}.????????.part"):
        with suppress(OSError):
            path.unlink()
