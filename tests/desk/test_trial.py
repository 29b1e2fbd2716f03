"""Whom a candidate is held against, and what is said where nobody can be."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tagger.desk.lessons import Lessons, read_test
from tagger.desk.model_origin import digest_of_examples
from tagger.desk.models import load_model, registry_of, saved_models, taxonomy_of
from tagger.desk.retrain import retrain
from tagger.desk.rivals import find_rivals
from tagger.desk.serving import promote
from tagger.desk.trial import try_out
from tagger.errors import Refused
from tagger.keeping.labeled import read_examples, write_examples
from tagger.learning.evaluation import evaluate
from tagger.learning.training import truth_table
from tagger.records import LabeledExample, TopicId
from tagger.settings import Settings
from tagger.taxonomy import make_taxonomy, write_taxonomy

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TALKS, ENERGY, FLOODS = (TopicId(name) for name in ("talks", "energy", "floods"))
CHOIR = TopicId("choir")


@pytest.fixture(scope="session")
def judged_on_many(tmp_path_factory, desk_with_model, paired):
    """A desk whose frozen test has 480 paragraphs; nothing serves."""
    home = shutil.copytree(desk_with_model.home, tmp_path_factory.mktemp("many") / "desk")
    desk = Settings(home)
    shutil.rmtree(desk.models)
    write_examples(desk.labeled / "test.jsonl", paired[:480], force=True)
    return desk


@pytest.fixture
def many(judged_on_many, tmp_path):
    return Settings(shutil.copytree(judged_on_many.home, tmp_path / "desk"))


def topics_file(desk, *ids):
    taxonomy = make_taxonomy([{"id": id_} for id_ in ids])
    (desk.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")


class Chain:
    """Models that are saved and promoted one after the other, if the gate lets them."""

    def __init__(self, desk, model):
        self.desk, self.model = desk, replace(model, taxonomy=taxonomy_of(desk).digest)
        self.test = read_test(desk, model.topics)
        self.scores = model.probabilities(e.text for e in self.test)
        self.hours = 0

    def macro_f1(self, thresholds):
        truth = truth_table(self.test, self.model.topics)
        figures = evaluate(self.model.topics, self.scores, thresholds, truth, resamples=0)
        return figures.macro_f1.value, figures.topics

    def serve(self, thresholds, *, reason=""):
        """Try a model with these thresholds out, save it, and let it serve if it may."""
        candidate = replace(self.model, thresholds=thresholds)
        found = try_out(self.desk, candidate, Lessons([]), self.test, lambda *_: None)
        value, topics = self.macro_f1(thresholds)
        by_topic = {one.topic: {"f1": one.f1.value} for one in topics}
        card = {
            **found.card,
            "test": {"digest": digest_of_examples(self.test)},
            "quality": {"test": {"macro_f1": value, "topics": by_topic}},
        }
        self.hours += 1
        now = NOON + timedelta(hours=self.hours)
        version = registry_of(self.desk).save(candidate, card, by="tests", now=now)
        promote(self.desk, version, by="tests", now=now, reason=reason)
        return found

    def losing(self, texts):
        """Thresholds that lose so many texts of every topic from the current ones."""
        return np.array(
            [
                np.sort(self.scores[self.has(k), k])[texts] + 1e-9
                for k in range(len(self.model.topics))
            ]
        )

    def has(self, k):
        return truth_table(self.test, self.model.topics)[:, k]


@pytest.fixture
def chain(many, model):
    return Chain(many, model)


def test_a_chain_of_small_losses_is_stopped_at_the_best_that_served(chain):
    verdicts = []

    def worsen():
        verdicts.extend(chain.serve(chain.losing(lost)).verdict for lost in range(1, 30))

    with pytest.raises(Refused, match=r"against the best so far, \d{8}-\d{6}-") as no:
        worsen()
    served = len(verdicts)
    assert verdicts[0] is None
    assert not any(verdict.comparisons[0].objections for verdict in verdicts[1:])
    assert served > 2
    first, last = (chain.macro_f1(chain.losing(n))[0] for n in (1, served))
    assert first - last < 0.03
    assert registry_of(chain.desk).versions()[0] in str(no.value)


def test_the_current_model_is_its_only_rival_while_it_is_the_best(chain):
    chain.serve(chain.losing(10))
    found = chain.serve(chain.losing(2))
    assert [one.against for one in found.verdict.comparisons] == [""]
    again = chain.serve(chain.losing(2))
    assert [one.against for one in again.verdict.comparisons] == [""]
    assert again.card["gate"]["best"] is None


def test_who_overrides_the_gate_with_a_reason_sets_the_bar_anew(chain):
    chain.serve(chain.losing(0))
    chain.serve(chain.losing(80), reason="a wider definition")
    found = chain.serve(chain.losing(80))
    assert [one.against for one in found.verdict.comparisons] == [""]


def test_models_judged_on_another_test_are_no_bar(chain):
    chain.serve(chain.losing(0))
    chain.serve(chain.losing(2))
    digest = digest_of_examples(chain.test)
    first = registry_of(chain.desk).versions()[0]
    assert find_rivals(chain.desk, chain.model.topics, digest).best.version == first
    assert find_rivals(chain.desk, chain.model.topics, "another").best is None


def test_a_best_model_that_was_deleted_or_damaged_is_passed_over(chain):
    for lost in (0, 1, 2):
        chain.serve(chain.losing(lost))
    digest, registry = digest_of_examples(chain.test), registry_of(chain.desk)
    best, second, _ = registry.versions()
    (registry.folder / best / "idf.npy").write_bytes(b"")
    assert find_rivals(chain.desk, chain.model.topics, digest).best.version == second
    shutil.rmtree(registry.folder / best)
    assert find_rivals(chain.desk, chain.model.topics, digest).best.version == second


def test_a_model_that_was_rolled_back_is_no_bar(chain):
    chain.serve(chain.losing(4))
    chain.serve(chain.losing(0))
    registry_of(chain.desk).roll_back(by="tests", now=NOON)
    found = chain.serve(chain.losing(4))
    assert [one.against for one in found.verdict.comparisons] == [""]


# --- topics that came or went


def test_after_a_topic_was_added_the_others_are_judged_all_the_same(many, examples):
    first = retrain(many, by="tests", now=NOON).version
    topics_file(many, TALKS, ENERGY, FLOODS, CHOIR)
    choirs = [f"The choir of school {n} sings a mass in the old church at noon." for n in range(4)]
    songs = [LabeledExample(text, frozenset({CHOIR})) for text in choirs]
    write_examples(many.labeled / "train" / "choirs.jsonl", songs)
    done = retrain(many, by="tests", now=NOON + timedelta(hours=1))
    assert done.verdict is not None
    assert list(done.verdict.comparisons[0].topics) == [TALKS, ENERGY, FLOODS]
    gate = registry_of(many).card(done.version)["gate"]
    assert (gate["against"], gate["unjudged"]) == (first, [CHOIR])
    assert done.promoted
    assert CHOIR in load_model(many).topics


def test_a_worse_model_is_refused_although_a_topic_was_added(many, examples):
    before = retrain(many, by="tests", now=NOON).version
    topics_file(many, TALKS, ENERGY, FLOODS, CHOIR)
    path = many.labeled / "train" / "sentences.jsonl"
    spoilt = [replace(e, topics=frozenset({CHOIR} - e.topics)) for e in examples[1:40]]
    write_examples(path, [*spoilt, *examples[40:]], force=True)
    with pytest.raises(Refused, match="macro-F1 on 480 test paragraphs"):
        retrain(many, by="tests", now=NOON + timedelta(hours=1))
    assert registry_of(many).current() == before


def test_after_a_topic_went_the_rest_is_judged_and_its_tags_flip(many, examples):
    retrain(many, by="tests", now=NOON)
    topics_file(many, TALKS, ENERGY)
    for path in (many.labeled / "train" / "sentences.jsonl", many.labeled / "test.jsonl"):
        kept = [e for e in read_examples([path]) if FLOODS not in e.topics]
        write_examples(path, kept, force=True)
    done = retrain(many, by="tests", now=NOON + timedelta(hours=1), promote=False)
    assert list(done.verdict.comparisons[0].topics) == [TALKS, ENERGY]
    assert done.card["gate"]["unjudged"] == []


def test_without_a_shared_topic_there_is_no_rival_and_the_card_says_so(many, examples):
    first = retrain(many, by="tests", now=NOON).version
    topics_file(many, CHOIR)
    songs = [LabeledExample(f"The choir sings mass {n}.", frozenset({CHOIR})) for n in range(9)]
    others = [LabeledExample(e.text, frozenset()) for e in examples[:9]]
    write_examples(many.labeled / "train" / "sentences.jsonl", [*songs, *others], force=True)
    (many.labeled / "test.jsonl").unlink()
    done = retrain(many, by="tests", now=NOON + timedelta(hours=1))
    assert done.promoted
    assert done.verdict is None
    assert done.card["gate"]["note"] == f"Model {first} knows none of today's topics."


def test_a_saved_model_with_a_broken_card_is_named_and_hides_no_other(many):
    first = retrain(many, by="tests", now=NOON).version
    second = retrain(many, by="tests", now=NOON + timedelta(hours=1), again=True).version
    for text in ("", "[]", '{"quality": {}}', '{"quality": {"test": 3}, "created": 1}'):
        (many.models / first / "card.json").write_text(text, encoding="utf-8")
        broken, sound = saved_models(many)
        assert (broken.version, broken.card, broken.serves) == (first, None, False)
        assert first in broken.problem or "lacks" in broken.problem
        assert (sound.version, sound.problem, sound.serves) == (second, "", True)
