import json
from collections import Counter
from dataclasses import replace

import pytest

from tagger.desk.correct import decide
from tagger.desk.queue import (
    QueuedCopies,
    counts,
    next_up,
    queue_documents,
    queue_inputs,
    release,
    score_queue,
    skip,
    store_of,
    waiting,
)
from tagger.errors import InputError
from tagger.keeping.store import Decision
from tagger.learning.selection import MIX
from tagger.paragraphs import paragraph_id
from tagger.records import ParagraphId, Version

WIRE = (
    "The river burst its banks on Monday night and flooded some forty houses in the lower "
    "village, the district office said, while rescuers brought families out in boats."
)
EDITED = WIRE.replace("Monday", "Tuesday")
EDITED_AGAIN = EDITED.replace("some forty", "more than forty")
OTHER = "The orchestra opens its season on Friday with a symphony by a young composer."


def test_files_folders_and_globs_are_queued_once(desk, store, model, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{WIRE}\n\n{OTHER}\n", encoding="utf-8")
    row = {"text": "Envoys met in the capital on Friday.", "date": "2026-11-20", "source": "wire"}
    (folder / "b.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    told = []
    report = queue_inputs(
        [str(folder)],
        store,
        model,
        on_total=told.append,
        on_file=lambda p: told.append(p.name),
    )
    assert told == [2, "a.txt", "b.jsonl"]
    assert (report.added.articles, report.added.queued) == (2, 3)
    assert (report.tally.documents, report.tally.paragraphs, report.tally.clean) == (2, 3, True)
    again = queue_inputs([str(folder / "*.txt"), str(folder)], store, model)
    assert (again.added.articles, again.added.known, again.added.queued) == (0, 2, 0)
    place = store.queue.items()[0].place
    assert {item.place.date for item in store.queue.items()} == {None, "2026-11-20"}
    assert place.article in {1, 2}


def test_what_cannot_be_read_is_told_and_stops_nothing_else(desk, store, model, tmp_path):
    broken, good = tmp_path / "broken.parquet", tmp_path / "good.jsonl"
    broken.write_bytes(b"not a parquet file")
    good.write_text('{"text": "Envoys met on Friday."}\nno json\n', encoding="utf-8")
    rows = []
    report = queue_inputs([str(broken), str(good)], store, model, on_reject=rows.append)
    assert [name for name, _ in report.tally.failures] == [str(broken)]
    assert (report.tally.rejects, [row.row for row in rows]) == (1, [2])
    assert report.added.queued == 1
    with pytest.raises(InputError):
        queue_inputs([str(tmp_path / "nowhere")], store, model)


def test_page_furniture_is_counted_and_not_queued(desk, store, model, tmp_path):
    story = tmp_path / "story.txt"
    story.write_text(f"{WIRE}\n\nShare this article\n\n{OTHER}\n", encoding="utf-8")
    report = queue_inputs([str(story)], store, model)
    assert report.tally.furniture.total() == report.added.furniture == 1
    assert {card.item.text for card in waiting(store, desk)} == {WIRE, OTHER}


def test_a_near_copy_is_queued_once_and_told_as_a_copy(store, model, document):
    added = queue_documents(
        [document("one", WIRE, OTHER), document("two", EDITED), document("three", EDITED_AGAIN)],
        store,
        model,
    )
    assert (added.queued, added.copies) == (2, 2)
    later = queue_documents([document("four", EDITED.replace("boats", "a boat"))], store, model)
    assert (later.queued, later.copies) == (0, 1)
    item = store.queue.item(paragraph_id(EDITED))
    assert (item.paragraph, item.copies) == (paragraph_id(WIRE), 3)


def test_a_long_import_goes_in_by_parts_and_finds_copies_across_them(store, model, document, many):
    wide = [text.upper().replace(" ", " \u2013 ") for text in many]  # the same words
    stories = [document("one", *many), document("two", *wide), document("three", many[0], OTHER)]
    added = queue_documents(stories, store, model)
    assert (added.articles, added.queued, added.copies) == (3, 401, 401)


def test_a_near_copy_of_a_decided_paragraph_is_decided_too(store, model, document, taxonomy):
    queue_documents([document("one", WIRE)], store, model)
    decide(store, paragraph_id(WIRE), ["floods"], "ann", key="1", taxonomy=taxonomy)
    added = queue_documents([document("two", EDITED, OTHER)], store, model)
    assert (added.queued, added.copies) == (1, 1)
    assert store.queue.item(paragraph_id(EDITED)).decision == 1
    assert counts(store).left == 1


def test_a_copy_of_what_was_decided_without_being_queued_is_asked(store, model, document):
    store.decide(Decision(paragraph_id(WIRE), WIRE, (), "ann", "1"))
    added = queue_documents([document("two", EDITED), document("three", WIRE)], store, model)
    assert (added.queued, added.copies) == (1, 1)
    assert store.queue.item(paragraph_id(WIRE)).paragraph == paragraph_id(EDITED)


def test_kept_copies_see_what_others_queued_meanwhile(store, model, document):
    kept = QueuedCopies(store)
    queue_documents([document("one", OTHER)], store, model, copies=kept)
    queue_documents([document("two", WIRE)], store, model)
    added = queue_documents([document("three", EDITED)], store, model, copies=kept)
    assert (added.queued, added.copies) == (0, 1)


def test_names_that_no_database_keeps_are_queued_with_a_mark(desk, store, model, document):
    added = queue_documents([document("caf\udce9\0.txt", WIRE, title="a\0b")], store, model)
    assert added.queued == 1
    place = waiting(store, desk)[0].item.place
    assert (place.name, place.title) == ("caf?.txt", "ab")


def test_everything_queued_is_scored_once_by_each_model(desk, store, model, document, many):
    queue_documents([document("one", *many[:60])], store, model)
    cards = waiting(store, desk, limit=100)
    assert len(cards) == 60
    assert {card.model for card in cards} == {model.version}
    assert {card.lane for card in cards} <= {"doubt", "confident", "audit"}
    card = cards[0]
    assert card.scores == pytest.approx(
        dict(zip(model.topics, model.probabilities([card.item.text])[0], strict=True))
    )
    assert score_queue(store, model) == 0
    told = []
    newer = replace(model, version=Version("newer"))
    assert score_queue(store, newer, lambda *step: told.append(step)) == 60
    assert told[-1] == ("scoring", 60, 60)
    assert {card.model for card in waiting(store, desk, limit=100)} == {"newer"}


def test_the_settings_say_where_the_store_is(desk):
    with store_of(desk) as store:
        assert counts(store).total == 0
    assert (desk.labeled / "corrections.db").is_file()


@pytest.fixture
def filled(store, model, document, many):
    """A store with 400 paragraphs waiting."""
    stories = [document(f"story {n}", *many[n : n + 20]) for n in range(0, 400, 20)]
    queue_documents(stories, store, model)
    return store


def test_a_page_is_mixed_as_promised(filled, desk, model):
    cards = next_up(filled, desk, "ann", model=model)
    assert Counter(card.lane for card in cards) == Counter(MIX) - Counter(["second"]) + Counter(
        ["doubt"]
    )
    assert all(card.hidden == (card.lane == "audit") for card in cards)
    assert len({card.item.paragraph for card in cards}) == 20


def test_asking_after_every_decision_keeps_the_mix_and_shows_every_lane(
    filled, desk, model, taxonomy
):
    met = []
    for number in range(40):
        card = next_up(filled, desk, "ann", model=model)[0]
        met.append(card.lane)
        decide(filled, card, card.topics, "ann", key=str(number), taxonomy=taxonomy)
    assert met.count("planted") == 2
    assert met.count("audit") >= 4
    assert met.count("confident") >= 8
    assert met.count("doubt") >= 20


def test_a_page_that_is_loaded_again_is_the_same(filled, desk, model):
    first = next_up(filled, desk, "ann", model=model)
    assert next_up(filled, desk, "ann", model=model) == [
        replace(card, item=again.item)
        for card, again in zip(first, next_up(filled, desk, "ann", model=model), strict=True)
    ]


def test_two_editors_never_get_the_same_item(filled, desk):
    pages = [next_up(filled, desk, editor, checks=False) for editor in ("ann", "ben", "cleo")]
    ids = [card.item.paragraph for page in pages for card in page]
    assert len(set(ids)) == len(ids) == 60
    assert counts(filled, "ann").held == 40


def test_a_lane_alone_gives_that_lane_only(filled, desk):
    audit = next_up(filled, desk, "ann", lane="audit", n=5)
    assert [card.lane for card in audit] == ["audit"] * 5
    assert next_up(filled, desk, "ann", lane="second") == []


def test_a_small_queue_fills_the_page_with_what_there_is(store, desk, model, document, many):
    queue_documents([document("one", *many[:5])], store, model)
    cards = next_up(store, desk, "ann", checks=False)
    assert {card.item.text for card in cards} == set(many[:5])


def test_an_empty_queue_asks_nothing(store, desk, model):
    assert next_up(store, desk, "ann", model=model) == []


def planted(store, desk, editor, **options):
    return [card for card in next_up(store, desk, editor, **options) if card.lane == "planted"]


def test_a_planted_check_keeps_its_answer_to_itself(filled, desk, model):
    [card] = planted(filled, desk, "ann", model=model)
    lines = (desk.labeled / "test.jsonl").read_text(encoding="utf-8").splitlines()
    assert card.item.text in {json.loads(line)["text"] for line in lines}
    assert card.topics == model.chosen(model.probabilities([card.item.text]))[0]
    assert not card.hidden
    [bare] = planted(filled, desk, "ann")
    assert (bare.hidden, bare.scores, bare.topics) == (True, {}, ())


def test_no_planted_check_comes_twice_to_an_editor(filled, desk, model, taxonomy):
    met = []
    for number in range(13):
        [card] = planted(filled, desk, "ann", n=60)[:1]
        met.append(card.item.paragraph)
        decide(filled, card, [], "ann", key=f"check {number}", taxonomy=taxonomy)
    assert len(set(met)) == 13
    assert planted(filled, desk, "ann", n=60) == []
    assert planted(filled, desk, "ben", n=60)
    assert {row.reason for row in filled.log(editor="ann", limit=20)} == {"planted"}


def test_a_planted_check_that_was_taken_back_is_asked_again_at_once(filled, desk, model, taxonomy):
    page = next_up(filled, desk, "ann", model=model)
    check = next(card for card in page if card.lane == "planted")
    decide(filled, check, [], "ann", key="check", taxonomy=taxonomy)
    filled.undo("ann", key="z")
    again = next_up(filled, desk, "ann", model=model)
    assert again[0].item.paragraph == check.item.paragraph
    assert [card.lane for card in again].count("planted") == 1
    skipped = next_up(filled, desk, "ann", model=model, passed=[check.item.paragraph])
    assert check.item.paragraph not in {card.item.paragraph for card in skipped}
    decide(filled, again[0], [], "ann", key="check again", taxonomy=taxonomy)
    assert check.item.paragraph not in {c.item.paragraph for c in planted(filled, desk, "ann")}


def test_a_check_that_was_taken_back_is_asked_also_when_the_queue_is_empty(
    store, desk, model, document, many, taxonomy
):
    queue_documents([document("one", many[0])], store, model)
    page = next_up(store, desk, "ann", model=model, n=20)
    assert {card.lane for card in page} > {"planted"}
    [queued] = [card for card in page if card.lane != "planted"]
    check = next(card for card in page if card.lane == "planted")
    decide(store, queued, [], "ann", key="1", taxonomy=taxonomy)
    decide(store, check, [], "ann", key="2", taxonomy=taxonomy)
    assert next_up(store, desk, "ann", model=model) == []
    store.undo("ann", key="z")
    [again] = next_up(store, desk, "ann", model=model)
    assert again.item.paragraph == check.item.paragraph
    store.undo("ann", key="z again")
    both = [card.item.paragraph for card in next_up(store, desk, "ann", model=model)]
    assert both[:2] == [queued.item.paragraph, check.item.paragraph]


def test_a_skipped_check_leaves_its_page_without_one(filled, desk):
    [card] = planted(filled, desk, "ann")
    skip(filled, card, "ann")
    assert planted(filled, desk, "ann", passed=[card.item.paragraph]) == []
    assert len(next_up(filled, desk, "ann", passed=[card.item.paragraph])) == 20


def test_a_single_card_is_given_also_when_it_is_a_planted_check(filled, desk, taxonomy):
    for number in range(20):
        [card] = next_up(filled, desk, "ann", n=1)
        decide(filled, card, [], "ann", key=str(number), taxonomy=taxonomy)
    assert sum(row.reason == "planted" for row in filled.log(limit=20)) == 1


def test_a_desk_without_a_sound_test_asks_no_checks(filled, desk):
    (desk.labeled / "test.jsonl").write_text("broken\n", encoding="utf-8")
    assert planted(filled, desk, "ann") == []
    (desk.labeled / "test.jsonl").unlink()
    assert planted(filled, desk, "ann") == []


def test_what_was_just_taken_back_comes_first(filled, desk, model, taxonomy):
    page = next_up(filled, desk, "ann", model=model)
    for number, card in enumerate(page[:3]):
        decide(filled, card, [], "ann", key=str(number), taxonomy=taxonomy)
    filled.undo("ann", key="z")
    again = next_up(filled, desk, "ann", model=model)
    assert again[0].item.paragraph == page[2].item.paragraph


def test_what_was_skipped_comes_after_all_others(store, desk, model, document, many):
    queue_documents([document("one", *many[:5])], store, model)
    first = next_up(store, desk, "ann", checks=False)[0]
    skip(store, first, "ann")
    skip(store, next_up(store, desk, "ann", checks=False)[0].item.paragraph, "ann")
    texts = [card.item.paragraph for card in next_up(store, desk, "ann", checks=False)]
    assert texts.index(first.item.paragraph) == 3
    assert counts(store, "ann").skipped == 2
    with pytest.raises(InputError):
        skip(store, ParagraphId("0" * 20), "ann")


def test_a_lease_ends_after_ten_minutes_or_when_it_is_given_back(
    store, desk, model, document, many, clock
):
    queue_documents([document("one", *many[:5])], store, model)
    assert len(next_up(store, desk, "ann", checks=False)) == 5
    assert next_up(store, desk, "ben") == []
    assert release(store, "ann") == 5
    assert len(next_up(store, desk, "ben", checks=False)) == 5
    clock.wait(10)
    assert len(next_up(store, desk, "ann", checks=False)) == 5


def test_the_reason_names_the_topic_in_doubt(filled, desk, model):
    cards = next_up(filled, desk, "ann", model=model)
    doubts = [card for card in cards if card.lane == "doubt"]
    assert all("in doubt about" in card.reason and "%" in card.reason for card in doubts)
    assert all(card.reason for card in cards)
    older = replace(model, version=Version("another"))
    again = next_up(filled, desk, "ann", model=older)
    assert {card.reason for card in again if card.lane == "doubt"} == {
        "The model is in doubt about this one."
    }
