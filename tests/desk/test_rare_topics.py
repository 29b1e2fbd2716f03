"""A desk of many topics, some of them rare, every text with a topic: as large archives have it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tagger.desk.evaluate import evaluate_file
from tagger.desk.init import init_from_labels
from tagger.desk.models import load_model, registry_of
from tagger.desk.retrain import retrain
from tagger.learning.explanation import explain
from tagger.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

WARES = ("copper", "barley", "cotton", "rubber", "silver", "butter")
PLACES = ("Oslo", "Lima", "Perth", "Osaka", "Quito", "Turin", "Cairo")


def texts() -> list[dict[str, object]]:
    """420 texts of six wares, and one each of two rare ones; all have a title."""
    common: list[dict[str, object]] = [
        {"text": f"{ware} market\nTraders in {place} sold {ware}, lot {n}.", "topics": [ware]}
        for ware in WARES
        for place in PLACES
        for n in range(10)
    ]
    rare: list[dict[str, object]] = [
        {"text": "Palm oil\nPalm oil was dear in Accra; silver was not.", "topics": ["palm-oil"]},
        {"text": "Rye\nFarmers near Minsk sowed more rye, less barley.", "topics": ["rye"]},
    ]
    return [*common, *rare]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("archive")
    lines = (json.dumps(line) for line in texts())
    (folder / "labelled.jsonl").write_text("\n".join(lines), encoding="utf-8")
    init_from_labels(folder / "desk", folder / "labelled.jsonl", test_share=0)
    desk = Settings(folder / "desk")
    retrain(desk, by="tests", now=datetime(2026, 11, 22, tzinfo=UTC))
    return desk


def test_a_topic_with_one_example_is_learned_with_its_label(archive: Settings) -> None:
    card = registry_of(archive).card(load_model(archive).version)
    assert card["untrained"] == {}
    model = load_model(archive)
    scores = model.scores(["Rye\nMore rye was sown.", "Butter\nMore butter was sold."])
    rye = model.topics.index("rye")
    assert scores[0, rye] > scores[1, rye]


def test_every_paragraph_gets_a_topic_where_every_labelled_one_has(archive: Settings) -> None:
    model = load_model(archive)
    assert registry_of(archive).card(model.version)["always_one"] is True
    assert all(model.chosen(model.probabilities(["Nothing known", "", "Copper\nand more"])))


def test_evaluation_counts_the_topics_that_were_given_as_the_nearest(
    archive: Settings, tmp_path: Path
) -> None:
    model, file = load_model(archive), tmp_path / "judged.jsonl"
    nearest = model.chosen(model.probabilities(["Nothing known"]))[0][0]
    file.write_text(json.dumps({"text": "Nothing known", "topics": [nearest]}), encoding="utf-8")
    evaluation = evaluate_file(archive, model, file)
    assert evaluation.quality.micro_f1.value == 1
    assert (evaluation.probabilities < model.thresholds).all()


def test_an_explanation_names_the_topic_that_is_given_as_the_nearest(archive: Settings) -> None:
    model = load_model(archive)
    given = [e for e in explain(model, "Nothing known") if e.given]
    assert [(e.topic, e.nearest) for e in given] == [
        (model.chosen(model.probabilities(["Nothing known"]))[0][0], True)
    ]
