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
# A spreadsheet takes a cell that begins so for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Writer(Protocol):
    """Takes predictions one by one."""

    def write(self, prediction: Prediction, why: Sequence[Explanation] = ()) -> None:
        """Write one prediction, with the explanations of its topics where asked for."""


@contextmanager
def open_file(
    path: Path, form: Format, topics: Sequence[TopicId], *, words: int = 5, force: bool = False
) -> Iterator[Writer]:
    """A writer to a file that appears under its name when all is written.

    Args:
        path: the file.
        form: its format.
        topics: the model's topics, which become columns.
        words: how many words for and against an explained topic.
        force: whether an existing file may be replaced.

    Raises:
        OutputError: the file exists and ``force`` is not set, or cannot be written.
    """
    with write_beside(path, force=force) as beside:
        if form == "parquet":
            table = _Parquet(topics, words)
            yield table
            table.save(beside)
        else:
            with beside.open("w", encoding="utf-8", errors="replace", newline="") as file:
                yield open_stream(file, form, topics, words)


def open_stream(file: IO[str], form: Format, topics: Sequence[TopicId], words: int = 5) -> Writer:
    """A writer to an open text stream, such as standard output.

    Raises:
        OutputError: the format is no text.
    """
    if form == "parquet":
        raise OutputError("Parquet is no text for a terminal or a pipe.", "Name a file with -o.")
    return _JsonLines(file, words) if form == "jsonl" else _Csv(file, topics, words)


def record(
    prediction: Prediction, why: Sequence[Explanation] = (), words: int = 5
) -> dict[str, Any]:
    """A prediction as JSON-able data; the keys are a contract.

    ``why``, where given, adds for each explained topic the strongest words for and against.
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
        "model": prediction.model,
    }
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
    def __init__(self, file: IO[str], topics: Sequence[TopicId], words: int) -> None:
        self._topics = topics
        self._words = words
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow([*_flat_columns(topics), "why"])

    def write(self, prediction: Prediction, why: Sequence[Explanation] = ()) -> None:
        row = flat_record(prediction, self._topics)
        row["topics"] = ";".join(row["topics"])
        reasons = [f"{e.topic}: {' '.join(w.text for w in e.strongest(self._words))}" for e in why]
        self._writer.writerow([harmless(value) for value in (*row.values(), "; ".join(reasons))])


class _Parquet:
    def __init__(self, topics: Sequence[TopicId], words: int) -> None:
        self._topics = topics
        self._words = words
        self._rows: list[dict[str, Any]] = []

    def write(self, prediction: Prediction, why: Sequence[Explanation] = ()) -> None:
        row = flat_record(prediction, self._topics)
        row["why"] = json.dumps(record(prediction, why, self._words).get("why", {}))
        self._rows.append(row)

    def save(self, file: Path | IO[bytes]) -> None:
        import polars as pl  # noqa: PLC0415 - heavy, needed for Parquet only

        kinds: dict[str, Any] = dict.fromkeys(_flat_columns(self._topics), pl.String)
        kinds |= {f"score_{topic}": pl.Float64 for topic in self._topics}
        kinds |= {"index": pl.Int64, "topics": pl.List(pl.String), "why": pl.String}
        pl.DataFrame(self._rows, schema=kinds).write_parquet(file)


def parquet_bytes(predictions: Iterable[Prediction], topics: Sequence[TopicId]) -> bytes:
    """Predictions as the bytes of a Parquet file."""
    table, file = _Parquet(topics, 5), io.BytesIO()
    for prediction in predictions:
        table.write(prediction)
    table.save(file)
    return file.getvalue()


def _flat_columns(topics: Sequence[TopicId]) -> list[str]:
    scores = [f"score_{topic}" for topic in topics]
    return ["document", "index", "id", "text", "topics", *scores, "furniture", "model"]


def flat_record(prediction: Prediction, topics: Sequence[TopicId]) -> dict[str, Any]:
    """A prediction as one table row: a column ``score_<topic>`` for each topic."""
    row = record(prediction)
    row |= {f"score_{topic}": row["scores"].get(topic) for topic in topics}
    return {name: row[name] for name in _flat_columns(topics)}


def harmless(value: object) -> object:
    """The value as a spreadsheet cell that is text, never a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value
