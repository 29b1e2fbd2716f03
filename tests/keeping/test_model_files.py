from __future__ import annotations

import json
import pickle
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tagger.errors import ModelError
from tagger.keeping.model_files import FORMAT, read_model, write_model
from tagger.learning.model import Model
from tagger.learning.terms import Block
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def equal(one: Model, other: Model) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        if isinstance(getattr(one, field.name), np.ndarray)
        else getattr(one, field.name) == getattr(other, field.name)
        for field in fields(Model)
    )


@pytest.fixture
def small() -> Model:
    """A model with awkward names and figures, and a block without a term."""
    return Model(
        topics=(TopicId("rain, \ud800"), TopicId("Überflutung")),
        blocks=(Block("word", 1, 2, 2, 0.5), Block("char", 4, 5), Block("word", 3, 3)),
        terms=(["ärger", "\ud83d\ude00 x", "東京"], [" \x00ab", "\udfff"], []),
        idf=np.array([1.5, 1 / 3, 1e-300, 7.0, 2.0]),
        weights=np.random.default_rng(0).normal(size=(5, 2)),
        intercepts=np.array([-0.1, 1 / 7]),
        thresholds=np.array([0.3, np.inf]),
        taxonomy="digest",
    )


@pytest.fixture
def folder(tmp_path: Path, small: Model) -> Path:
    write_model(tmp_path, small)
    return tmp_path


def test_a_model_comes_back_to_the_last_bit(folder: Path, small: Model) -> None:
    assert equal(read_model(folder), small)


def test_a_trained_model_predicts_the_same_after_the_round_trip(
    tmp_path: Path, model: Model
) -> None:
    write_model(tmp_path, model)
    texts = ["Gas became dearer.", "İstanbul talks of a truce", "", "\ud800", "flood " * 500]
    assert np.array_equal(read_model(tmp_path).probabilities(texts), model.probabilities(texts))


def test_a_model_of_no_term_at_all_comes_back(tmp_path: Path, small: Model) -> None:
    empty = replace(small, terms=([], [], []), idf=np.zeros(0), weights=np.zeros((0, 2)))
    write_model(tmp_path, empty)
    assert np.array_equal(read_model(tmp_path).scores(["x"]), small.intercepts[None, :])


def test_all_written_files_are_named(tmp_path: Path, small: Model) -> None:
    names = write_model(tmp_path, small)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())


def test_no_file_is_a_pickle(folder: Path) -> None:
    for path in folder.iterdir():
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever, but no object
            pickle.loads(path.read_bytes())


def test_an_array_with_objects_in_it_is_refused_without_loading_it(folder: Path) -> None:
    np.save(folder / "idf.npy", np.array([print] * 5), allow_pickle=True)
    with pytest.raises(ModelError, match="is damaged"):
        read_model(folder)


def test_the_plan_is_json_that_any_program_reads(folder: Path) -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    plan = json.loads((folder / "model.json").read_text("ascii"), parse_constant=refuse)
    assert plan["format"] == FORMAT
    assert plan["topics"][1]["threshold"] is None


@pytest.mark.parametrize("name", ["model.json", "idf.npy", "weights.npy", "terms-0.txt"])
@pytest.mark.parametrize(
    "damage",
    [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-9])],
    ids=["missing", "cut off"],
)
def test_a_missing_or_cut_off_file_is_refused(
    folder: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(folder / name)
    if name == "terms-0.txt":
        (folder / name).write_bytes(b"only one")
    with pytest.raises(ModelError, match=f"Model {folder.name} is damaged") as caught:
        read_model(folder)
    assert "rollback" in caught.value.cure


@pytest.mark.parametrize(
    "name", ["model.json", "idf.npy", "weights.npy", "terms-0.txt", "terms-1.txt"]
)
def test_an_empty_or_foreign_file_is_refused(folder: Path, name: str) -> None:
    for data in (b"", b"\x80\x04\x95 no such thing", b"\xff" * 200):
        (folder / name).write_bytes(data)
        with pytest.raises(ModelError, match="is damaged"):
            read_model(folder)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("idf.npy", np.ones(4)),
        ("idf.npy", np.ones(5, np.float32)),
        ("weights.npy", np.ones((2, 5))),
        ("weights.npy", np.ones((5, 3))),
    ],
)
def test_arrays_that_do_not_fit_the_terms_and_topics_are_refused(
    folder: Path, name: str, array: Any
) -> None:
    np.save(folder / name, array)
    with pytest.raises(ModelError, match="has the shape"):
        read_model(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"topics": None},
        {"topics": ["rain", "flood"]},
        {"topics": [{"id": "rain"}]},
        {"topics": [{"id": "a", "intercept": "x", "threshold": 0.5}] * 2},
        {"blocks": [{"kind": "word"}] * 3},
        {"blocks": "word"},
        {"format": None},
        {"format": "2"},
    ],
    ids=str,
)
def test_a_plan_of_another_form_is_refused(folder: Path, change: dict[str, object]) -> None:
    plan = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    (folder / "model.json").write_text(json.dumps({**plan, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged"):
        read_model(folder)


@pytest.mark.parametrize("plan", ["[]", "null", "{}", '"model"'])
def test_a_plan_that_is_no_plan_is_refused(folder: Path, plan: str) -> None:
    (folder / "model.json").write_text(plan, encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged"):
        read_model(folder)


def test_a_model_of_a_newer_tagger_is_refused_by_that_reason(folder: Path) -> None:
    plan = {"format": FORMAT + 1, "whatever": "else"}
    (folder / "model.json").write_text(json.dumps(plan), encoding="utf-8")
    with pytest.raises(ModelError, match="written by a newer tagger") as caught:
        read_model(folder)
    assert "Update this tagger" in caught.value.cure


def test_whether_a_model_always_gives_a_topic_is_kept(model: Model, tmp_path: Path) -> None:
    for always in (True, False):
        folder = tmp_path / str(always)
        folder.mkdir()
        write_model(folder, replace(model, always_one=always))
        assert read_model(folder).always_one is always


def test_a_model_of_before_that_was_known_does_not_always_give_one(
    model: Model, tmp_path: Path
) -> None:
    write_model(tmp_path, model)
    plan = json.loads((tmp_path / "model.json").read_text())
    del plan["always_one"]
    for block in plan["blocks"]:
        del block["part"], block["weight"]
    (tmp_path / "model.json").write_text(json.dumps(plan))
    assert read_model(tmp_path).always_one is False
    assert read_model(tmp_path).blocks == model.blocks
