"""A whole tagging job: from the inputs a person named to the file they asked for."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, NamedTuple

from tagger.desk.explain import explain_prediction
from tagger.desk.tag import Tally, tag_files, tag_stream
from tagger.errors import InputError, OutputError
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
REJECTS = "tagger-rejects-"
_HEAD = 40  # bytes that tell a result of this tool
_OURS = (b"document,index,id,text,topics,", b'{"document": ')


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
    return Path(f"{REJECTS}{now:%Y%m%d-%H%M%S-%f}-{os.getpid()}.jsonl")


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
        OutputError: the result would replace one of the inputs.
    """
    options = ReadOptions(job.text_column, job.encoding, job.input_format)
    with rejects_file(rejects_path(job, now), tally, force=job.force) as reject:
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
        files = _files(job, named, tally)
        on_total(len(files))
        yield from tag_files(
            files, model, options=options, tally=tally, on_reject=reject, on_file=on_file
        )


def _files(job: Job, named: Sequence[str], tally: Tally) -> list[Path]:
    """The files to read; a name that stands for none is a failure like an unreadable file.

    Raises:
        OutputError: the result would replace one of them.
    """
    found: dict[Path, None] = {}
    for name in named:
        try:
            one = find([name])
        except InputError as error:
            tally.failures.append((name, error))
            continue
        tally.notes += [one.skipped] if one.skipped else []
        ours = [path for path in one.files if str(path) != name and _is_ours(path, job)]
        if ours:
            tally.notes.append(f"Skipped {len(ours)} results of this tool in {name}.")
        found |= dict.fromkeys(path for path in one.files if path not in ours)
    for target in filter(None, (job.output, job.rejects)):
        if target.resolve() in {path.resolve() for path in found}:
            raise OutputError(
                f"{target} is one of the inputs: the result would replace it.",
                "Name another output.",
            )
    return list(found)


def _is_ours(path: Path, job: Job) -> bool:
    """Whether a file met in a folder is a result of this tool, this job's own included."""
    if path.name.startswith(REJECTS) or path.name.endswith(".rejects.jsonl"):
        return True
    if job.output is not None and path.resolve() == job.output.resolve():
        return True
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).startswith(
                (b"document,index,id,text,topics,", b'{"document": ')
            )
    except OSError:
        return False  # the reader will say what is wrong with it


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
def rejects_file(path: Path, tally: Tally, *, force: bool) -> Iterator[Callable[[Reject], None]]:
    """Something to hand rejected rows to; the file is there only if there was one.

    Where it cannot be written the rows are lost, and the tally's notes say so: the rest of the job
    is worth more.
    """
    file: IO[str] | None = None
    failed = False

    def add(reject: Reject) -> None:
        nonlocal file, failed
        try:
            if file is None and not failed:
                file = path.open("w" if force else "x", encoding="utf-8", errors="replace")
            if file is not None:
                file.write(json.dumps(asdict(reject), ensure_ascii=False) + "\n")
        except OSError as error:
            failed, file = True, None
            tally.notes.append(
                f"The rows that could not be read are not kept: {path}: {error.strerror}. "
                f"The first: {reject.file}, row {reject.row}: {reject.reason}."
            )

    try:
        yield add
    finally:
        if file is not None:
            file.close()
