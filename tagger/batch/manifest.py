"""What a folder of parts was made from, so that a job resumes with nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
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


def describe(inputs: Sequence[Survey], model: Model, settings: dict[str, Any]) -> dict[str, Any]:
    """Everything that decides on the bytes of the parts."""
    return {
        "tagger": version("newsroom-tagger"),
        "model": model.version,
        "model_sha256": digest_model(model),
        "settings": settings,
        "inputs": [asdict(survey) for survey in inputs],
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
        OutputError: it holds parts already and is neither to be resumed nor replaced, or it is to
            be resumed and belongs to another job.
    """
    manifest = folder / MANIFEST
    if manifest.exists() and resume:
        _refuse_another(manifest, wanted)
    elif manifest.exists() and not force:
        raise OutputError(
            f"{folder} holds the parts of a job already.",
            "Finish it with --resume, replace it with --force, or name another folder.",
        )
    _clear(folder, all_parts=not resume or not manifest.exists())
    write_json(manifest, wanted)


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
        raise OutputError(
            f"{manifest.parent} was begun with another {', '.join(other)}.",
            "Resume with what it was begun with, replace it with --force, or name another folder.",
        )


def _clear(folder: Path, *, all_parts: bool) -> None:
    """Remove half-written files and, where the job begins anew, the parts of an earlier one."""
    patterns = [".*.part"]
    if all_parts:  # the manifest first: what is left without one belongs to no job
        patterns = [MANIFEST, SUMMARY, "part-*", "rejects-*", *patterns]
    for pattern in patterns:
        for path in folder.glob(pattern):
            path.unlink()


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write an object as JSON for people to read."""
    with write_beside(path) as beside:
        beside.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
