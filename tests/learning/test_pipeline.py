from __future__ import annotations

import json
import pickle
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tagger.learning.pipeline import as_pipeline
from tagger.learning.training import train
from tagger.records import LabeledExample, TopicId

if TYPE_CHECKING:
    from pathlib import Path

    from tagger.learning.model import Model

KNOWN = [
    *("The", "mediator's", "delegations,", "gas", "PIPELINE;", "floods:", "RIVER", "truce"),
    *("1,500", "barrels", "İ", "ß", "Σ"),
]
TEXTS = st.lists(
    st.sampled_from(KNOWN) | st.text(st.characters(exclude_categories=()), max_size=8), max_size=15
).map(" ".join)


@pytest.fixture(scope="module")
def pipeline(model: Model) -> Any:
    return as_pipeline(model)


@given(st.lists(TEXTS, min_size=1, max_size=5))
@example([""])
@example(["\ud800 lone \udfff", "\x00\x1f", "İİİ river", "gas " * 2000])
def test_the_pipeline_decides_exactly_as_the_model(
    pipeline: Any, model: Model, texts: list[str]
) -> None:
    assert np.abs(pipeline.decision_function(texts) - model.scores(texts)).max() < 1e-9
    assert np.abs(pipeline.predict_proba(texts) - model.probabilities(texts)).max() < 1e-9


def test_the_pipeline_knows_the_topics_and_predicts_a_set_of_them(
    pipeline: Any, model: Model, examples: list[LabeledExample]
) -> None:
    texts = [example.text for example in examples]
    assert pipeline.classes_.tolist() == list(model.topics)
    assert np.array_equal(pipeline.predict(texts) == 1, model.probabilities(texts) > 0.5)


def test_the_pipeline_is_made_of_scikit_learns_own_classes(pipeline: Any) -> None:
    assert b"tagger" not in pickle.dumps(pipeline)


LOAD_WITHOUT_US = """
import sys, json

class NoTagger:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "tagger":
            raise ImportError("there is no tagger here")

sys.meta_path.insert(0, NoTagger())
try:
    import tagger
except ImportError:
    pass
else:
    sys.exit("tagger could be imported")
import joblib
pipeline = joblib.load("pipeline.joblib")
texts = json.loads(sys.stdin.read())
answers = pipeline.decision_function(texts), pipeline.predict_proba(texts)
print(json.dumps([answer.tolist() for answer in answers]))
"""


def test_a_dumped_pipeline_works_where_this_package_is_not_installed(
    pipeline: Any, model: Model, tmp_path: Path
) -> None:
    joblib.dump(pipeline, tmp_path / "pipeline.joblib")
    texts = ["Gas prices rose 3.5% on Monday.", "İstanbul talks", "", "a\x00b"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOAD_WITHOUT_US],
        cwd=tmp_path,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    scores, probabilities = json.loads(done.stdout)
    assert np.abs(np.array(scores) - model.scores(texts)).max() < 1e-9
    assert np.abs(np.array(probabilities) - model.probabilities(texts)).max() < 1e-9


def test_with_a_single_topic_the_pipeline_answers_in_scikit_learns_two_class_shapes(
    examples: list[LabeledExample],
) -> None:
    model = train(examples, [TopicId("energy")]).model
    pipeline = as_pipeline(model)
    texts = ["Gas became dearer.", "The choir sang."]
    probabilities = model.probabilities(texts)
    assert pipeline.decision_function(texts) == pytest.approx(model.scores(texts)[:, 0])
    assert pipeline.predict_proba(texts) == pytest.approx(np.c_[1 - probabilities, probabilities])
    assert pipeline.predict(texts).tolist() == [[1], [0]]


def test_a_model_without_a_single_whole_word_exports_too() -> None:
    topics = [frozenset([TopicId("vowel")])] * 2 + [frozenset[TopicId]()] * 2
    letters = [LabeledExample(text, given) for text, given in zip("aebc", topics, strict=True)]
    model = train([*letters, *letters], [TopicId("vowel"), TopicId("other")]).model
    assert model.terms[0] == []
    texts = ["a", "b", "word"]
    assert as_pipeline(model).decision_function(texts) == pytest.approx(model.scores(texts))


def test_a_model_that_knows_titles_exports_to_the_same_decisions(
    examples: list[LabeledExample], tmp_path: Path
) -> None:
    titled = [replace(e, text=f"{' '.join(sorted(e.topics))} item\n{e.text}") for e in examples]
    model = train(titled, [TopicId("energy"), TopicId("floods")]).model
    assert model.blocks[2].part == "first line"
    joblib.dump(as_pipeline(model), tmp_path / "pipeline.joblib")
    texts = ["Gas\nenergy item", "Energy item\ngas", "energy item", "\n\n*** \nİ item\nx", "", "\n"]
    for pipeline in (as_pipeline(model), joblib.load(tmp_path / "pipeline.joblib")):
        assert np.array_equal(pipeline.decision_function(texts), model.scores(texts))
    assert b"tagger.learning" not in pickle.dumps(as_pipeline(model))
