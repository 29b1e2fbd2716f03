"""A model as plain files, and back: NumPy arrays without pickle, JSON, and lists of terms."""

from __future__ import annotations

import json
from dataclasses import asdict
from tokenize import TokenError
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from tagger.errors import ModelError
from tagger.learning.model import Model
from tagger.learning.terms import Block
from tagger.records import TopicId

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FORMAT = 1
# What JSON and NumPy raise on files that were cut off or made to hurt.
_MALFORMED = (
    *(OSError, ValueError, KeyError, TypeError, EOFError, SyntaxError),
    *(RecursionError, OverflowError, MemoryError, BadZipFile, TokenError),
)
_UTF8 = {"encoding": "utf-8", "errors": "surrogatepass"}  # hostile text may train on half a pair


def write_model(folder: Path, model: Model) -> list[str]:
    """Write a model's files into an empty folder and return their names."""
    plan = {
        "format": FORMAT,
        "taxonomy": model.taxonomy,
        "always_one": model.always_one,
        "blocks": [asdict(block) for block in model.blocks],
        "topics": [
            {"id": topic, "intercept": intercept, "threshold": _finite(threshold)}
            for topic, intercept, threshold in zip(
                model.topics, model.intercepts.tolist(), model.thresholds.tolist(), strict=True
            )
        ],
    }
    (folder / "model.json").write_text(json.dumps(plan, indent=1), encoding="utf-8")
    np.save(folder / "idf.npy", model.idf, allow_pickle=False)
    np.save(folder / "weights.npy", model.weights, allow_pickle=False)
    for number, terms in enumerate(model.terms):
        (folder / _terms(number)).write_bytes("\n".join(terms).encode(**_UTF8))
    return ["model.json", "idf.npy", "weights.npy", *map(_terms, range(len(model.terms)))]


def read_model(folder: Path) -> Model:
    """Read a model's files.

    Raises:
        ModelError: a file is missing or malformed, the files do not fit together, or they were
            written by a newer version of this tool.
    """
    try:
        plan = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if plan["format"] > FORMAT:
            raise ModelError(
                f"Model {folder.name} was written by a newer tagger (format {plan['format']}).",
                "Update this tagger, or promote an older model.",
            )
        model = _model(folder, plan)
    except _MALFORMED as error:
        raise _damaged(folder, str(error)) from None
    _check_shapes(folder, model)
    return model


def _model(folder: Path, plan: dict[str, list[dict[str, object]]]) -> Model:
    blocks = tuple(Block(**block) for block in plan["blocks"])  # type: ignore[arg-type]  # checked by use
    topics = plan["topics"]
    return Model(
        topics=tuple(TopicId(str(topic["id"])) for topic in topics),
        blocks=blocks,
        terms=tuple(_read_terms(folder / _terms(number)) for number in range(len(blocks))),
        idf=_read_array(folder / "idf.npy"),
        weights=_read_array(folder / "weights.npy"),
        intercepts=np.array([topic["intercept"] for topic in topics], np.float64),
        thresholds=np.array([_or_never(topic["threshold"]) for topic in topics], np.float64),
        always_one=bool(plan.get("always_one", False)),  # older models had no such thing
        taxonomy=str(plan["taxonomy"]),
    )


def _check_shapes(folder: Path, model: Model) -> None:
    terms, topics = sum(map(len, model.terms)), len(model.topics)
    shapes = {"idf": (model.idf, (terms,)), "weights": (model.weights, (terms, topics))}
    for name, (array, shape) in shapes.items():
        if array.shape != shape or array.dtype != np.float64:
            raise _damaged(folder, f"{name} has the shape {array.shape}, not {shape}")


def _read_terms(path: Path) -> list[str]:
    text = path.read_bytes().decode(**_UTF8)
    return text.split("\n") if text else []


def _read_array(path: Path) -> NDArray[np.float64]:
    # Memory-mapped: only the rows of terms that occur are read.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _terms(number: int) -> str:
    return f"terms-{number}.txt"


def _finite(threshold: float) -> float | None:
    return threshold if np.isfinite(threshold) else None


def _or_never(threshold: object) -> object:
    return np.inf if threshold is None else threshold


def _damaged(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"Model {folder.name} is damaged: {reason}.",
        "Go back with 'tagger models rollback', or train anew with 'tagger retrain'.",
    )
