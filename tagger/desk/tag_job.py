"""A whole tagging job: from the inputs a person named to the file they asked for."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, NamedTuple

from tagger.desk.explain import explain_prediction
from tagger.desk.tag import Tally, tag_files, tag_stream
from tagger.errors import OutputError
from tagger.files import refuse_existing
from tagger.reading import ReadOptions, find
from tagger.writing.tables import SUFFIXES, open_file, open_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

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
    if (suffix := job.output.suffix.lower()) in SUFFIXES:
        return SUFFIXES[suffix]
    raise OutputError(
        f"{job.output} has no suffix that tells a format.",
        f"Use one of {', '.join(SUFFIXES)}, or add --format.",
    )


def check(job: Job) -> None:
    """Refuse at once what would fail at the end.

    Raises:
        OutputError: an output exists already, or its suffix tells no format.
    """
    format_of(job)
    for path in (job.output, job.rejects or (rejects_path(job) if job.output else None)):
        if path is not None:
            refuse_existing(path, force=job.force)


def rejects_path(job: Job, now: datetime | None = None) -> Path:
    """Where rows that could not be read go."""
    from pathlib import Path  # noqa: PLC0415 - used as a value here only

    if job.rejects:
        return job.rejects
    if job.output:
        return job.output.with_name(f"{job.output.name}.rejects.jsonl")
    return Path(f"tagger-rejects-{now:%Y%m%d-%H%M%S}.jsonl")


def results(
    job: Job,
    model: Model,
    tally: Tally,
    *,
    now: datetime,
    on_total: Callable[[int], None] = lambda _: None,
    on_file: Callable[[Path], None] = lambda _: None,
    stdin: IO[bytes] | None = None,
) -> Iterator[Result]:
    """Do the job's reading and tagging, row by row.

    Args:
        job: what was asked for.
        model: the model that tags.
        tally: is filled in on the way.
        now: names the file of rejects where nothing else does.
        on_total: is told how many files there are.
        on_file: is told when one is done.
        stdin: standard input; the process's own for None.

    Raises:
        InputError: an input matches no file.
    """
    options = ReadOptions(job.text_column, job.encoding, job.input_format)
    with rejects_file(rejects_path(job, now), force=job.force) as reject:
        for prediction in _predictions(
            job, model, options, tally, reject, on_total, on_file, stdin
        ):
            if job.keep_furniture or prediction.paragraph.furniture is None:
                yield Result(
                    prediction, explain_prediction(prediction, model) if job.explain else ()
                )


def _predictions(
    job: Job,
    model: Model,
    options: ReadOptions,
    tally: Tally,
    reject: Callable[[Reject], None],
    on_total: Callable[[int], None],
    on_file: Callable[[Path], None],
    stdin: IO[bytes] | None,
) -> Iterator[Prediction]:
    named = [name for name in job.inputs if name != STDIN]
    if STDIN in job.inputs:
        data = (stdin or sys.stdin.buffer).read()
        yield from tag_stream(data, "stdin", model, options=options, tally=tally, on_reject=reject)
    if named:
        found = find(named)
        tally.notes += [found.skipped] if found.skipped else []
        on_total(len(found.files))
        yield from tag_files(
            found.files, model, options=options, tally=tally, on_reject=reject, on_file=on_file
        )


def save(job: Job, found: Iterable[Result], topics: Sequence[TopicId], stdout: IO[str]) -> None:
    """Write the results in the job's format to its output, or to ``stdout``.

    Raises:
        OutputError: the output exists and may not be replaced, or cannot be written.
    """
    if job.output is None:
        _write_all(open_stream(stdout, format_of(job), topics, job.explain), found)
        return
    with open_file(
        job.output, format_of(job), topics, words=job.explain, force=job.force
    ) as writer:
        _write_all(writer, found)


def _write_all(writer: Writer, found: Iterable[Result]) -> None:
    for prediction, why in found:
        writer.write(prediction, why)


@contextmanager
def rejects_file(path: Path, *, force: bool) -> Iterator[Callable[[Reject], None]]:
    """Something to hand rejected rows to; the file is there only if there was one.

    Raises:
        OutputError: the file exists and may not be replaced, or cannot be written.
    """
    file: IO[str] | None = None

    def add(reject: Reject) -> None:
        nonlocal file
        if file is None:
            refuse_existing(path, force=force)
            file = path.open("w", encoding="utf-8", errors="replace")
        file.write(json.dumps(asdict(reject), ensure_ascii=False) + "\n")

    try:
        yield add
    except OSError as error:
        if error.filename != str(path):
            raise
        raise OutputError(
            f"{path} could not be written: {error.strerror}.", "Name another with --rejects."
        ) from error
    finally:
        if file is not None:
            file.close()
