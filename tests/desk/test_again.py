"""What is asked again because its topics changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tagger.desk.again import again, open_paragraphs
from tagger.desk.correct import decide
from tagger.desk.models import taxonomy_of
from tagger.desk.queue import asked_again, next_up, queue_documents, release, skip, waiting
from tagger.desk.topics import Request, apply, plan, plan_revert
from tagger.keeping.store import Decision
from tagger.paragraphs import paragraph_id


@pytest.fixture
def split(desk, clock):
    """Split floods, a minute later than what was decided before."""

    def make():
        clock.wait(1)
        wanted = Request("split", ("floods",), ({"id": "rivers"}, {"id": "rain"}))
        found = plan(desk, wanted, now=clock())
        clock.wait(1)
        apply(desk, found, by="ann", now=clock())
        clock.wait(1)
        return found

    return make


@pytest.fixture
def said(store):
    def record(text, *topics):
        store.decide(Decision(paragraph_id(text), text, topics, "ann", text[:20], "doubt"))

    return record


def cards(store, desk, n=100, **options):
    return again(store, desk, "bob", n, taxonomy=taxonomy_of(desk), **options)


def test_nothing_is_asked_again_while_no_topic_changed(store, desk, said):
    said("The dam broke.", "floods")
    assert open_paragraphs(desk, store) == {}
    assert cards(store, desk) == []


def test_labels_decisions_and_the_frozen_test_are_asked_again(store, desk, said, split, examples):
    said("The dam broke.", "floods", "talks")
    found = split()
    asked = {card.item.text: card for card in cards(store, desk)}
    flooded = {e.text for e in examples if "floods" in e.topics}
    assert set(asked) == flooded | {"The dam broke."}
    assert found.again == len(asked)
    card = asked["The dam broke."]
    assert (card.lane, card.topics, card.model) == ("again", ("talks",), None)
    assert card.reason == "Asked again, split of floods: does it have Rivers, Rain?"


def test_what_was_answered_again_is_not_asked_a_third_time(store, desk, split):
    split()
    before = cards(store, desk)
    decide(store, before[0], ["rain"], "bob", key="press", taxonomy=taxonomy_of(desk))
    after = cards(store, desk)
    assert [c.item.paragraph for c in after] == [c.item.paragraph for c in before[1:]]
    assert store.log()[0].reason == "again"


def test_a_change_taken_back_asks_nothing(store, desk, split, clock):
    split()
    apply(desk, plan_revert(desk, now=clock()), by="ann", now=clock())
    assert cards(store, desk) == []


def test_a_third_of_a_page_is_asked_again(store, desk, model, document, many, split):
    queue_documents([document("story", *many[:60])], store, model)
    split()
    page = next_up(store, desk, "bob", n=20)
    lanes = [card.lane for card in page]
    assert len(page) == 20
    assert lanes.count("again") == 6
    assert {"doubt", "confident", "audit"} <= set(lanes)
    assert [card.lane for card in next_up(store, desk, "bob", n=5, lane="again")] == ["again"] * 5


def test_what_is_skipped_or_in_no_store_is_left_out_where_asked(store, desk, said, split):
    said("The dam broke.", "floods")
    split()
    first = cards(store, desk)[0]
    skip(store, first, "bob")  # it is no item of the queue: nothing to write down
    others = cards(store, desk, passed={first.item.paragraph})
    assert first.item.paragraph not in {card.item.paragraph for card in others}
    stored = cards(store, desk, only_stored=True)
    assert [card.item.text for card in stored] == ["The dam broke."]


def test_editors_are_asked_in_different_orders(store, desk, split):
    split()
    topics, orders = taxonomy_of(desk), set()
    for name in ("ann", "bob", "eva"):
        asked = again(store, desk, name, 100, taxonomy=topics)
        orders.add(tuple(card.item.paragraph for card in asked))
        release(store, name)
    assert len(orders) == 3
    assert len({frozenset(order) for order in orders}) == 1


def test_two_editors_are_never_asked_again_about_the_same_paragraph(store, desk, split):
    split()
    pages = {
        name: [c.item.paragraph for c in next_up(store, desk, name, n=4, lane="again")]
        for name in ("ann", "bob")
    }
    assert [len(set(page)) for page in pages.values()] == [4, 4]
    assert not set(pages["ann"]) & set(pages["bob"])
    again_ann = next_up(store, desk, "ann", n=4, lane="again")
    assert {card.item.paragraph for card in again_ann} == set(pages["ann"])


def test_what_one_editor_skips_is_free_for_the_others(store, desk, split):
    split()
    held = next_up(store, desk, "ann", n=100, lane="again")
    assert next_up(store, desk, "bob", n=5, lane="again") == []
    skip(store, held[0], "ann")
    (card,) = next_up(store, desk, "bob", n=5, lane="again")
    assert card.item.paragraph == held[0].item.paragraph


def test_what_waits_in_the_queue_and_is_asked_again_is_asked_once_a_page(
    store, desk, model, document, examples, split
):
    flooded = [e.text for e in examples if "floods" in e.topics]
    queue_documents([document("story", *flooded)], store, model)
    split()
    page = [card.item.paragraph for card in next_up(store, desk, "bob", n=20)]
    assert len(page) == len(set(page))
    other = [card.item.paragraph for card in next_up(store, desk, "ann", n=20)]
    assert not set(page) & set(other)


def test_what_is_asked_again_is_listed_after_the_queue_and_lent_to_nobody(
    store, desk, model, document, many, said, split
):
    said("The dam broke.", "floods")
    queue_documents([document("story", *many[:20])], store, model)
    split()
    assert [card.lane for card in waiting(store, desk, limit=6)][-1] == "again"
    (card,) = waiting(store, desk, lane="again")
    assert card.item.text == "The dam broke."
    assert {c.lane for c in waiting(store, desk, lane="doubt")} == {"doubt"}
    assert asked_again(store, desk) > 1  # the labelled files' as well
    assert card.item.paragraph in {
        c.item.paragraph for c in next_up(store, desk, "bob", n=100, lane="again")
    }


def test_who_decides_by_its_id_what_was_lent_to_be_asked_again_answers_that(
    store, desk, said, split
):
    said("The dam broke.", "floods")
    split()
    (card,) = next_up(store, desk, "bob", n=3, checks=False)
    for editor, reason in (("eva", "search"), ("bob", "again")):
        decide(
            store,
            card.item.paragraph,
            ["rain"],
            editor,
            key=editor,
            taxonomy=taxonomy_of(desk),
        )
        assert store.log()[0].reason == reason


def test_the_suggestion_keeps_what_was_said(store, desk, said, clock, model):
    said("The river burst its banks in the night and flooded the houses.", "talks")
    clock.wait(1)
    wanted = Request("add", (), ({"id": "boats", "seeds": ["banks"]},))
    apply(desk, plan(desk, wanted, now=clock()), by="ann", now=clock())
    clock.wait(1)
    (card,) = cards(store, desk, model=model, only_stored=True)
    assert card.topics == ("talks",)  # though the model would say floods
    assert card.scores["floods"] > 0.5
    assert datetime(2026, 11, 22, tzinfo=UTC) < store.log()[0].time
