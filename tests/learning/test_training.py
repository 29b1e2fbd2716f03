from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tagger.errors import LabelsError
from tagger.learning.counting import count
from tagger.learning.fitting import weigh
from tagger.learning.learnable import FEWEST, MANY
from tagger.learning.terms import Block
from tagger.learning.training import Recipe, Training, train, truth_table
from tagger.records import LabeledExample, TopicId

if TYPE_CHECKING:
    from tagger.taxonomy import Taxonomy

A, B, C = TopicId("a"), TopicId("b"), TopicId("c")


def labelled(text: str, *topics: TopicId) -> LabeledExample:
    return LabeledExample(text, frozenset(topics))


def same(one: Training, other: Training) -> bool:
    arrays = ("idf", "weights", "intercepts", "thresholds")
    return (
        one.model.terms == other.model.terms
        and np.array_equal(one.probabilities, other.probabilities)
        and all(np.array_equal(getattr(one.model, a), getattr(other.model, a)) for a in arrays)
    )


@pytest.fixture(scope="module")
def noise() -> list[LabeledExample]:
    """Texts of words drawn at random, topics too: the solver has to toil over them."""
    random = np.random.default_rng(1)
    words = [f"{first}{last}ord" for first in "abcdefghijklmnop" for last in "abcdefghijklmnop"]
    topics = np.array([A, B, C])
    return [
        LabeledExample(
            " ".join(random.choice(words, 12)), frozenset(topics[random.random(3) < 0.4].tolist())
        )
        for _ in range(400)
    ]


def test_the_same_seed_gives_the_same_model_to_the_last_bit(
    training: Training, examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    assert same(train(examples, taxonomy.ids), training)


def test_the_number_of_threads_changes_nothing(noise: list[LabeledExample]) -> None:
    alone = train(noise, (A, B, C), Recipe(workers=1))
    # Unguarded, the threads drew from one generator: a third of such trainings differed.
    for _ in range(12):
        assert same(train(noise, (A, B, C), Recipe(workers=4)), alone)


def test_another_seed_deals_other_folds(noise: list[LabeledExample]) -> None:
    one, other = (train(noise, (A, B, C), Recipe(seed=seed)) for seed in (0, 1))
    assert not np.array_equal(one.probabilities, other.probabilities)


def test_training_keeps_the_order_of_the_examples_in_its_tables(
    training: Training, examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    assert np.array_equal(training.truth, truth_table(examples, taxonomy.ids))
    assert training.probabilities.shape == (len(examples), len(taxonomy))
    assert training.model.topics == taxonomy.ids
    assert training.untrained == {}


def test_out_of_fold_scores_come_from_models_that_never_saw_the_text() -> None:
    # Each text has a word of its own, so only a model that saw the text could know its topic.
    random = np.random.default_rng(3)
    letters = list("bcdfghjklmnpqrstvwxz")
    texts = ["".join(random.choice(letters, 9)) for _ in range(80)]
    mine = [labelled(text, *([A] if i % 2 else [])) for i, text in enumerate(texts)]
    learned = train(mine, [A], Recipe(blocks=(Block("word", 1, 1),)))
    seen = learned.model.probabilities(texts)[:, 0]
    assert ((seen > 0.5) == learned.truth[:, 0]).mean() > 0.9
    unseen = (learned.probabilities[:, 0] > 0.5) == learned.truth[:, 0]
    assert unseen.mean() < 0.7


def test_a_held_out_text_adds_no_term_and_changes_no_frequency() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["rain rain sun", "sun moon", "sun", "hail rain sun"]
    block, seen = Block("word", 1, 1), np.array([True, True, True, False])
    theirs = TfidfVectorizer(sublinear_tf=True).fit(texts[:3])
    found = weigh(count(texts, block), block, seen, power=1.0)
    assert found.terms == theirs.get_feature_names_out().tolist()
    assert found.idf == pytest.approx(theirs.idf_)
    assert found.values.toarray() == pytest.approx(theirs.transform(texts).toarray())


def test_near_copies_do_not_flatter_the_out_of_fold_scores() -> None:
    random = np.random.default_rng(4)
    words = [f"{a}{b}{a}" for a in "bcdfghklmn" for b in "aeiou"]
    originals = [" ".join(random.choice(words, 12)) for _ in range(30)]
    topics = [[A] if random.random() < 0.5 else [] for _ in originals]
    copies = [f"Update: {text}" for text in originals]
    twice = [labelled(t, *g) for t, g in zip([*originals, *copies], topics * 2, strict=True)]
    learned = train(twice, [A])
    assert ((learned.probabilities[:, 0] > 0.5) == learned.truth[:, 0]).mean() < 0.75


@pytest.mark.parametrize("few", range(FEWEST))
def test_a_topic_with_too_few_examples_is_named_and_never_suggested(
    examples: list[LabeledExample], taxonomy: Taxonomy, few: int
) -> None:
    rare = TopicId("rare")
    text = "Gas gas gas: the rarest of all topics."
    learned = train([*examples, *[labelled(text, rare)] * few], (*taxonomy.ids, rare))
    assert learned.untrained == {rare: few}
    probabilities = learned.model.probabilities([text, "rarest of all topics", ""])
    assert np.isfinite(probabilities).all()
    assert (probabilities[:, 3] < 0.5).all()
    assert np.ptp(probabilities[:, 3]) == 0  # nothing was learned about it
    assert all(rare not in given for given in learned.model.chosen(probabilities))
    assert learned.model.thresholds[3] == np.inf
    assert learned.model.chosen(np.ones((1, 4))) == [taxonomy.ids]


def test_two_examples_are_enough_for_a_topic_to_be_learned(
    examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    bees = TopicId("bees")
    two = [
        labelled("Beekeepers counted dead hives and bees after the cold spring.", bees),
        labelled("The beekeepers' hives were empty; bees had died of mites.", bees),
    ]
    learned = train([*examples, *two], (*taxonomy.ids, bees))
    assert learned.untrained == {}
    about, other = learned.model.scores(["Beekeepers lost bees and hives.", "Gas became dearer."])
    assert about[3] > other[3]


def test_a_topic_that_every_text_has_is_given_to_every_text(
    examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    news = TopicId("news")
    everywhere = [replace(example, topics=example.topics | {news}) for example in examples]
    learned = train(everywhere, (*taxonomy.ids, news))
    assert learned.untrained == {}
    assert (learned.model.probabilities(["Gas became dearer.", ""])[:, 3] > 0.9).all()


NOTHING = {
    "no texts": [],
    "one text": [labelled("rain", A)],
    "no topic anywhere": [labelled("rain"), labelled("sun"), labelled("snow")],
    "one example": [labelled("rain", A), labelled("sun"), labelled("snow")],
    "all texts have all topics": [labelled("rain", A, B), labelled("sun", A, B)],
    "no words": [labelled("…", A), labelled("!!", A), labelled("--"), labelled(" ")],
}


@pytest.mark.parametrize("examples", NOTHING.values(), ids=NOTHING)
def test_where_there_is_nothing_to_learn_the_labels_are_to_blame(
    examples: list[LabeledExample],
) -> None:
    with pytest.raises(LabelsError, match="nothing to learn") as caught:
        train(examples, (A, B))
    assert caught.value.cure


def test_the_error_counts_what_it_found() -> None:
    with pytest.raises(LabelsError, match=r"from 2 labelled texts \(a: 1, b: 0\)"):
        train([labelled("rain", A), labelled("sun")], (A, B))


def test_topics_of_examples_that_were_not_asked_for_are_left_alone(
    examples: list[LabeledExample],
) -> None:
    energy = TopicId("energy")
    assert train(examples, [energy]).model.topics == (energy,)


def test_three_texts_train_a_model() -> None:
    learned = train([labelled("gas pipe", A), labelled("gas line", A), labelled("cats")], [A])
    gas, cats = learned.model.scores(["gas", "cats"])[:, 0]
    assert gas > cats


def test_copies_of_a_single_text_train_a_model_that_knows_the_base_rate() -> None:
    copies = [labelled("The same words again", A)] * 6 + [labelled("The same words again")] * 2
    found = train(copies, [A]).model.probabilities(["The same words again", "Others"])
    assert found == pytest.approx(0.75, abs=0.1)


def test_a_fold_without_a_single_word_does_no_harm() -> None:
    learned = train(
        [labelled("…", A), labelled("!", A), labelled("rain at last"), labelled("?")], [A]
    )
    assert np.isfinite(learned.probabilities).all()
    assert np.isfinite(learned.model.scores(["rain", "…"])).all()


def test_hostile_texts_train_a_model() -> None:
    texts = ["\ud800 half", "nul\x00byte", "İİİ", "", "x" * 5000, "a\u2028b", "🚀🚀", "𐍈𐍈 𐍈𐍈"]
    hostile = [labelled(text, *([A] if i % 2 else [])) for i, text in enumerate(texts * 2)]
    learned = train(hostile, [A])
    assert np.isfinite(learned.model.scores(texts)).all()


def test_progress_is_told_from_the_first_step_to_the_last(noise: list[LabeledExample]) -> None:
    heard: list[tuple[str, int, int]] = []
    train(noise, (A, B, C), Recipe(folds=3), lambda *told: heard.append(told))
    assert heard == [
        ("counting terms", 0, 1),
        ("counting terms", 1, 1),
        *(("training", done, 4) for done in range(5)),
    ]


def test_a_term_below_min_df_or_above_max_df_is_no_term() -> None:
    blocks = (Block("word", 1, 1, min_df=2, max_df=0.5),)
    texts = ["rain here one", "rain there two", "rain here three", "rain there four", "rain five"]
    mine = [labelled(text, *([A] if i % 2 else [])) for i, text in enumerate(texts)]
    assert train(mine, [A], Recipe(blocks=blocks)).model.terms == (["here", "there"],)


def test_where_no_term_is_frequent_enough_rare_ones_serve() -> None:
    blocks = (Block("word", 1, 1, min_df=9),)
    mine = [labelled("gas pipe", A), labelled("gas line", A), labelled("cats")]
    found = train(mine, [A], Recipe(blocks=blocks)).model.terms
    assert found == (["cats", "gas", "line", "pipe"],)


def test_the_idf_is_scikit_learns_raised_to_a_power() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["gas pipe", "gas line", "cats and gas", "cats"]
    mine = [labelled(text, *([A] if i < 2 else [])) for i, text in enumerate(texts)]
    recipe = Recipe(blocks=(Block("word", 1, 1),), idf_power=2.0)
    found = train(mine, [A], recipe).model.idf
    assert found == pytest.approx(TfidfVectorizer().fit(texts).idf_ ** 2)


def titled(examples: list[LabeledExample]) -> list[LabeledExample]:
    """Every text with a title of its topics' names above it."""
    return [
        replace(e, text=f"{' '.join(sorted(e.topics)) or 'sundry'} item\n{e.text}")
        for e in examples
    ]


def test_where_texts_have_titles_their_words_count_by_themselves(
    examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    found = train(titled(examples), taxonomy.ids).model
    assert [block.part for block in found.blocks] == ["whole", "whole", "first line"]
    assert {"item", "energy item"} <= set(found.terms[2])
    body, title = found.scores(["Sundry\nenergy item", "Energy item\nsundry"])[:, 1]
    assert title > body


def test_where_texts_have_a_single_line_nothing_is_learned_of_titles(
    training: Training, examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    assert [block.part for block in training.model.blocks] == ["whole", "whole"]
    few = [*titled(examples[:6]), *examples[6:]]
    assert len(train(few, taxonomy.ids).model.blocks) == 2


def test_a_blocks_weight_is_no_part_of_the_scoring(
    examples: list[LabeledExample], taxonomy: Taxonomy
) -> None:
    # Twice as long values with a quarter of the penalty are the same problem, but for the bias.
    one, two = (
        train(examples, taxonomy.ids, Recipe(blocks=(block,), contrast=0.0, penalty=penalty)).model
        for block, penalty in [
            (Block("word", 1, 1), 0.02),
            (Block("word", 1, 1, weight=0.1), 2.0),
        ]
    )
    texts = [example.text for example in examples]
    assert np.array_equal(one.vector(texts[0])[1], two.vector(texts[0])[1])
    likeness = np.corrcoef(one.scores(texts).ravel(), two.scores(texts).ravel())[0, 1]
    assert likeness > 0.9


def test_a_model_always_gives_a_topic_only_where_no_text_of_many_has_none(
    noise: list[LabeledExample],
) -> None:
    with_topic = [e for e in noise if e.topics] * 2
    with_topic = [replace(e, text=f"{e.text} {i}th") for i, e in enumerate(with_topic)]
    assert len(with_topic) > MANY
    assert train(with_topic, (A, B, C)).model.always_one
    one_without = [*with_topic, LabeledExample("nothing of them", frozenset())]
    assert not train(one_without, (A, B, C)).model.always_one
    assert not train(with_topic[: MANY - 1], (A, B, C)).model.always_one


def test_a_text_that_leaves_topics_open_is_no_text_without_a_topic(
    noise: list[LabeledExample],
) -> None:
    with_topic = [
        replace(e, text=f"{e.text} {i}th", topics=e.topics or frozenset([A]))
        for i, e in enumerate(noise)
    ]
    open_ = LabeledExample("nothing was asked", frozenset(), unsaid=frozenset([A]))
    assert train([*with_topic, open_], (A, B, C)).model.always_one


def rare_topics(noise: list[LabeledExample]) -> list[LabeledExample]:
    """600 texts of ordinary topics, some of which name bees or the spring; one is about bees."""
    named = {0: " bees", 1: " spring"}
    many = [
        replace(e, text=f"{e.text}{named.get(i % 50, '')}")
        for i, e in enumerate([*noise, *noise[:200]])
    ]
    return [*many, labelled("Many bees died in the spring", BEES)]


BEES = TopicId("bees")


def test_a_rare_topics_label_is_one_more_example_of_it(noise: list[LabeledExample]) -> None:
    topics, texts = (A, B, C, BEES), rare_topics(noise)
    assert train(texts, topics).untrained == {BEES: 1}
    named = train(texts, topics, labels={BEES: "Bees", A: "Anything"})
    assert named.untrained == {}
    about, other = named.model.scores(["new bees", "new spring"])[:, 3]
    assert about > other
    renamed = train(texts, topics, labels={BEES: "Spring"}).model
    about, other = renamed.scores(["new bees", "new spring"])[:, 3]
    assert about < other


def test_the_label_of_a_topic_with_enough_examples_or_with_none_teaches_nothing(
    noise: list[LabeledExample],
) -> None:
    topics, none = (A, B, C, BEES), [e for e in rare_topics(noise) if BEES not in e.topics]
    plain = train(none, topics)
    named = train(none, topics, labels={BEES: "Bees", A: "aaord", B: "bbord", C: "ccord"})
    assert same(plain, named)
    assert named.untrained == {BEES: 0}
