"""A whole story accepted at once."""

import io
import json

import numpy as np
import polars as pl
import pytest

from tagger.desk.article import accept_all, add_text, download, tagged_article
from tagger.errors import InputError
from tagger.keeping.store import Decision
from tagger.learning.automation import Automation
from tagger.records import TopicId
from tagger.taxonomy import make_taxonomy

STORY = """River talks end without a truce

The refinery sold its last crude oil before the price cap on gas took effect.

A cellist gave a concert in the museum on the first warm evening of May.

A cellist gave a concert in the museum on the first warm evening of May.
"""


@pytest.fixture
def article(store, model):
    number = add_text(STORY, "story", store, model)
    return lambda: tagged_article(number, store, model)


def test_every_undecided_paragraph_gets_its_own_suggestion_once(store, article, taxonomy):
    before = article()
    done = accept_all(before, store, "ann", batch="b", taxonomy=taxonomy)
    assert len(done) == 3  # the paragraph that stands twice is decided once
    for one, prediction in zip(done, before.undecided, strict=True):
        made = one.correction
        assert set(made.topics) == set(prediction.topics)
        assert made.shown.scores == prediction.scores
        assert (made.reason, made.batch) == ("article", "b")
    assert article().undecided == []


def test_the_same_press_twice_is_one_press_and_one_undo_takes_it_back(store, article, taxonomy):
    before = article()
    accept_all(before, store, "ann", batch="b", taxonomy=taxonomy)
    again = accept_all(before, store, "ann", batch="b", taxonomy=taxonomy)
    assert all(one.repeated for one in again)
    assert store.count() == 3
    store.undo("ann", key="undo")
    assert store.count() == 0
    assert len(article().undecided) == 3


def test_what_the_editor_turned_on_counts_and_other_topics_are_left_out(store, article, taxonomy):
    before = article()
    first = before.undecided[0].paragraph.id
    changed = {first: {taxonomy.ids[2], "retired"}}
    made = accept_all(before, store, "ann", batch="b", taxonomy=taxonomy, changed=changed)
    assert made[0].correction.topics == (taxonomy.ids[2],)


def test_all_or_none_is_accepted(store, article, taxonomy):
    with pytest.raises(InputError):
        accept_all(article(), store, "", batch="b", taxonomy=make_taxonomy([{"id": "talks"}]))
    assert store.count() == 0


def test_a_download_says_what_needs_an_editor_and_what_a_rule_suggests(store, model, taxonomy):
    number = add_text(STORY, "story", store, model)
    rules = {TopicId("music"): ("cellist",)}
    tagged = tagged_article(number, store, model, rules=rules)
    first = tagged.undecided[0].paragraph
    store.decide(Decision(first.id, first.text, ("energy",), "ann", "key"))
    tagged = tagged_article(number, store, model, rules=rules)
    never = Automation(model, np.full(len(model.topics) + 1, np.inf))

    rows = [
        json.loads(line) for line in download(tagged, "jsonl", model, taxonomy, never).splitlines()
    ]
    assert [row["decision"] for row in rows] == [None, "ask", "ask", "ask"]
    item = json.loads(download(tagged, "ninjs", model, taxonomy, never))
    assert item["edNote"].startswith("To be looked at by an editor: paragraphs 2, 3, 4.")
    assert item["subjects"][-1]["creator"] == "newsroom-tagger rule"
    csv = download(tagged, "csv", model, taxonomy).decode().splitlines()
    parquet = pl.read_parquet(io.BytesIO(download(tagged, "parquet", model, taxonomy)))
    assert "rules" in csv[0].split(",")
    assert parquet["rules"].to_list()[-1] == "music: cellist"
    assert parquet["decision"].null_count() == len(parquet)
