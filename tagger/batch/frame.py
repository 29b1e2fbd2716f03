"""A frame of paragraphs becomes a frame of tagged paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.batch.arrow import lists, utf8_buffers
from tagger.errors import InputError, MissingColumn
from tagger.learning.compiled import WORTH_COMPILING, CompiledModel, compile_model, obstacle
from tagger.learning.model import sigmoid

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from tagger.learning.automation import Automation
    from tagger.learning.model import Model

    Floats = NDArray[np.float64]


def tag_frame(
    frame: pl.DataFrame,
    model: Model,
    text_column: str = "text",
    *,
    automation: Automation | None = None,
) -> pl.DataFrame:
    """Tag every row of a frame as one paragraph.

    The rows are neither split nor sorted into text and page furniture. Probabilities and topics
    are to the last bit those of :meth:`Model.probabilities` and :meth:`Model.chosen`.

    Args:
        frame: has a column of texts; a null there gets null topics and scores.
        model: a plain one is compiled first where the frame is long enough for that to pay.
        text_column: the column of texts.
        automation: adds the column ``decision``: ``auto``, ``ask`` or ``none``.

    Returns:
        The frame with the columns ``topics`` (a list, the most probable first; empty for none of
        them), ``score_<topic>`` for every topic, and ``model``; such as were there are replaced.

    Raises:
        InputError: it is no polars frame.
        MissingColumn: the frame has no such column, or it holds no texts.
    """
    import polars as pl  # noqa: PLC0415 - heavy

    if not isinstance(frame, pl.DataFrame):
        raise InputError(
            f"A {type(frame).__module__}.{type(frame).__name__} is no polars frame.",
            "Hand over polars.from_pandas(frame), or a lazy frame's collect().",
        )
    if frame.schema.get(text_column) != pl.String:
        there = ", ".join(f"{name} ({kind})" for name, kind in frame.schema.items())
        raise MissingColumn(
            f"The frame has no column of texts '{text_column}'; its columns are: {there}.",
            "Name another one, or cast it to strings.",
        )
    scorer = _scorer(model, frame.height)
    texts = frame[text_column]
    probabilities = sigmoid(_scores(scorer, texts))
    columns = [lists(model.topics, *model.ranked(probabilities)).alias("topics")]
    columns += [
        pl.Series(f"score_{topic}", probabilities[:, k]) for k, topic in enumerate(model.topics)
    ]
    if automation:
        decided = automation.decide(texts.fill_null("").to_list(), probabilities)
        columns.append(pl.Series("decision", decided, pl.String))
    judged = [pl.when(texts.is_not_null()).then(column).alias(column.name) for column in columns]
    return frame.with_columns(*judged, pl.lit(model.version).alias("model"))


def _scorer(model: Model, rows: int) -> Model:
    if isinstance(model, CompiledModel) or rows < WORTH_COMPILING or obstacle(model):
        return model
    return compile_model(model)


def _scores(scorer: Model, texts: pl.Series) -> Floats:
    if isinstance(scorer, CompiledModel):
        return scorer.scores_of_utf8(*utf8_buffers(texts))
    return scorer.scores(texts.fill_null(""))
