import pickle

import numpy as np
import polars as pl

from tagger.batch.deciding import Deciding, deciding
from tagger.batch.frame import tag_frame
from tagger.batch.tagging import predict
from tagger.furniture import mark
from tagger.learning.automation import Automation
from tagger.paragraphs import split
from tagger.records import Document, Passage


def automation(model):
    return Automation(model, np.full(len(model.topics) + 1, 0.7))


def test_a_frame_gets_the_decisions_of_its_rows(model, examples):
    texts = [example.text for example in examples]
    tagged = tag_frame(pl.DataFrame({"text": [*texts, None]}), model, automation=automation(model))
    wanted = automation(model).decide(texts, model.probabilities(texts))
    assert tagged["decision"].to_list() == [*wanted, None]
    assert "decision" not in tag_frame(pl.DataFrame({"text": texts}), model).columns


def test_an_article_s_paragraphs_are_decided_as_a_frame_s_rows(model, examples):
    judge = deciding(automation(model))
    paragraphs = mark(split(Document("a", tuple(Passage(e.text) for e in examples[:9]))))
    tagged = judge(paragraphs, model)
    frame = pl.DataFrame({"text": [p.text for p in paragraphs]})
    rows = tag_frame(frame, model, automation=automation(model))["decision"].to_list()
    assert [p.decision or "ask" for p in tagged] == [
        row if p.furniture is None else "ask" for p, row in zip(paragraphs, rows, strict=True)
    ]
    assert {p.decision for p in tagged} >= {"auto"}


def test_another_process_can_be_handed_the_judge(model):
    judge = deciding(automation(model))
    assert pickle.loads(pickle.dumps(judge)) == judge == Deciding((0.7,) * 4)


def test_without_an_aim_paragraphs_get_topics_only(model, examples):
    assert deciding(None) is predict
