"""Articles come in, paragraphs wait once each, and decisions close them."""

from __future__ import annotations

import pytest

from tagger.errors import InputError
from tagger.keeping.store import Added, Article, Counts, Score
from tagger.keeping.store import queue as queue_module
from tagger.records import Paragraph, ParagraphId

TEXTS = ("The ferry left.", "The mill was sold.", "Rain is expected.", "The bridge is closed.")


def texts(items):
    return [item.text for item in items]


def left(store):
    return store.queue.counts().left


def test_an_articles_paragraphs_wait_in_their_order(store, article):
    added = store.queue.add([article("a.html", *TEXTS)])
    assert added == Added(articles=1, queued=4)
    assert texts(store.queue.items()) == list(TEXTS)
    assert store.queue.counts() == Counts(total=4, decided=0, left=4, skipped=0, held=0)


def test_an_item_is_shown_in_its_article(store, article):
    about = {"title": "At the coast", "date": "2026-11-20", "source": "Harbour News"}
    store.queue.add([article("a.html", *TEXTS, "Last.", **about)])
    item = store.queue.items()[2]
    place = item.place
    assert (place.name, place.index, place.text) == ("a.html", 2, TEXTS[2])
    assert (place.title, place.date, place.source) == tuple(about.values())
    assert item.before == TEXTS[:2]
    assert item.after == (TEXTS[3], "Last.")
    assert (item.copies, item.model, item.lane, item.decision) == (0, None, "", None)


def test_neighbours_are_two_on_each_side_and_no_furniture(store, article):
    words = ["One.", "Two.", "Share", "Three.", "Here.", "Share", "Four.", "Five.", "Six."]
    numbered = [Paragraph(ParagraphId(f"{n}"), w, "a", n) for n, w in enumerate(words)]
    furniture = [
        Paragraph(p.id, p.text, "a", p.index, furniture="share line") if p.text == "Share" else p
        for p in numbered
    ]
    store.queue.add([Article("a", tuple(furniture))])
    item = store.queue.item(ParagraphId("4"))
    assert (item.before, item.after) == (("Two.", "Three."), ("Four.", "Five."))


def test_an_article_comes_back_whole(store, article):
    given = article("a.html", *TEXTS, furniture=(TEXTS[1],), title="At the coast")
    store.queue.add([given])
    assert store.queue.article(store.queue.items()[0].place.article) == given
    assert store.queue.article(99) is None


def test_furniture_is_kept_as_context_but_never_asked(store, article, id_of):
    added = store.queue.add([article("a.html", *TEXTS, furniture=(TEXTS[0],))])
    assert (added.queued, added.furniture) == (3, 1)
    assert TEXTS[0] not in texts(store.queue.lease("Anna"))
    assert store.texts([id_of(TEXTS[0])]) == {id_of(TEXTS[0]): TEXTS[0]}


def test_what_was_furniture_is_asked_once_it_stands_as_a_paragraph(store, article):
    store.queue.add([article("a.html", TEXTS[0], furniture=(TEXTS[0],))])
    added = store.queue.add([article("b.html", TEXTS[0])])
    assert (added.queued, texts(store.queue.items())) == (1, [TEXTS[0]])
    assert store.queue.items()[0].place.name == "b.html"
    assert store.queue.items()[0].copies == 0


def test_the_same_article_is_queued_once(store, article):
    store.queue.add([article("a.html", *TEXTS)])
    again = store.queue.add([article("a.html", *TEXTS), article("a.html", *TEXTS)])
    assert again == Added(known=2)
    assert left(store) == 4
    assert store.queue.items()[0].copies == 0


def test_a_changed_article_brings_only_its_new_paragraphs(store, article):
    store.queue.add([article("a.html", *TEXTS[:3])])
    added = store.queue.add([article("a.html", *TEXTS[1:])])
    assert (added.articles, added.queued, added.copies) == (1, 1, 2)
    assert left(store) == 4


def test_the_same_paragraph_in_many_articles_is_one_item(store, article, id_of):
    names = ["a.html", "b.html", "c.html"]
    added = store.queue.add([article(name, TEXTS[0], title=name) for name in names])
    assert (added.queued, added.copies) == (1, 2)
    (item,) = store.queue.items()
    assert (item.copies, item.place.name) == (2, "a.html")
    assert [place.title for place in store.queue.places(id_of(TEXTS[0]))] == names


def test_near_copies_are_one_item_and_decided_once(store, article, decision, id_of):
    wire = [f"The ferry left with {n} cars." for n in range(7)]
    groups = {id_of(text): "ferry" for text in wire}
    store.queue.add([article("a.html", *wire[:3]), article("b.html", *wire[3:5])], groups)
    store.queue.add([article("c.html", *wire[5:])], groups)
    (item,) = store.queue.items()
    assert (item.text, item.copies) == (wire[0], 6)
    assert [place.text for place in store.queue.places(id_of(wire[4]))] == wire
    decided = store.decide(decision(wire[4], "peace"))
    assert decided.closed
    assert store.queue.counts() == Counts(total=1, decided=1, left=0, skipped=0, held=0)
    assert store.queue.item(id_of(wire[6])).decision == decided.correction.sequence


def test_a_paragraph_decided_before_it_is_queued_does_not_wait(store, article, decision, id_of):
    store.decide(decision(TEXTS[0], "peace"))
    added = store.queue.add([article("a.html", *TEXTS[:2])])
    assert (added.queued, added.decided) == (2, 1)
    assert texts(store.queue.lease("Anna")) == [TEXTS[1]]
    assert texts(store.queue.items("decided")) == [TEXTS[0]]
    undone = store.undo("Anna", key="z1")
    assert undone.reopened == (id_of(TEXTS[0]),)
    assert left(store) == 2


def test_a_copy_that_was_decided_closes_the_item_it_joins(store, article, decision, id_of):
    groups = {id_of(text): "same" for text in TEXTS[:2]}
    store.queue.add([article("a.html", TEXTS[0])], groups)
    store.decide(decision(TEXTS[1], "peace"))
    added = store.queue.add([article("b.html", TEXTS[1])], groups)
    assert (added.queued, added.decided, left(store)) == (0, 1, 0)


def test_two_decided_copies_stay_closed_until_both_are_undone(store, article, decision, id_of):
    groups = {id_of(text): "same" for text in TEXTS[:2]}
    store.decide(decision(TEXTS[0]))
    store.decide(decision(TEXTS[1]))
    store.queue.add([article("a.html", TEXTS[0]), article("b.html", TEXTS[1])], groups)
    assert store.queue.item(id_of(TEXTS[0])).decision == 2
    assert store.undo("Anna", key="z1").reopened == ()
    assert store.queue.item(id_of(TEXTS[0])).decision == 1
    assert store.undo("Anna", key="z2").reopened == (id_of(TEXTS[0]),)


def test_articles_of_any_size_go_in_piece_by_piece(store, article, monkeypatch):
    monkeypatch.setattr(queue_module, "_AT_ONCE", 3)
    articles = [article(f"{n}.html", f"Common line {n // 2}.", f"Line {n}.") for n in range(10)]
    added = store.queue.add(iter([*articles, article("empty.html")]))
    assert added == Added(articles=11, queued=15, copies=5)
    assert left(store) == 15


def test_a_long_article_is_taken_whole(store, article):
    lines = [f"Line {n} of a very long document." for n in range(1_300)]
    assert store.queue.add([article("long.txt", *lines)]).queued == 1_300
    assert store.queue.items(limit=2_000)[-1].text == lines[-1]


@pytest.mark.parametrize(
    ("paragraphs", "named"),
    [
        ([Paragraph(ParagraphId(""), "Text.", "a", 0)], "id of paragraph 0 of a"),
        ([Paragraph(ParagraphId("p"), "half\x00binary", "a", 0)], "paragraph 0 of a"),
        ([Paragraph(ParagraphId(c), c, "a", 0) for c in "pq"], "same index"),
    ],
)
def test_an_article_that_cannot_be_kept_is_refused_and_named(store, paragraphs, named):
    with pytest.raises(InputError, match=named) as refused:
        store.queue.add([Article("a", tuple(paragraphs))])
    assert refused.value.cure
    assert store.queue.counts().total == 0


def test_a_group_without_a_name_is_refused(store, article, id_of):
    with pytest.raises(InputError, match="group"):
        store.queue.add([article("a.html", TEXTS[0])], {id_of(TEXTS[0]): " "})
    assert store.queue.counts().total == 0


def test_a_models_scores_are_kept_and_order_the_queue(store, article, id_of):
    store.queue.add([article("a.html", *TEXTS)])
    scores = [
        Score(id_of(text), {"peace": 0.1 * n}, ("peace",), "v1", priority=n, lane="doubt")
        for n, text in enumerate(TEXTS)
    ]
    assert store.queue.score(iter(scores)) == 4
    first = store.queue.items()[0]
    assert (first.text, first.priority, first.lane) == (TEXTS[3], 3.0, "doubt")
    assert (first.scores, first.topics, first.model) == ({"peace": 0.1 * 3}, ("peace",), "v1")


def test_a_newer_models_scores_replace_the_older_ones(store, article, id_of, monkeypatch):
    monkeypatch.setattr(queue_module, "_AT_ONCE", 3)
    store.queue.add([article("a.html", *TEXTS)])
    for version in ("v1", "v2"):
        store.queue.score(Score(id_of(text), {}, (), version, lane=version) for text in TEXTS)
    assert {(item.model, item.lane) for item in store.queue.items()} == {("v2", "v2")}


def test_scores_of_paragraphs_that_stand_for_no_item_change_nothing(store, article, id_of):
    groups = {id_of(text): "same" for text in TEXTS[:2]}
    store.queue.add([article("a.html", *TEXTS[:2])], groups)
    assert store.queue.score([Score(id_of(t), {}, (), "v1") for t in (TEXTS[1], "other")]) == 0
    assert store.queue.score([]) == 0


def test_a_score_that_is_no_number_is_refused(store, article, id_of):
    store.queue.add([article("a.html", *TEXTS)])
    for wrong in (
        Score(id_of(TEXTS[0]), {"peace": float("nan")}, (), "v1"),
        Score(id_of(TEXTS[0]), {}, (), "v1", priority=float("inf")),
    ):
        with pytest.raises(InputError, match="finite"):
            store.queue.score([wrong])


def test_what_a_model_has_not_scored_yet_can_be_listed(
    store, article, decision, id_of, monkeypatch
):
    monkeypatch.setattr(queue_module, "_AT_ONCE", 1)
    store.queue.add([article("a.html", *TEXTS)])
    store.queue.score([Score(id_of(TEXTS[0]), {}, (), "v1"), Score(id_of(TEXTS[1]), {}, (), "v2")])
    store.decide(decision(TEXTS[3]))
    assert [text for _, text in store.queue.unscored("v2")] == [TEXTS[0], TEXTS[2]]
    assert list(store.queue.unscored()) == [(id_of(text), text) for text in TEXTS[:3]]


def test_a_decision_closes_its_item_and_its_undo_reopens_it(store, article, decision, id_of):
    store.queue.add([article("a.html", *TEXTS)])
    assert store.decide(decision(TEXTS[0])).closed
    assert left(store) == 3
    assert store.undo("Anna", key="z1").reopened == (id_of(TEXTS[0]),)
    assert left(store) == 4


def test_an_item_two_editors_decided_stays_closed_until_both_undo(store, article, decision):
    store.queue.add([article("a.html", *TEXTS)])
    assert store.decide(decision(TEXTS[0])).closed
    assert not store.decide(decision(TEXTS[0], editor="Boris")).closed
    assert store.undo("Boris", key="z1").reopened == ()
    assert left(store) == 3
    store.undo("Anna", key="z2")
    assert left(store) == 4


def test_a_decision_on_a_paragraph_that_is_not_queued_closes_nothing(store, article, decision):
    store.queue.add([article("a.html", *TEXTS)])
    assert not store.decide(decision("From the article page.")).closed
    assert store.undo("Anna", key="z1").reopened == ()
    assert left(store) == 4


def test_a_failed_batch_leaves_the_queue_as_it_was(store, article, decision):
    store.queue.add([article("a.html", *TEXTS)])
    with pytest.raises(InputError):
        store.decide_many(
            [decision(TEXTS[0], key="k"), decision(TEXTS[1], key="k")], batch="page 1"
        )
    assert left(store) == 4
    assert store.queue.items("decided") == []


def test_items_are_listed_by_state_and_lane(store, article, decision, id_of):
    store.queue.add([article("a.html", *TEXTS)])
    store.queue.score([Score(id_of(TEXTS[2]), {}, (), "v1", lane="audit")])
    store.decide(decision(TEXTS[0]))
    store.decide(decision(TEXTS[1]))
    store.queue.skip("Boris", id_of(TEXTS[3]))
    assert texts(store.queue.items("decided")) == [TEXTS[1], TEXTS[0]]
    assert texts(store.queue.items("skipped", editor="Boris")) == [TEXTS[3]]
    assert texts(store.queue.items("skipped", editor="Anna")) == []
    assert texts(store.queue.items(lane="audit")) == [TEXTS[2]]
    assert texts(store.queue.items(limit=1)) == [TEXTS[2]]


def test_what_is_not_queued_is_not_found(store):
    unknown = ParagraphId("unknown")
    assert store.queue.item(unknown) is None
    assert store.queue.places(unknown) == []
    assert store.texts([unknown]) == {}
    assert store.queue.items() == []


def test_the_newest_articles_are_listed_with_how_much_is_decided(store, article, decision, id_of):
    store.queue.add([article("old.html", *TEXTS[:2], title="Old")])
    store.queue.add([article("new.html", *TEXTS[1:], title="New")])
    store.decide(decision(TEXTS[1]))
    newest, older = store.queue.headings()
    assert (newest.name, newest.title, newest.paragraphs, newest.decided) == (
        "new.html",
        "New",
        3,
        1,
    )
    assert (older.title, older.paragraphs, older.decided) == ("Old", 2, 1)
    assert store.queue.article(newest.article).title == "New"
    assert len(store.queue.headings(limit=1)) == 1


def test_what_holds_is_told_for_every_place_of_a_paragraph(store, article, decision, id_of):
    about = {"date": "2026-11-20", "source": "Harbour News"}
    store.queue.add([article("a.html", *TEXTS, **about), article("b.html", TEXTS[0])])
    scored = Score(id_of(TEXTS[1]), {"floods": 0.9}, ("floods",), "m1")
    store.queue.score([scored])
    store.decide(decision(TEXTS[0], "talks"))
    spots = sorted(store.queue.spots(), key=str)
    told = {(spot.date, spot.topics, spot.decided) for spot in spots}
    assert len(spots) == 5
    assert told == {
        ("2026-11-20", ("talks",), True),
        (None, ("talks",), True),
        ("2026-11-20", ("floods",), False),
        ("2026-11-20", None, False),
    }
