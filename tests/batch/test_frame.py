from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from tagger.batch.frame import tag_frame
from tagger.errors import InputError, MissingColumn
from tagger.learning.compiled import WORTH_COMPILING, compile_model
from tagger.learning.terms import Block

if TYPE_CHECKING:
    from tagger.learning.model import Model
    from tagger.records import LabeledExample

TEXTS = ["Gas became dearer.", "", None, "The envoys met; the river fell.", "ΟΔΟΣ İ 😀", "A choir."]


def scores_of(tagged: pl.DataFrame, model: Model) -> np.ndarray:
    return tagged.select([f"score_{topic}" for topic in model.topics]).to_numpy()


@pytest.mark.parametrize("compiled", [False, True])
def test_a_row_gets_the_very_topics_and_probabilities_of_the_model(
    model: Model, examples: list[LabeledExample], compiled: bool
) -> None:
    texts = [example.text for example in examples]
    low = replace(model, thresholds=np.array([0.1, 0.2, 0.15]))  # so that many get several topics
    tagged = tag_frame(pl.DataFrame({"text": texts}), compile_model(low) if compiled else low)
    expected = low.probabilities(texts)
    assert np.array_equal(scores_of(tagged, low), expected)
    assert tagged["topics"].to_list() == [list(row) for row in low.chosen(expected)]
    assert max(map(len, tagged["topics"])) > 1
    assert tagged["model"].unique().to_list() == [low.version]


def test_a_long_frame_is_tagged_as_its_rows_alone(model: Model) -> None:
    frame = pl.DataFrame({"text": TEXTS * (WORTH_COMPILING // len(TEXTS) + 1)})
    tagged = tag_frame(frame, model)
    assert tagged.equals(pl.concat([tag_frame(frame[:6], model)] * (len(frame) // 6)))


def test_a_model_that_cannot_be_compiled_tags_a_long_frame_too(model: Model) -> None:
    wide = replace(model, blocks=(Block("word", 1, 3), model.blocks[1]))
    frame = pl.DataFrame({"text": ["Gas became dearer."] * WORTH_COMPILING})
    assert np.array_equal(
        scores_of(tag_frame(frame, wide), wide)[-1], wide.probabilities(frame["text"][:1])[0]
    )


@pytest.mark.parametrize("compiled", [False, True])
def test_a_row_without_a_text_is_not_judged_and_an_empty_text_is(
    model: Model, compiled: bool
) -> None:
    tagged = tag_frame(pl.DataFrame({"text": TEXTS}), compile_model(model) if compiled else model)
    missing = tagged["text"].is_null()
    assert (tagged["topics"].is_null() == missing).all()
    assert (tagged["score_talks"].is_null() == missing).all()
    assert tagged["topics"][1].to_list() == []


def test_other_columns_stay_and_older_tags_are_replaced(model: Model) -> None:
    frame = pl.DataFrame({"id": [7], "topics": ["old"], "body": ["Gas became dearer."]})
    tagged = tag_frame(frame, model, "body")
    assert tagged["id"].to_list() == [7]
    assert tagged["topics"].to_list() == [["energy"]]


def test_a_sliced_and_a_chunked_column_are_read_right(model: Model) -> None:
    frame = pl.DataFrame({"text": TEXTS})
    compiled = compile_model(model)
    whole = tag_frame(frame, compiled)
    assert tag_frame(frame[2:5], compiled).equals(whole[2:5])
    parts = pl.concat([frame[:1], frame[1:4], frame[4:]], rechunk=False)
    assert tag_frame(parts, compiled).equals(whole)


def test_a_frame_without_rows_gets_its_columns(model: Model) -> None:
    empty = tag_frame(pl.DataFrame(schema={"text": pl.String}), compile_model(model))
    assert empty.schema == tag_frame(pl.DataFrame({"text": ["gas"]}), model).schema
    assert empty.height == 0


@pytest.mark.parametrize("frame", [{"body": ["gas"]}, {"text": [1]}], ids=["absent", "numbers"])
def test_a_frame_without_a_column_of_texts_is_refused(
    model: Model, frame: dict[str, list[object]]
) -> None:
    with pytest.raises(MissingColumn, match="no column of texts 'text'"):
        tag_frame(pl.DataFrame(frame), model)


def test_the_threads_of_a_pool_may_share_a_compiled_model(
    model: Model, examples: list[LabeledExample]
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    compiled = compile_model(model)
    frames = [pl.DataFrame({"text": [e.text for e in examples[i:]]}) for i in range(16)]
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        together = list(pool.map(lambda frame: tag_frame(frame, compiled), frames))
    assert all(t.equals(tag_frame(f, model)) for t, f in zip(together, frames, strict=True))


def test_a_lazy_frame_or_a_dictionary_is_refused_with_what_to_hand_over(model):
    for other in (pl.LazyFrame({"text": ["A."]}), {"text": ["A."]}):
        with pytest.raises(InputError, match=rf"{type(other).__name__} is no polars frame\.\nHand"):
            tag_frame(other, model)
