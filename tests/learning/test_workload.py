import numpy as np

from tagger.learning.automation import Automation
from tagger.learning.workload import workload


def test_the_workload_adds_up(model, examples):
    texts = [example.text for example in examples]
    rows = model.probabilities(texts)
    truth = np.array([[topic in e.topics for topic in model.topics] for e in examples])
    automation = Automation(model, np.full(len(model.topics) + 1, 0.7))
    found = workload(automation, texts, rows, truth)
    assert found.n == len(texts) == found.asked + found.tagged.of + found.none.of
    assert found.by_itself.of == found.tagged.of + found.none.of
    assert sum(share.of for share in found.topics.values()) >= found.tagged.of
    wrong = workload(automation, texts, rows, ~truth)
    assert wrong.by_itself.right == 0
