"""Predictions as JSON lines, CSV and Parquet: one record a paragraph."""

from __future__ import annotations

import csv
import io
import json
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

from tagger.errors import OutputError
from tagger.files import write_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tagger.learning.explanation import Explanation
    from tagger.records import Prediction, TopicId

Format = Literal["jsonl", "csv", "parquet"]
SUFFIXES: dict[str, Format] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
_ROW_GROUP = 20_000  # rows of a Parquet file that are held and written together
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
        table = _Parquet(file, topics, words, rules=rules)
        try:
            yield table
            table.flush()
        finally:
            table.close()
        return
    text = io.TextIOWrapper(file, "utf-8", "replace", newline="")
    try:
        yield open_stream(text, form, topics, words, rules=rules)
    finally:
        text.detach()  # flushes; the file belongs to whoever opened it


def open_stream(
    file: IO[str],
    form: Format,
    topics: Sequence[TopicId],
    words: int = 5,
    *,
    rules: bool = False,
) -> Writer:
    """A writer to an open text stream, such as standard output.

    Raises:
        OutputError: the format is no text.
    """
    if form == "parquet":
        raise OutputError("Parquet is no text for a terminal or a pipe.", "Name a file with -o.")
    return _JsonLines(file, words) if form == "jsonl" else _Csv(file, topics, words, rules=rules)


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
        line = json.dumps(record(prediction, why, self._words), ensure_ascii=False)
        # Half a surrogate pair in hostile text must not stop the batch.
        self._file.write(line.encode("utf-8", "replace").decode() + "\n")


class _Csv:
    def __init__(
        self, file: IO[str], topics: Sequence[TopicId], words: int, *, rules: bool
    ) -> None:
        self._topics = topics
        self._words = words
        self._rules = rules
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow([*_flat_columns(topics, rules=rules), "why"])

    def write(self, prediction: Prediction, why: Sequence[Explanation] = ()) -> None:
        row = flat_record(prediction, self._topics, rules=self._rules)
        row["topics"] = ";".join(row["topics"])
        reasons = [f"{e.topic}: {' '.join(w.text for w in e.strongest(self._words))}" for e in why]
        self._writer.writerow([harmless(value) for value in (*row.values(), "; ".join(reasons))])


class _Parquet:
    def __init__(
        self, file: IO[bytes], topics: Sequence[TopicId], words: int, *, rules: bool
    ) -> None:
        import pyarrow as pa  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy, needed here only
        from pyarrow.parquet import (  # type: ignore[import-untyped]  # noqa: PLC0415 - same
            ParquetWriter,
        )

        kinds = {"index": pa.int64(), "topics": pa.list_(pa.string())}
        kinds |= {f"score_{topic}": pa.float64() for topic in topics}
        names = [*_flat_columns(topics, rules=rules), "why"]
        self._schema: Any = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
        self._writer: Any = ParquetWriter(file, self._schema, compression="zstd")
        self._topics = topics
        self._words = words
        self._rules = rules
        self._rows: list[dict[str, Any]] = []

    def write(self, prediction: Prediction, why: Sequence[Explanation] = ()) -> None:
        row = flat_record(prediction, self._topics, rules=self._rules)
        reasons = record(prediction, why, self._words)["why"] if why else {}
        row["why"] = json.dumps(reasons) if reasons else "{}"
        self._rows.append(row)
        if len(self._rows) == _ROW_GROUP:
            self.flush()

    def flush(self) -> None:
        """Write what was taken so far as one row group."""
        import pyarrow as pa  # noqa: PLC0415 - as above

        columns = {name: [row[name] for row in self._rows] for name in self._schema.names}
        for name in ("document", "text"):  # a file's name may hold bytes that are no UTF-8
            columns[name] = [value.encode("utf-8", "replace").decode() for value in columns[name]]
        if self._rows:
            self._writer.write_table(pa.table(columns, self._schema))
        self._rows.clear()

    def close(self) -> None:
        self._writer.close()


def parquet_bytes(predictions: Iterable[Prediction], topics: Sequence[TopicId]) -> bytes:
    """Predictions as the bytes of a Parquet file."""
    file = io.BytesIO()
    with open_binary(file, "parquet", topics) as table:
        for prediction in predictions:
            table.write(prediction)
    return file.getvalue()


def _flat_columns(topics: Sequence[TopicId], *, rules: bool) -> list[str]:
    scores = [f"score_{topic}" for topic in topics]
    more = ["rules"] if rules else []
    first = ["document", "index", "id", "text", "topics", *scores]
    return [*first, "furniture", "decision", "model", *more]


def flat_record(
    prediction: Prediction, topics: Sequence[TopicId], *, rules: bool = False
) -> dict[str, Any]:
    """A prediction as one table row: a column ``score_<topic>`` for each topic.

    Where there are ``rules``, one more column says which suggest what: ``drones: Shahed``.
    """
    row = record(prediction)
    row |= {f"score_{topic}": row["scores"].get(topic) for topic in topics}
    row["rules"] = "; ".join(f"{topic}: {phrase}" for topic, phrase in prediction.rules.items())
    return {name: row[name] for name in _flat_columns(topics, rules=rules)}


def harmless(value: object) -> object:
    """The value as a spreadsheet cell that is text, never a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
