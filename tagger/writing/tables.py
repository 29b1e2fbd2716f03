"""Predictions as JSON lines, CSV and Parquet: one record a paragraph."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

from tagger.errors import OutputError
from tagger.files import write_beside
from tagger.writing.columns import Held, as_utf8, columns_of, harmless

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.learning.explanation import Explanation
    from tagger.records import Prediction, TopicId
    from tagger.writing.columns import Columns

    Whys = Sequence[Sequence[Explanation]]

Format = Literal["jsonl", "csv", "parquet"]
SUFFIXES: dict[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
_ROW_GROUP = 20_000  # rows of a Parquet file that are held and written together
_ROWS = 1_000  # the same of a CSV file
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


class Writer(Protocol):
    """Takes predictions one by one."""

    def write(self, prediction: Prediction, why: Sequence[Explanation] = ()) -> None:
        """Write one prediction, with the explanations of its topics where asked for."""


@contextmanager
def open_file(
    path: Path,
    form: Format,
    topics: Sequence[TopicId],
    *,
    words: int = 5,
    force: bool = False,
    rules: bool = False,
) -> Iterator[Writer]:
    """A writer to a file that appears under its name when all is written.

    Args:
        path: the file.
        form: its format.
        topics: the model's topics, which become columns.
        words: how many words for and against an explained topic.
        force: whether an existing file may be replaced.
        rules: whether a table has a column for what rules suggest.

    Raises:
        OutputError: the file exists and ``force`` is not set, or cannot be written.
    """
    with (
        write_beside(path, force=force) as beside,
        beside.open("wb") as file,
        open_binary(file, form, topics, words, rules=rules) as writer,
    ):
        yield writer


@contextmanager
def open_binary(
    file: IO[bytes],
    form: Format,
    topics: Sequence[TopicId],
    words: int = 5,
    *,
    rules: bool = False,
) -> Iterator[Writer]:
    """A writer to an open file of bytes; no more than some thousand predictions are held."""
    if form == "parquet":
        with _parquet(file, topics, words, rules=rules) as table:
            yield table
        return
    text = io.TextIOWrapper(file, "utf-8", "replace", newline="")
    try:
        with open_stream(text, form, topics, words, rules=rules) as writer:
            yield writer
    finally:
        text.detach()  # flushes; the file belongs to whoever opened it


@contextmanager
def open_stream(
    file: IO[str],
    form: Format,
    topics: Sequence[TopicId],
    words: int = 5,
    *,
    rules: bool = False,
) -> Iterator[Writer]:
    """A writer to an open text stream, such as standard output.

    Raises:
        OutputError: the format is no text.
    """
    if form == "parquet":
        raise OutputError("Parquet is no text for a terminal or a pipe.", "Name a file with -o.")
    if form == "jsonl":
        yield _JsonLines(file, words)
        return
    with _csv(file, topics, words, rules=rules) as table:
        yield table


def record(
    prediction: Prediction, why: Sequence[Explanation] = (), words: int = 5
) -> dict[str, Any]:
    """A prediction as JSON-able data; the keys are a contract.

    ``decision`` is null for furniture, and everywhere where no aim is set. ``why``, where given,
    adds for each explained topic the strongest words for and against. ``rules`` is there only where
    a phrase suggests a topic that the model has yet to learn: no probability belongs to it.
    """
    paragraph = prediction.paragraph
    row: dict[str, Any] = {
        "document": paragraph.document,
        "index": paragraph.index,
        "id": paragraph.id,
        "text": paragraph.text,
        "topics": list(prediction.topics),
        "scores": {topic: round(score, 6) for topic, score in prediction.scores.items()},
        "furniture": paragraph.furniture,
        "decision": prediction.decision,
        "model": prediction.model,
    }
    if prediction.rules:
        row["rules"] = dict(prediction.rules)
    if why:
        row["why"] = {explanation.topic: _reasons(explanation, words) for explanation in why}
    return row


def _reasons(explanation: Explanation, words: int) -> dict[str, list[tuple[str, float]]]:
    sides = {"for": explanation.strongest(words)}
    sides["against"] = explanation.strongest(words, against=True)
    return {
        side: [(w.text, round(w.contribution, 4)) for w in found] for side, found in sides.items()
    }


class _JsonLines:
    def __init__(self, file: IO[str], words: int) -> None:
        self._file = file
        self._words = words

    def write(self, prediction: Prediction, why: Sequence[Explanation] = ()) -> None:
        line = _encode(record(prediction, why, self._words))
        # Half a surrogate pair in hostile text must not stop the batch.
        self._file.write(as_utf8([line])[0] + "\n")


@contextmanager
def _csv(file: IO[str], topics: Sequence[TopicId], words: int, *, rules: bool) -> Iterator[Held]:
    writer = csv.writer(file, lineterminator="\n")

    def put(columns: Columns, whys: Whys) -> None:
        columns["topics"] = [";".join(given) for given in columns["topics"]]
        columns["why"] = ["; ".join([_in_words(e, words) for e in why]) for why in whys]
        writer.writerows(zip(*map(harmless, columns.values()), strict=True))

    make = partial(columns_of, topics=topics, rules=rules)
    writer.writerow([*make([]), "why"])
    table = Held(make, put, _ROWS)
    try:
        yield table
    finally:  # a reader who stops us wants the rows so far
        table.flush()


def _in_words(explanation: Explanation, words: int) -> str:
    strongest = explanation.strongest(words)
    return f"{explanation.topic}: {' '.join(word.text for word in strongest)}"


@contextmanager
def _parquet(
    file: IO[bytes], topics: Sequence[TopicId], words: int, *, rules: bool
) -> Iterator[Held]:
    import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy, needed here only
    from pyarrow.parquet import (  # type: ignore[import-untyped]  # noqa: PLC0415 - same
        ParquetWriter,
    )

    make = partial(columns_of, topics=topics, rules=rules)
    kinds = {"index": pa.int64(), "topics": pa.list_(pa.string())}
    kinds |= {f"score_{topic}": pa.float64() for topic in topics}
    schema: Any = pa.schema([(n, kinds.get(n, pa.string())) for n in [*make([]), "why"]])

    def put(columns: Columns, whys: Whys) -> None:
        columns |= {name: as_utf8(columns[name]) for name in ("document", "text")}
        columns["why"] = [_as_json(why, words) if why else "{}" for why in whys]
        writer.write_table(pa.table(columns, schema))

    with ParquetWriter(file, schema, compression="zstd") as writer:
        table = Held(make, put, _ROW_GROUP)
        yield table
        table.flush()


def _as_json(why: Sequence[Explanation], words: int) -> str:
    return json.dumps({explanation.topic: _reasons(explanation, words) for explanation in why})


def parquet_bytes(
    predictions: Iterable[Prediction], topics: Sequence[TopicId], *, rules: bool = False
) -> bytes:
    """Predictions as the bytes of a Parquet file."""
    file = io.BytesIO()
    with open_binary(file, "parquet", topics, rules=rules) as table:
        for prediction in predictions:
            table.write(prediction)
    return file.getvalue()
