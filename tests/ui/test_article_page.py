"""A whole story: pasted, judged paragraph by paragraph, corrected, downloaded."""

from tagger.desk.queue import store_of

STORY = """River talks end without a truce

The negotiators argued for eleven hours about the wording of the truce, an envoy said.

The refinery sold its last crude oil before the price cap on gas took effect.

A cellist gave a concert in the museum on the first warm evening of May.
"""


def paste(page, text):
    page.text_area(key="pasted").set_value(text)
    page.click("Tag it")
    return page


def test_a_pasted_story_is_queued_and_judged_paragraph_by_paragraph(visit, home, rows):
    page = paste(visit(home, "article"), STORY)
    assert page.subheader[0].value == "River talks end without a truce"
    assert "0 of 4 paragraphs decided" in page.words
    page.press("Accept")
    page.press("None of them")
    assert "2 of 4 paragraphs decided" in page.words
    assert [row.reason for row in rows(home)] == ["article", "article"]
    assert rows(home)[1].topics == ()


def test_undo_in_an_article_goes_back_to_its_paragraph(visit, home):
    page = paste(visit(home, "article"), STORY)
    first = page.shown
    page.press("None of them")
    page.press("Undo")
    assert page.shown == first
    assert "0 of 4 paragraphs decided" in page.words


def test_a_paragraph_stays_in_front_while_a_colleague_decides_it(visit, home, rows):
    page = paste(visit(home, "article"), STORY)
    first = page.shown
    colleague = visit(home, "article", "Bo", article="1")
    colleague.press("None of them")
    page.click("Definitions")
    assert page.shown == first


def test_next_and_back_turn_the_pages_without_deciding(visit, home, rows):
    page = paste(visit(home, "article"), STORY)
    first = page.shown
    page.click("Next")
    assert page.shown.startswith("The negotiators")
    page.click("Back")
    assert page.shown == first
    assert rows(home) == []


def test_hidden_suggestions_are_hidden_in_the_whole_article(visit, home, rows):
    page = paste(visit(home, "article"), STORY)
    page.click("Hide suggestion")
    listed = next(body for body in page.html if "nt-row" in body)
    assert "nt-chip" not in listed
    assert "<mark" not in listed
    page.press("None of them")
    assert rows(home)[0].shown.hidden is True


def test_an_article_can_be_downloaded_in_every_form(visit, queued):
    page = visit(queued, "article", article="1")
    assert [d.proto.label for d in page.get("download_button")] == [
        "↓ CSV",
        "↓ JSONL",
        "↓ Parquet",
        "↓ ninjs",
    ]


def test_an_article_that_is_not_there_is_said_to_be_missing(visit, queued):
    assert "There is no article 999" in visit(queued, "article", article="999").words


def test_text_without_a_paragraph_to_judge_says_what_to_paste(visit, home):
    page = paste(visit(home, "article"), "Share\n\nAdvertisement\n\nMost Popular\n")
    assert not page.exception
    assert "has no paragraph to judge" in page.words
    assert "Paste or upload a whole article." in page.words


def test_accept_all_decides_what_is_left_with_what_was_shown_and_one_undo_reverses_it(
    visit, home, rows
):
    page = paste(visit(home, "article"), STORY)
    page.press("None of them")
    page.click("floods")  # turned on by hand for the second paragraph
    page.press("Accept all 3 undecided", wait=5.0)
    assert "4 of 4 paragraphs decided" in page.words
    first, *others = rows(home)
    assert (first.batch, len({row.batch for row in others})) == ("", 1)
    assert len({row.paragraph for row in others}) == 3
    assert {row.reason for row in others} == {"article"}
    assert all(row.shown.model and row.shown.scores and not row.shown.hidden for row in others)
    for row in others[1:]:
        assert set(row.topics) == set(row.shown.topics)
    assert set(others[0].topics) == set(others[0].shown.topics) ^ {"floods"}
    assert not page.has("Accept all")
    page.press("Undo")
    assert [row.action for row in rows(home)[4:]] == ["undo"] * 3
    assert "1 of 4 paragraphs decided" in page.words
    assert page.shown.startswith("The negotiators")


def test_accept_all_is_not_pressed_by_accident(visit, home, rows):
    page = paste(visit(home, "article"), STORY)
    page.press("Accept all", wait=1.0)
    assert rows(home) == []
    assert "Read the story first" in page.words
    page.press("Accept all", wait=5.0)
    assert len(rows(home)) == 4


def test_covered_suggestions_cannot_be_accepted_all_at_once(visit, home):
    page = paste(visit(home, "article"), STORY)
    page.click("Hide suggestion")
    assert not page.has("Accept all")


def test_a_queued_story_is_found_by_its_headline_and_opened(visit, queued):
    page = visit(queued, "article")
    (choice,) = [s for s in page.selectbox if s.label == "A queued story"]
    assert choice.options[0] == "Story 3 · Halyard · 4 November 2026 · 0 of 8 decided"
    choice.select_index(0).run()
    assert page.subheader[0].value == "Story 3"
    (choice,) = [s for s in page.selectbox if s.label == "A queued story"]
    assert choice.value is None


def test_a_desk_without_stories_says_how_to_get_one(visit, home):
    assert "Nothing is queued yet" in visit(home, "article").words


def test_the_whole_story_opens_at_the_paragraph_it_was_asked_for(visit, queued):
    with store_of(queued) as store:
        fourth = store.queue.article(2).paragraphs[3]
    page = visit(queued, "article", article="2", paragraph=fourth.id)
    assert page.shown == fourth.text
    page.click("Back")
    assert page.shown != fourth.text
