"""What a folder of parts was made from, so that a job resumes with nothing else."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.errors import OutputError
from tagger.files import write_beside

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.batch.sources import Survey
    from tagger.learning.model import Model

MANIFEST = "manifest.json"
SUMMARY = "summary.json"
_OF_PARTS = ("part-*", "rejects-*", "tally-*.json")
_OTHER = {
    "tagger": "another version of this tool",
    "model": "another model",
    "model_sha256": "another model",
    "settings": "other settings",
    "inputs": "other inputs",
}
_NAMED = 20  # inputs, for people who read the manifest


def describe(inputs: Sequence[Survey], model: Model, settings: dict[str, Any]) -> dict[str, Any]:
    """Everything that decides on the bytes of the parts."""
    return {
        "tagger": version("newsroom-tagger"),
        "model": model.version,
        "model_sha256": digest_model(model),
        "settings": settings,
        "inputs": _described(inputs),
    }


def _described(inputs: Sequence[Survey]) -> dict[str, Any]:
    """The files' names and contents, as one digest; there may be a million of them."""
    digest = hashlib.sha256()
    for file in inputs:
        digest.update(repr((str(file.path), file.bytes, file.sha256)).encode("utf-8", "replace"))
    return {
        "files": len(inputs),
        "bytes": sum(file.bytes for file in inputs),
        "sha256": digest.hexdigest(),
        "first": [str(file.path) for file in inputs[:_NAMED]],
    }


def digest_model(model: Model) -> str:
    """SHA-256 of everything that scores, in hexadecimal."""
    digest = hashlib.sha256(repr((model.topics, model.blocks, model.taxonomy)).encode())
    for terms in model.terms:
        digest.update("\n".join(terms).encode("utf-8", "surrogatepass") + b"\0")
    for array in (model.idf, model.weights, model.intercepts, model.thresholds):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def open_folder(folder: Path, wanted: dict[str, Any], *, resume: bool, force: bool) -> None:
    """Make a folder ready for the parts of a job.

    Raises:
        OutputError: it holds files of its own, or parts that are neither to be resumed nor
            replaced, or it is to be resumed and belongs to another job.
    """
    manifest = folder / MANIFEST
    begun = is_job(folder)
    if not begun:
        _refuse_foreign(folder)
    elif resume:
        _refuse_another(manifest, wanted)
    elif not force:
        raise OutputError(
            f"{folder} holds the parts of a job already.",
            "Finish it with --resume, replace it with --force, or name another folder.",
        )
    _clear(folder, all_parts=not (begun and resume))
    write_json(manifest, wanted)


def is_job(folder: Path) -> bool:
    """Whether a folder holds the parts of a job, finished or not."""
    try:
        return '"model_sha256": "' in (folder / MANIFEST).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False


def finished(folder: Path) -> dict[str, Any] | None:
    """The summary of a job that is done; None where it is not."""
    path = folder / SUMMARY
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _refuse_foreign(folder: Path) -> None:
    """A folder that no job began must be empty: what is in it is somebody's."""
    foreign = [path.name for path in folder.glob("*") if not path.name.startswith(".")]
    if foreign:
        raise OutputError(
            f"{folder} holds other files, such as {min(foreign)}.",
            "Name a new or empty folder for the parts.",
        )


def _refuse_another(manifest: Path, wanted: dict[str, Any]) -> None:
    try:
        there = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        there = {}
    # As JSON, where a tuple is a list
    plain = json.loads(json.dumps(wanted))
    other = [
        name for name in plain if not isinstance(there, dict) or there.get(name) != plain[name]
    ]
    if other:
        names = ", ".join(dict.fromkeys(_OTHER[name] for name in other))
        raise OutputError(
            f"{manifest.parent} was begun with {names}.",
            "Resume with what it was begun with, replace it with --force, or name another folder.",
        )


def _clear(folder: Path, *, all_parts: bool) -> None:
    """Remove half-written files and, where the job begins anew, the parts of an earlier one.

    Its manifest stays until the new one takes its place: whoever is killed in between leaves the
    earlier job unfinished, and no parts of nobody.
    """
    clear_half_written(folder)
    for pattern in (SUMMARY, *_OF_PARTS) if all_parts else ():
        for path in folder.glob(pattern):
            path.unlink()


def clear_half_written(folder: Path) -> None:
    """Remove what a write that was stopped left in a folder."""
    for path in folder.glob(".*.part"):
        path.unlink(missing_ok=True)


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write an object as JSON for people to read."""
    with write_beside(path) as beside:
        text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
        beside.write_text(text, encoding="utf-8", errors="replace")
