import json

import pytest

from tagger.desk.correct import (
    correct_from_file,
    decide,
    decide_batch,
    describe,
    describe_decisions,
    undo,
)
from tagger.desk.queue import counts, next_up, queue_documents, release
from tagger.desk.tag import tag_document
from tagger.errors import InputError
from tagger.keeping.store import Decision, Shown
from tagger.learning.selection import AUDIT_SHARE, SECOND_SHARE, chance
from tagger.paragraphs import paragraph_id
from tagger.records import ParagraphId


@pytest.fixture
def page(store, desk, model, document, many):
    """Ann's page of 20 out of 40 queued paragraphs, without planted checks."""
    queue_documents([document("story", *many[:40])], store, model)
    return next_up(store, desk, "ann", checks=False)


def test_a_decision_keeps_what_was_shown_and_why_it_was_asked(store, page, taxonomy):
    card = next(card for card in page if card.lane == "doubt")
    done = decide(store, card, ["floods"], "ann", key="1", seconds=2.5, taxonomy=taxonomy)
    row = done.correction
    assert done.closed
    assert (row.paragraph, row.text) == (card.item.paragraph, card.item.text)
    assert (row.topics, row.reason, row.seconds) == (("floods",), "doubt", 2.5)
    assert row.shown == Shown(card.scores, card.topics, card.model)
    assert counts(store).left == 39


def test_an_audit_is_recorded_as_hidden(store, desk, model, document, many, taxonomy):
    text = next(t for t in many if chance(paragraph_id(t), "audit") < AUDIT_SHARE)
    queue_documents([document("story", text)], store, model)
    [card] = next_up(store, desk, "ann", lane="audit")
    done = decide(store, card, [], "ann", key="1", taxonomy=taxonomy)
    assert done.correction.shown.hidden
    assert done.correction.reason == "audit"


def test_a_topic_nobody_knows_is_refused_with_the_known_ones(store, page, taxonomy):
    with pytest.raises(InputError, match=r"tennis") as refused:
        decide(store, page[0], ["floods", "tennis"], "ann", key="1", taxonomy=taxonomy)
    assert "talks, energy, floods" in refused.value.cure
    assert store.log() == []


def test_the_same_press_twice_is_one_decision(store, page, taxonomy):
    first = decide(store, page[0], ["floods"], "ann", key="1", taxonomy=taxonomy)
    second = decide(store, page[0], ["floods"], "ann", key="1", taxonomy=taxonomy)
    assert (first.repeated, second.repeated) == (False, True)
    assert len(store.log()) == 1


def test_an_id_stands_for_its_card_where_the_editor_holds_it(store, page, taxonomy):
    card = page[0]
    own = decide(store, card.item.paragraph, [], "ann", key="1", taxonomy=taxonomy)
    assert (own.correction.reason, own.correction.shown.model) == (card.lane, card.model)
    others = decide(store, page[1].item.paragraph, [], "ben", key="2", taxonomy=taxonomy)
    assert (others.correction.reason, others.correction.shown) == ("search", Shown())
    with pytest.raises(InputError, match="0000"):
        decide(store, ParagraphId("0" * 20), [], "ann", key="3", taxonomy=taxonomy)


def test_an_article_s_paragraphs_are_corrected_in_place(store, model, document, many, taxonomy):
    story = document("story", *many[:2])
    queue_documents([story], store, model)
    first, second = tag_document(story, model)
    row = decide(store, first, ["talks"], "ann", key="1", taxonomy=taxonomy).correction
    assert (row.reason, row.shown) == ("article", Shown(first.scores, first.topics, first.model))
    row = decide(store, second.paragraph, [], "ann", key="2", taxonomy=taxonomy).correction
    assert (row.reason, row.shown) == ("article", Shown())
    seen = Shown(hidden=True)
    again = decide(store, first, [], "ann", key="3", taxonomy=taxonomy, shown=seen, reason="search")
    assert (again.correction.reason, again.correction.shown) == ("search", seen)
    assert again.before.topics == ("talks",)
    assert counts(store).left == 0


def test_a_batch_is_one_press_and_one_undo(store, page, taxonomy):
    decisions = [(card, card.topics) for card in page[:5]]
    done = decide_batch(store, decisions, "ann", batch="b1", taxonomy=taxonomy)
    assert len(done) == 5
    assert counts(store).left == 35
    again = decide_batch(store, decisions, "ann", batch="b1")
    assert all(one.repeated for one in again)
    undone = undo(store, "ann", key="z")
    assert len(undone.decisions) == 5
    assert describe(undone, taxonomy).endswith("…' and 4 more")
    assert counts(store).left == 40


def test_a_batch_with_an_unknown_topic_records_nothing(store, page, taxonomy):
    decisions = [(page[0], ["floods"]), (page[1], ["tennis"])]
    with pytest.raises(InputError, match="tennis"):
        decide_batch(store, decisions, "ann", batch="b1", taxonomy=taxonomy)
    assert store.log() == []


def test_an_undo_says_what_it_undid(store, page, taxonomy):
    decide(store, page[0], ["floods", "talks"], "ann", key="1", taxonomy=taxonomy)
    begins = page[0].item.text[:20]
    undone = undo(store, "ann", key="z")
    assert describe(undone, taxonomy).startswith(f"Undid: floods, talks for '{begins}")
    assert undo(store, "ann", key="z").status == "repeated"
    assert describe(undo(store, "ann", key="z"), taxonomy) == describe(undone, taxonomy)
    assert describe_decisions((), taxonomy) == ""


def test_an_undo_says_why_it_could_not(store, page, taxonomy):
    assert "nothing to undo" in describe(undo(store, "ann", key="a"), taxonomy)
    assert "number" in describe(undo(store, "ann", 7, key="b"), taxonomy)
    decide(store, page[0], [], "ann", key="1", taxonomy=taxonomy)
    assert "ann's" in describe(undo(store, "ben", 1, key="c"), taxonomy)
    text = describe(undo(store, "ann", 1, key="d"), taxonomy)
    assert text.startswith("Undid: none of them for '")
    assert "taken back before" in describe(undo(store, "ann", 1, key="e"), taxonomy)


@pytest.fixture
def second(store, model, document, many):
    """One queued paragraph that a colleague is to judge as well."""
    text = next(
        text
        for text in many
        if chance(paragraph_id(text), "second") < SECOND_SHARE
        and chance(paragraph_id(text), "audit") >= AUDIT_SHARE
    )
    queue_documents([document("story", text)], store, model)
    return paragraph_id(text)


def test_what_is_undone_waits_for_no_second_opinion(store, desk, second, taxonomy):
    [card] = next_up(store, desk, "ann", checks=False)
    decide(store, card, ["talks"], "ann", key="1", taxonomy=taxonomy)
    assert store.queue.item(second).lane == "second"
    undo(store, "ann", key="2")
    assert store.queue.item(second).lane == card.lane


def test_a_share_of_decisions_gets_one_second_opinion(store, desk, second, taxonomy):
    [card] = next_up(store, desk, "ann", checks=False)
    decide(store, card, ["talks"], "ann", key="1", taxonomy=taxonomy)
    assert next_up(store, desk, "ann") == []
    [again] = next_up(store, desk, "ben", checks=False)
    assert (again.item.paragraph, again.lane, again.hidden) == (second, "second", False)
    assert again.scores == card.scores
    done = decide(store, again, [], "ben", key="2", taxonomy=taxonomy)
    assert done.before.editor == "ann"
    assert next_up(store, desk, "cleo", checks=False) == []


def test_a_paragraph_taken_back_is_asked_once_and_then_judged_again(store, desk, second, taxonomy):
    [card] = next_up(store, desk, "ann", checks=False)
    decide(store, card, ["talks"], "ann", key="1", taxonomy=taxonomy)
    undo(store, "ann", key="z")
    release(store, "ann")
    [card] = next_up(store, desk, "ben", checks=False)
    decide(store, card, ["talks"], "ben", key="2", taxonomy=taxonomy)
    assert next_up(store, desk, "ben") == []
    [again] = next_up(store, desk, "ann", checks=False)
    assert again.item.paragraph == second


def test_what_an_editor_looked_up_asks_for_no_second_opinion(store, desk, second, taxonomy):
    decide(store, second, [], "ann", key="1", taxonomy=taxonomy)
    assert next_up(store, desk, "ben") == []


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "decided.jsonl"

    def write(*rows):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def test_a_file_of_decisions_is_recorded_as_one_press(store, page, taxonomy, file):
    card = page[0]
    path = file(
        {"id": card.item.paragraph, "topics": ["floods"], "editor": "ben"},
        "",
        {"text": " A  text nobody queued. ", "topics": [], "genre": "wire"},
    )
    assert correct_from_file(store, path, taxonomy, "ann") == 2
    rows = store.log()
    assert [(row.editor, row.topics, row.reason) for row in rows] == [
        ("ann", (), "import"),
        ("ben", ("floods",), "import"),
    ]
    assert [row.text for row in rows] == ["A text nobody queued.", card.item.text]
    assert store.queue.item(card.item.paragraph).decision == 1


def test_the_same_file_again_records_nothing_unless_it_was_taken_back(store, taxonomy, file):
    path = file({"text": "One.", "topics": []}, {"text": "Two.", "topics": ["talks"]})
    assert correct_from_file(store, path, taxonomy, "ann") == 2
    assert correct_from_file(store, path, taxonomy, "ann") == 0
    assert len(undo(store, "ann", key="z").decisions) == 2
    assert correct_from_file(store, path, taxonomy, "ann") == 2
    assert correct_from_file(store, path, taxonomy, "ann") == 0


def test_another_editor_s_word_on_the_same_file_is_a_decision_of_its_own(store, taxonomy, file):
    path = file({"text": "One.", "topics": []}, {"text": "Two.", "topics": [], "editor": "cleo"})
    assert correct_from_file(store, path, taxonomy, "ann") == 2
    assert correct_from_file(store, path, taxonomy, "ben") == 1
    assert correct_from_file(store, path, taxonomy, "ben") == 0
    assert [row.editor for row in store.log()] == ["ben", "cleo", "ann"]


def test_a_file_that_has_grown_records_only_what_is_new(store, taxonomy, file):
    lines = [{"text": f"Number {n}.", "topics": ["talks"]} for n in range(3)]
    assert correct_from_file(store, file(*lines[:2]), taxonomy, "ann") == 2
    assert correct_from_file(store, file("", *lines[::-1]), taxonomy, "ann") == 1
    assert correct_from_file(store, file(lines[1]), taxonomy, "ann") == 0


def test_a_line_said_twice_is_one_decision_and_a_change_of_mind_is_three(store, taxonomy, file):
    yes, no = {"text": "One.", "topics": ["talks"]}, {"text": "One.", "topics": []}
    assert correct_from_file(store, file(yes, yes), taxonomy, "ann") == 1
    assert correct_from_file(store, file(yes, no, yes), taxonomy, "ben") == 3
    assert correct_from_file(store, file(yes, no, yes), taxonomy, "ben") == 0
    assert [row.topics for row in store.latest()] == [("talks",)]


def test_one_decision_taken_back_alone_does_not_return_with_the_file(store, taxonomy, file):
    path = file({"text": "One.", "topics": []}, {"text": "Two.", "topics": ["talks"]})
    correct_from_file(store, path, taxonomy, "ann")
    undo(store, "ann", 1, key="y")
    assert correct_from_file(store, path, taxonomy, "ann") == 0
    undo(store, "ann", 2, key="z")
    assert correct_from_file(store, path, taxonomy, "ann") == 2


def test_nobody_named_by_null_is_nobody_named(store, taxonomy, file):
    path = file({"text": "One.", "id": None, "topics": [], "editor": None})
    assert correct_from_file(store, path, taxonomy, "ann") == 1
    with pytest.raises(InputError, match='line 1: "editor" is missing'):
        correct_from_file(store, path, taxonomy)


def test_reading_and_recording_are_told(store, taxonomy, file):
    told = []
    path = file(*({"text": f"Number {n}.", "topics": []} for n in range(1200)))
    correct_from_file(store, path, taxonomy, "ann", lambda *step: told.append(step))
    lines = 1201  # the last one is empty
    assert told == [
        *(("reading", done, lines) for done in (500, 1000, lines)),
        *(("recording", done, 1200) for done in (1000, 1200)),
    ]


@pytest.fixture
def alike(store, taxonomy, file):
    """Two decided paragraphs whose ids begin alike in six characters, and a third one."""
    ids = ["abcdef0000", "abcdef1111", "abcde00000"]
    for id_ in ids:
        store.decide(Decision(ParagraphId(id_), f"Text {id_}.", (), "ann", id_))
    return ids


def test_the_beginning_of_an_id_stands_for_it_where_no_other_begins_so(store, alike, taxonomy):
    made = decide(store, "abcde0", ["talks"], "ben", key="1", taxonomy=taxonomy).correction
    assert (made.paragraph, made.text) == ("abcde00000", "Text abcde00000.")


def test_a_beginning_that_several_share_is_refused_with_their_names(store, alike, taxonomy):
    with pytest.raises(InputError, match=r"abcdef0000 'Text .*, abcdef1111 'Text") as refused:
        decide(store, "abcdef", [], "ben", key="1", taxonomy=taxonomy)
    assert "more characters" in refused.value.cure


@pytest.mark.parametrize("given", ["abcde", "bcdef0", "abcde%", "abcde_", "ABCDE0", "abcde00000x"])
def test_what_begins_no_id_or_is_too_short_finds_nothing(store, alike, taxonomy, given):
    with pytest.raises(InputError, match="was queued or decided") as refused:
        decide(store, given, [], "ben", key="1", taxonomy=taxonomy)
    assert "first 6 characters" in refused.value.cure


def test_an_id_that_is_the_beginning_of_another_stands_for_itself(store, alike, taxonomy):
    store.decide(Decision(ParagraphId("abcdef00"), "Short.", (), "ann", "short"))
    made = decide(store, "abcdef00", [], "ben", key="1", taxonomy=taxonomy).correction
    assert made.text == "Short."


def test_an_id_that_only_the_log_knows_can_be_corrected(store, taxonomy, file):
    correct_from_file(store, file({"text": "One.", "topics": []}), taxonomy, "ann")
    path = file({"id": paragraph_id("One."), "topics": ["talks"]})
    assert correct_from_file(store, path, taxonomy, "ann") == 1
    assert store.log()[0].text == "One."


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("no json", "no JSON"),
        ("[]", "no object"),
        ('{"text": "a", "topics": ["tennis"], "editor": "ann"}', "unknown topic tennis"),
        ('{"text": "a", "topics": "talks", "editor": "ann"}', '"topics" is no list'),
        ('{"text": "a", "editor": "ann"}', '"topics" is no list'),
        ('{"text": "a", "topics": []}', '"editor" is missing'),
        ('{"text": "a", "topics": [], "editor": " "}', '"editor" is missing'),
        ('{"topics": [], "editor": "ann"}', 'either "text" or "id"'),
        ('{"text": "a", "id": "b", "topics": [], "editor": "ann"}', 'either "text" or "id"'),
        ('{"text": " ", "topics": [], "editor": "ann"}', "empty"),
        ('{"id": 7, "topics": [], "editor": "ann"}', "no text"),
        ('{"id": "00", "topics": [], "editor": "ann"}', "no paragraph 00"),
        ('{"id": "\\ud800", "topics": [], "editor": "ann"}', '"id" is'),
        ('{"id": "a\\u0000b", "topics": [], "editor": "ann"}', '"id" is'),
        (f'{{"text": "a", "topics": [], "n": {"9" * 5000}}}', "a number too long"),
        (f'{{"text": "a", "n": {"[" * 5000}', "too deep"),
        ('{"text": "a", "topics": [], "editor": "two\\nlines"}', '"editor" is'),
        (f'{{"text": "a", "topics": [], "editor": "{"e" * 201}"}}', '"editor" is'),
        ('{"text": "a", "topics": [], "editor": 7}', '"editor" is missing'),
        ('{"text": "a", "topics": [], "editor": null}', '"editor" is missing'),
        ('{"id": "00", "topics": "talks", "editor": "ann"}', '"topics" is no list'),
    ],
)
def test_one_bad_line_is_named_and_nothing_is_recorded(store, taxonomy, file, row, problem):
    good = {"text": "One.", "topics": [], "editor": "ann"}
    with pytest.raises(InputError) as refused:
        correct_from_file(store, file(good, row), taxonomy)
    assert "line 2" in refused.value.message
    assert problem in refused.value.message
    assert store.log() == []


def test_many_bad_lines_are_counted(store, taxonomy, file):
    with pytest.raises(InputError, match="and 2 more"):
        correct_from_file(store, file(*["{"] * 7), taxonomy)


def test_a_file_that_is_not_there_or_empty_says_so(store, taxonomy, file, tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.jsonl"):
        correct_from_file(store, tmp_path / "nowhere.jsonl", taxonomy)
    assert correct_from_file(store, file(""), taxonomy) == 0
