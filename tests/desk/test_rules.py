"""When rules suggest, and when they have done their work."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tagger.desk.models import load_model, registry_of
from tagger.desk.rules import FEWEST, active_rules, judge_rules, told_rules
from tagger.errors import ModelError
from tagger.records import LabeledExample, TopicId
from tagger.taxonomy import make_taxonomy

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FLOODS = TopicId("floods")


def seeded(*seeds):
    return make_taxonomy([{"id": "talks"}, {"id": "energy"}, {"id": "floods", "seeds": [*seeds]}])


@pytest.fixture
def flooded(examples):
    """Judged paragraphs, 22 of which have floods: some twice, for the sake of numbers."""
    return [*examples, *[e for e in examples if FLOODS in e.topics][:4]]


def test_too_few_paragraphs_with_the_topic_judge_nothing(model, examples):
    few = [e for e in examples if FLOODS in e.topics][: FEWEST - 1]
    found = judge_rules(seeded("banks"), model, few)
    assert found["floods"]["retired"] is False
    assert "rule" not in found["floods"]
    assert judge_rules(seeded("banks"), model, []) == {}
    assert judge_rules(seeded(), model, examples) == {}


def test_a_rule_that_is_beaten_is_retired_and_one_that_is_not_goes_on(model, flooded):
    assert sum(FLOODS in e.topics for e in flooded) >= FEWEST
    beaten = judge_rules(seeded("hikers"), model, flooded)["floods"]
    assert beaten["retired"] is True
    assert beaten["rule"] < beaten["model"]
    assert beaten["precision"] == 1.0
    perfect = [replace(e, text=f"{e.text} Code 7.") if FLOODS in e.topics else e for e in flooded]
    blind = replace(model, thresholds=model.thresholds + 0.4)
    goes_on = judge_rules(seeded("code 7"), blind, perfect)["floods"]
    assert goes_on["retired"] is False
    assert goes_on["rule"] == 1.0


def test_equals_do_not_retire_each_other(model):
    texts = [LabeledExample(f"Nothing {n}.", frozenset({FLOODS})) for n in range(FEWEST)]
    found = judge_rules(seeded("banks"), model, texts)["floods"]  # neither finds any
    assert found["retired"] is False


def test_the_card_of_the_model_that_serves_says_which_rules_are_retired(desk, model):
    taxonomy = seeded("banks", "dyke*")
    model = replace(model, taxonomy=taxonomy.digest)
    figures = {"seeds": ["banks", "dyke*"], "n": 30, "positives": 21, "retired": True}
    version = registry_of(desk).save(model, {"rules": {"floods": figures}}, by="ann", now=NOW)
    saved = replace(model, version=version)
    assert active_rules(desk, saved, taxonomy) == {}
    assert active_rules(desk, saved, seeded("banks")) == {"floods": ("banks",)}  # another rule
    assert active_rules(desk, model, taxonomy) == {"floods": ("banks", "dyke*")}  # no card
    assert active_rules(desk, saved, seeded()) == {}


def test_a_card_is_told_in_words():
    figures = {"seeds": ["banks"], "n": 300, "positives": 12, "retired": False}
    (told,) = told_rules({"rules": {"floods": figures}})
    assert told == (
        "The rule for floods goes on: 12 of 300 judged paragraphs have it, "
        "20 are needed to judge it."
    )
    judged = figures | {"positives": 40, "rule": 0.5, "model": 0.75, "precision": 0.9}
    (told,) = told_rules({"rules": {"floods": judged | {"retired": True}}})
    assert told == (
        "The rule for floods is retired: its F1 0.50, the model's 0.75 "
        "(40 of 300 judged paragraphs have it)."
    )
    assert list(told_rules({})) == []


def test_a_model_serves_on_only_where_all_it_lacks_has_phrases(desk, model, taxonomy):
    path = desk.labeled / "taxonomy.toml"
    text = path.read_text(encoding="utf-8")
    registry = registry_of(desk)
    bound = replace(model, taxonomy=taxonomy.digest)
    registry.promote(registry.save(bound, {}, by="ann", now=NOW), by="ann", now=NOW)
    path.write_text(f'{text}\n[[topic]]\nid = "drones"\nseeds = ["drone*"]\n', encoding="utf-8")
    assert load_model(desk).topics == taxonomy.ids
    path.write_text(f'{text}\n[[topic]]\nid = "drones"\n', encoding="utf-8")
    with pytest.raises(ModelError, match="does not know drones"):
        load_model(desk)
    renamed = text.replace('"floods"', '"high_water"')
    path.write_text(f'{renamed}\n[[topic]]\nid = "drones"\nseeds = ["drone*"]\n', encoding="utf-8")
    with pytest.raises(ModelError, match="it knows floods"):
        load_model(desk)
