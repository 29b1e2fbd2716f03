"""Judge a model on labelled texts it was not trained on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tagger.desk.lessons import read_test
from tagger.desk.models import taxonomy_of
from tagger.errors import LabelsError
from tagger.files import write_beside
from tagger.keeping.labeled import read_examples, test_file, train_files
from tagger.keeping.taxonomy_history import read_history
from tagger.learning.evaluation import Bin, Evaluation, evaluate, reliability
from tagger.learning.training import truth_table
from tagger.paragraphs import paragraph_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from tagger.learning.evaluation import Quality
    from tagger.learning.model import Model
    from tagger.records import LabeledExample
    from tagger.settings import Settings


def evaluate_file(
    settings: Settings, model: Model, file: Path | None = None, *, by: str | None = None
) -> Evaluation:
    """Judge a model on a file of labelled texts.

    Args:
        settings: the desk.
        model: as from :func:`tagger.desk.models.load_model`.
        file: JSONL of ``{"text", "topics"}``; the frozen test for None.
        by: a field of the lines; quality is also given for each of its values.

    Raises:
        LabelsError: a line is not valid, has an unknown topic, or there is no line at all.
    """
    file = file or test_file(settings.labeled)
    examples = _examples(settings, model, file)
    if not examples:
        raise LabelsError(f"{file} holds no labelled text.", 'Add lines of {"text", "topics"}.')
    probabilities = model.probabilities(example.text for example in examples)
    truth = truth_table(examples, model.topics)
    parts = {
        value: _quality(model, probabilities[rows], truth[rows])
        for value, rows in (_rows_by(examples, by).items() if by else ())
    }
    quality = _quality(model, probabilities, truth)
    seen = _seen(settings, examples)
    return Evaluation(model, str(file), examples, probabilities, truth, quality, parts, seen)


def _quality(model: Model, probabilities: NDArray[np.float64], truth: NDArray[np.bool_]) -> Quality:
    given = model.given(probabilities)
    return evaluate(model.topics, probabilities, model.thresholds, truth, given=given)


def _examples(settings: Settings, model: Model, file: Path) -> list[LabeledExample]:
    """The file's texts that say something about all of the model's topics."""
    topics = {*model.topics, *taxonomy_of(settings).ids}
    if file == test_file(settings.labeled) and file.exists():
        return read_test(settings, topics)
    found = read_examples([file], topics, read_history(settings.labeled))
    return [example for example in found if not example.unsaid.intersection(model.topics)]


def _rows_by(examples: Sequence[LabeledExample], field: str) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for number, example in enumerate(examples):
        if field in example.extra:
            rows.setdefault(_as_text(example.extra[field]), []).append(number)
    if not rows:
        fields = sorted({name for example in examples for name in example.extra})
        raise LabelsError(
            f"No line has the field {field!r}.",
            f"Fields that occur: {', '.join(fields) or 'none besides text and topics'}.",
        )
    return dict(sorted(rows.items(), key=lambda item: -len(item[1])))


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _seen(settings: Settings, examples: Sequence[LabeledExample]) -> int:
    trained = set()
    for path in train_files(settings.labeled):
        with suppress(LabelsError):  # a broken line there is for 'tagger labels check' to tell
            trained |= {paragraph_id(example.text) for example in read_examples([path])}
    return sum(paragraph_id(example.text) in trained for example in examples)


def write_report(
    evaluation: Evaluation, settings: Settings, path: Path, *, force: bool = False
) -> None:
    """Write an evaluation as one HTML file with plots and the worst mistakes.

    Raises:
        OutputError: the file exists and may not be replaced, or cannot be written.
    """
    from tagger.writing.report import render_report  # noqa: PLC0415 - Jinja is needed here only

    with write_beside(path, force=force) as beside:
        beside.write_text(
            render_report(evaluation, taxonomy_of(settings)), encoding="utf-8", errors="replace"
        )


def reliability_of(evaluation: Evaluation) -> list[Bin]:
    """The reliability curve of an evaluation, all topics together."""
    return reliability(evaluation.probabilities, evaluation.truth)


def has_test(settings: Settings) -> bool:
    """Whether the desk has a frozen test."""
    return test_file(settings.labeled).exists()
