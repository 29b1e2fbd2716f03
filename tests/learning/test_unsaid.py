"""Texts that say nothing about a topic teach nothing about it, and the rest as before."""

from dataclasses import replace

import numpy as np

from tagger.learning.training import said_table, train
from tagger.records import TopicId

FLOODS = TopicId("floods")


def test_a_topic_is_learned_only_from_texts_that_speak_of_it(examples, taxonomy):
    known = examples[::2]
    asked = [replace(e, topics=e.topics - {FLOODS}, unsaid=frozenset({FLOODS})) for e in examples]
    mixed = [*known, *[e for e in asked if e.text not in {k.text for k in known}]]
    training = train(mixed, taxonomy.ids)
    column = taxonomy.ids.index(FLOODS)
    assert training.said[:, column].sum() == len(known)
    assert training.said[:, [0, 1]].all()
    rising = ["The river burst its banks and flooded the village."]
    taken_for_negatives = train([replace(e, unsaid=frozenset()) for e in mixed], taxonomy.ids)
    assert (
        training.model.probabilities(rising)[0, column]
        > taken_for_negatives.model.probabilities(rising)[0, column]
    )


def test_a_topic_that_no_text_speaks_of_is_one_that_nobody_has(examples, taxonomy):
    open_ = [replace(e, topics=e.topics - {FLOODS}, unsaid=frozenset({FLOODS})) for e in examples]
    assert said_table(open_, taxonomy.ids).all()
    training = train(open_, taxonomy.ids)
    assert training.untrained == {FLOODS: 0}
    assert np.isinf(training.model.thresholds[taxonomy.ids.index(FLOODS)])
