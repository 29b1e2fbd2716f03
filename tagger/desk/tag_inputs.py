"""The files that a tagging job reads: what was named, without what the tool itself wrote there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tagger.batch.manifest import is_job
from tagger.desk.wording import counted
from tagger.errors import InputError, OutputError
from tagger.reading import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tagger.batch.tally import Tally

REJECTS = "tagger-rejects-"
_HEAD = 40  # bytes that tell a result of this tool
_OURS = (b"document,index,id,text,topics,", b'{"document": ')
_COLUMNS = ["document", "index", "id", "text", "topics"]


def files_of(named: Sequence[str], outputs: Sequence[Path], tally: Tally) -> list[Path]:
    """The files to read; a name that stands for none is a failure like an unreadable file.

    Args:
        named: files, folders and patterns.
        outputs: where the job's results will be.
        tally: is told what was passed over.

    Raises:
        OutputError: a result would replace one of the files.
    """
    found: dict[Path, None] = {}
    for name in named:
        try:
            one = find([name])
        except InputError as error:
            tally.failures.append((name, error))
            continue
        tally.notes += [one.skipped] if one.skipped else []
        ours = _results_among((path for path in one.files if str(path) != name), outputs)
        if ours:
            tally.notes.append(f"Skipped {counted(len(ours), 'result')} of this tool in {name}.")
        found |= dict.fromkeys(path for path in one.files if path not in ours)
    _spare(found, outputs)
    return list(found)


def _spare(found: dict[Path, None], outputs: Sequence[Path]) -> None:
    for target in outputs:
        if any(path.name == target.name and path.resolve() == target.resolve() for path in found):
            raise OutputError(
                f"{target} is one of the inputs: the result would replace it.",
                "Name another output.",
            )


def _results_among(files: Iterable[Path], outputs: Sequence[Path]) -> set[Path]:
    """The results of this tool among files met in a folder, this job's own included."""
    own, folder_of_parts = {output.resolve() for output in outputs}, cache(is_job)
    return {
        path
        for path in files
        if path.name.startswith(REJECTS)
        or path.name.endswith(".rejects.jsonl")
        or path.resolve() in own
        or folder_of_parts(path.parent)
        or _begins_like_ours(path)
    }


def _begins_like_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False  # the reader will say what is wrong with it
    return head.startswith(_OURS) or (head.startswith(b"PAR1") and _has_our_columns(path))


def _has_our_columns(path: Path) -> bool:
    import polars as pl  # noqa: PLC0415 - heavy, needed for Parquet only

    try:
        return list(pl.read_parquet_schema(path))[: len(_COLUMNS)] == _COLUMNS
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return False  # same
