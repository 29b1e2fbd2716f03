"""The shipped corpus trains a model that is at least as good as the pinned floors say.

A change that lowers quality fails here unless ``quality_floors.json`` is changed in the same
commit, with a reason.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tagger.desk.evaluate import evaluate_file
from tagger.desk.models import load_model
from tagger.desk.retrain import retrain
from tagger.files import digest_file
from tagger.settings import Settings

ROOT = Path(__file__).parents[1]
FLOORS = json.loads(Path(__file__).with_name("quality_floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A desk with the project's own labels and the model they train."""
    home = tmp_path_factory.mktemp("shipped")
    (home / "labeled").symlink_to(ROOT / "labeled")
    settings = Settings(home)
    retrain(settings, by="tests", now=datetime(2026, 11, 22, tzinfo=UTC))
    return settings, load_model(settings)


@pytest.mark.parametrize("floor", FLOORS["files"], ids=lambda floor: Path(floor["file"]).name)
def test_the_shipped_model_keeps_its_quality_on(shipped, floor):
    path = ROOT / floor["file"]
    if not path.exists() and floor["file"].startswith("../shared"):
        pytest.skip("../shared is not here: its real paragraphs may not be committed")
    assert digest_file(path) == floor["sha256"], "other texts: measure and pin the floors anew"
    evaluation = evaluate_file(*shipped, path, by=floor.get("by"))
    parts = {"all": evaluation.quality, **evaluation.parts}
    for part, least in floor["macro_f1"].items():
        assert parts[part].macro_f1.value >= least, part
    for topic in evaluation.quality.topics:
        assert topic.f1.value >= floor["topics"][topic.topic], topic.topic
    assert evaluation.quality.calibration_error <= floor["calibration_error"]
    assert evaluation.seen == 0
