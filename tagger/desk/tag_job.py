"""A whole tagging job: from the inputs a person named to the file they asked for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from tagger.batch.ruling import has_rules
from tagger.desk.explain import explain_prediction
from tagger.desk.tag import Tally, predict, tag_files, tag_stream
from tagger.desk.tag_inputs import REJECTS, files_of
from tagger.desk.tag_rejects import rejects_file
from tagger.errors import InputError, OutputError
from tagger.files import refuse_existing
from tagger.reading import ReadOptions
from tagger.writing.tables import SUFFIXES, open_file, open_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from tagger.batch.tagging import Judge
    from tagger.learning.explanation import Explanation
    from tagger.learning.model import Model
    from tagger.records import Prediction, Reject, TopicId
    from tagger.writing.tables import Format, Writer

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Job:
    """What a person asked for.

    Args:
        inputs: files, folders, globs, or ``-`` for standard input.
        output: where the result goes; None for standard output.
        form: its format; None takes the suffix of ``output``, else JSONL.
        text_column: the column of a table that holds the text.
        encoding: the inputs' encoding where it is not UTF-8.
        input_format: the format of standard input; None tells it by its beginning.
        keep_furniture: whether page furniture is in the result.
        explain: how many words for and against each topic; 0 for none.
        rejects: where unreadable rows go; None chooses a name.
        force: whether existing outputs may be replaced.
        in_folder: whether ``output`` is a folder of part files.
        resume: whether to go on where an earlier run of the same job stopped.
        workers: how many parts are tagged at a time.
        rows_a_part: rows of a part file.
        cluster: the address of a Dask scheduler, or ``local``; None tags in this process.
        judge: gives the topics, and where the desk set an aim the decisions.
    """

    inputs: tuple[str, ...]
    output: Path | None = None
    form: Format | None = None
    text_column: str | None = None
    encoding: str | None = None
    input_format: str | None = None
    keep_furniture: bool = False
    explain: int = 0
    rejects: Path | None = None
    force: bool = False
    in_folder: bool = False
    resume: bool = False
    workers: int | None = None
    rows_a_part: int | None = None
    cluster: str | None = None
    judge: Judge = predict

    @property
    def asks_for_parts(self) -> bool:
        """Whether it names anything that only a job in parts has."""
        return bool(
            self.in_folder or self.resume or self.workers or self.rows_a_part or self.cluster
        )


class Result(NamedTuple):
    """A prediction with the explanations that were asked for."""

    prediction: Prediction
    why: Sequence[Explanation]


def format_of(job: Job) -> Format:
    """The format of the result.

    Raises:
        OutputError: the output's suffix names none.
    """
    if job.form or job.output is None:
        return job.form or "jsonl"
    if job.in_folder:
        return "parquet"
    if (suffix := job.output.suffix.lower()) in SUFFIXES:
        return SUFFIXES[suffix]
    raise OutputError(
        f"{job.output} has no suffix that tells a format.",
        f"Use one of {', '.join(SUFFIXES)}, add --format, or end the name of a folder with a /.",
    )


def check(job: Job) -> None:
    """Refuse at once what would fail at the end.

    Raises:
        InputError: parts were asked for, but standard input cannot be read twice.
        OutputError: an output exists already, its suffix tells no format, or parts were asked
            for and no place for them.
    """
    format_of(job)
    if job.asks_for_parts and job.output is None:
        raise OutputError(
            "Results in parts, --resume and --workers need a place.",
            "Name a file or a folder with -o.",
        )
    if job.asks_for_parts and STDIN in job.inputs:
        raise InputError(
            "Standard input cannot be tagged in parts or resumed.", "Save it to a file first."
        )
    for path in (None if job.in_folder else job.output, rejects_of(job)):
        if path is not None:
            refuse_existing(path, force=job.force)


def rejects_of(job: Job) -> Path | None:
    """Where rows that could not be read go, as far as the job alone tells."""
    if job.rejects or job.output is None or job.in_folder:
        return job.rejects
    return job.output.with_name(f"{job.output.name}.rejects.jsonl")


def rejects_path(job: Job, now: datetime) -> Path:
    """Where rows that could not be read go; for a folder of parts, one of its files a part."""
    if job.in_folder and job.output and not job.rejects:
        return job.output / "rejects-*.jsonl"
    return rejects_of(job) or Path(f"{REJECTS}{now:%Y%m%d-%H%M%S-%f}-{os.getpid()}.jsonl")


def inputs_of(job: Job, tally: Tally) -> list[Path]:
    """The files to read, as by :func:`files_of`."""
    named = [name for name in job.inputs if name != STDIN]
    return files_of(named, [path for path in (job.output, job.rejects) if path], tally)


def results(
    job: Job,
    files: Sequence[Path],
    model: Model,
    tally: Tally,
    *,
    now: datetime,
    on_file: Callable[[Path], None] = lambda _: None,
    stdin: IO[bytes] | None = None,
) -> Iterator[Result]:
    """Do the job's reading and tagging, row by row.

    Args:
        job: what was asked for.
        files: as from :func:`inputs_of`.
        model: the model that tags.
        tally: is filled in on the way.
        now: names the file of rejects where nothing else does.
        on_file: is told when a file is done.
        stdin: standard input; the process's own for None.
    """
    with rejects_file(rejects_path(job, now), tally, force=job.force) as reject:
        for prediction in _predictions(job, files, model, tally, reject, on_file, stdin):
            if job.keep_furniture or prediction.paragraph.furniture is None:
                yield Result(
                    prediction, explain_prediction(prediction, model) if job.explain else ()
                )


def _predictions(
    job: Job,
    files: Sequence[Path],
    model: Model,
    tally: Tally,
    reject: Callable[[Reject], None],
    on_file: Callable[[Path], None],
    stdin: IO[bytes] | None,
) -> Iterator[Prediction]:
    options = ReadOptions(job.text_column, job.encoding, job.input_format)
    if STDIN in job.inputs:
        data = (stdin or sys.stdin.buffer).read()
        yield from tag_stream(
            data,
            "stdin",
            model,
            options=options,
            tally=tally,
            on_reject=reject,
            judge=job.judge,
        )
    yield from tag_files(
        files,
        model,
        options=options,
        tally=tally,
        on_reject=reject,
        on_file=on_file,
        judge=job.judge,
    )


def save(job: Job, found: Iterable[Result], topics: Sequence[TopicId], stdout: IO[str]) -> None:
    """Write the results in the job's format to its output, or to ``stdout``.

    Raises:
        OutputError: the output exists and may not be replaced, or cannot be written.
    """
    form, rules = format_of(job), has_rules(job.judge)
    if job.output is None:
        with open_stream(stdout, form, topics, job.explain, rules=rules) as writer:
            _write_all(writer, found)
        return
    with open_file(
        job.output, form, topics, words=job.explain, force=job.force, rules=rules
    ) as writer:
        _write_all(writer, found)


def _write_all(writer: Writer, found: Iterable[Result]) -> None:
    for prediction, why in found:
        writer.write(prediction, why)
