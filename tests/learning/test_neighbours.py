import numpy as np

from tagger.learning.neighbours import near_pairs

RIVER = "The river burst its banks and flooded the village."


def test_a_text_is_near_to_itself_and_to_its_like_only(model):
    others = [RIVER, "The river flooded a village by night.", "A choir sang on Sunday."]
    assert near_pairs(model, [RIVER], others, least=0.2).tolist() == [[True, True, False]]


def test_nearness_goes_both_ways_and_is_the_cosine(model, examples):
    texts = [e.text for e in examples[:20]]
    for least in (0.05, 0.1, 0.4):
        near = near_pairs(model, texts, texts, least)
        assert (near == near.T).all()
        assert near.diagonal().all()
    vectors = np.zeros((2, len(model.idf)))
    for row, text in enumerate(texts[:2]):
        numbers, values = model.vector(text)
        vectors[row, numbers] = values / np.linalg.norm(values)
    cosine = float(vectors[0] @ vectors[1])
    assert near_pairs(model, texts[:1], texts[1:2], cosine - 1e-9).item()
    assert not near_pairs(model, texts[:1], texts[1:2], cosine + 1e-9).item()


def test_a_text_without_known_words_is_near_to_none(model):
    assert not near_pairs(model, ["Ωξψ", RIVER], ["Ωξψ"]).any()


def test_nothing_is_near_to_nothing(model):
    assert near_pairs(model, [], [RIVER]).shape == (0, 1)
    assert near_pairs(model, [RIVER], []).shape == (1, 0)


def test_more_texts_than_are_compared_together_give_the_same(model, examples, monkeypatch):
    texts = [e.text for e in examples]
    at_once = near_pairs(model, texts, texts)
    monkeypatch.setattr("tagger.learning.neighbours._AT_ONCE", 7)
    assert (near_pairs(model, texts, texts) == at_once).all()
