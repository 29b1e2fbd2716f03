"""A batch of documents becomes a part: made in memory, written whole or not at all."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Protocol

from tagger.batch.arrow import join_parquet
from tagger.batch.ruling import has_rules
from tagger.batch.tagging import Judge, predict, tag_block
from tagger.batch.tally import Tally
from tagger.errors import TaggerError
from tagger.files import write_beside
from tagger.reading import ReadOptions
from tagger.records import Document, Reject
from tagger.writing.tables import open_binary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from tagger.batch.sources import Batch
    from tagger.learning.explanation import Explanation
    from tagger.learning.model import Model
    from tagger.records import Prediction
    from tagger.writing.tables import Format


class Explain(Protocol):
    """Says why a paragraph got its topics; a function that other processes can import."""

    def __call__(self, prediction: Prediction, model: Model) -> list[Explanation]:
        """One explanation a topic."""


@dataclass(frozen=True, slots=True)
class Making:
    """What decides on the bytes of a part, besides its documents and the model.

    Args:
        form: the format.
        options: how to read.
        keep_furniture: whether page furniture is in the result.
        words: how many words for and against each topic; 0 for none.
        judge: gives the topics.
        explain: says why; needed where ``words`` are wanted.
    """

    form: Format = "parquet"
    options: ReadOptions = field(default_factory=ReadOptions)
    keep_furniture: bool = False
    words: int = 0
    judge: Judge = predict
    explain: Explain | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A tagged batch: a whole file of the wanted format, what was rejected, and the counts."""

    data: bytes
    rejects: tuple[Reject, ...]
    tally: Tally


def make_part(batch: Batch, model: Model, making: Making) -> Part:
    """Read and tag a batch; whatever cannot be read is in the part's tally."""
    tally, documents, rejects = Tally(), list[tuple[str, Document]](), list[Reject]()
    for piece in batch.pieces:
        try:
            for item in piece.documents(making.options):
                if isinstance(item, Document):
                    documents.append((piece.file, item))
                else:
                    rejects.append(item)
        except TaggerError as error:
            tally.failures.append((piece.file, error))
    tally.rejects = len(rejects)
    data = _written(tag_block(documents, model, tally, making.judge), model, making)
    return Part(data, tuple(rejects), tally)


def _written(predictions: Iterable[Prediction], model: Model, making: Making) -> bytes:
    file = io.BytesIO()
    rules = has_rules(making.judge)
    with open_binary(file, making.form, model.topics, making.words, rules=rules) as writer:
        for prediction in predictions:
            if making.keep_furniture or prediction.paragraph.furniture is None:
                explain = making.explain if making.words else None
                writer.write(prediction, explain(prediction, model) if explain else ())
    return file.getvalue()


def part_path(folder: Path, number: int, form: Format) -> Path:
    """Where a part stands; by name, parts are in the order of their rows."""
    return folder / f"part-{number:06}.{form}"


def rejects_path(folder: Path, number: int) -> Path:
    """Where a part's rejected rows stand, if it has any."""
    return folder / f"rejects-{number:06}.jsonl"


def tally_path(folder: Path, number: int) -> Path:
    """Where a part's counts stand until the job is done."""
    return folder / f"tally-{number:06}.json"


def write_part(folder: Path, number: int, form: Format, part: Part) -> None:
    """Write a part and, before it, its rejects and counts: where the part is, everything is.

    Raises:
        OutputError: it cannot be written.
    """
    if part.rejects:
        lines = [json.dumps(asdict(reject), ensure_ascii=False) + "\n" for reject in part.rejects]
        _write(rejects_path(folder, number), "".join(lines).encode("utf-8", "replace"))
    _write(tally_path(folder, number), json.dumps(part.tally.as_json()).encode())
    _write(part_path(folder, number, form), part.data)


def _write(path: Path, data: bytes) -> None:
    with write_beside(path) as beside:
        beside.write_bytes(data)


def read_tally(folder: Path, number: int) -> Tally:
    """The counts of a part that an earlier run wrote."""
    return Tally.from_json(json.loads(tally_path(folder, number).read_text(encoding="utf-8")))


def join_parts(folder: Path, target: Path, form: Format, *, force: bool = False) -> None:
    """Make one file of a finished folder of parts, one part in memory at a time.

    Raises:
        OutputError: ``target`` exists or cannot be written.
    """
    parts = sorted(folder.glob(f"part-*.{form}"))
    with write_beside(target, force=force) as beside:
        if form == "parquet":
            join_parquet(parts, beside)
        else:
            _join_text(parts, beside, header=form == "csv")


def join_rejects(folder: Path, target: Path, *, force: bool = False) -> bool:
    """Make one file of a folder's rejected rows; False where nothing was rejected.

    Raises:
        OutputError: ``target`` exists or cannot be written.
    """
    parts = sorted(folder.glob("rejects-*.jsonl"))
    if parts:
        with write_beside(target, force=force) as beside:
            _join_text(parts, beside, header=False)
    return bool(parts)


def _join_text(parts: Sequence[Path], target: Path, *, header: bool) -> None:
    with target.open("wb") as joined:
        for number, part in enumerate(parts):
            with part.open("rb") as file:
                if header and number:
                    file.readline()
                shutil.copyfileobj(file, joined)
