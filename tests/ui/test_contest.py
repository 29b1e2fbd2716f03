"""A word is contested where its weight is shown, and restored as easily."""

from __future__ import annotations

import pytest

from tagger.desk.queue import store_of
from tagger.desk.strikes import strike, struck_words

TEXT = "The delegations met in Geneva, and the delegations agreed to talk about a truce."


@pytest.fixture
def reasons(visit, home, queue):
    """The Desk with one paragraph on its card and its reasons open."""
    queue(home, [TEXT])
    page = visit(home, "desk")
    page.click("Reasons")
    return page


def struck(desk):
    with store_of(desk) as store:
        return [(one.word, one.topic, one.editor) for one in struck_words(desk, store=store)]


def offered(page):
    return [label.replace("\\", "") for label in page.labels if "says nothing about" in label]


def test_the_loudest_words_can_be_contested_each_once(reasons):
    found = offered(reasons)
    assert 0 < len(found) <= 5
    assert sum("delegations" in label for label in found) == 1
    assert all(label.endswith("says nothing about talks") for label in found)


def test_without_the_reasons_nothing_is_offered(visit, home, queue):
    queue(home, [TEXT])
    assert offered(visit(home, "desk")) == []


def test_a_press_strikes_the_word_in_the_editors_name_and_the_card_stays(reasons, home, rows):
    reasons.click("“delegations”")
    assert struck(home) == [("delegations", "talks", "Ines")]
    assert "'delegations' is struck for talks; the next retrain honours it." in reasons.words
    assert "struck by Ines on" in reasons.words
    assert "delegations met" in reasons.shown
    assert not any("delegations" in label for label in offered(reasons))
    assert rows(home) == []  # no decision


def test_a_press_takes_it_back(reasons, home):
    reasons.click("“delegations”")
    reasons.click("Restore “delegations”")
    assert struck(home) == []
    assert "may speak about talks again" in reasons.words
    assert any("delegations" in label for label in offered(reasons))


def test_a_covered_suggestion_offers_no_word(reasons):
    reasons.click("Hide suggestion")
    assert offered(reasons) == []


def test_the_article_page_offers_the_same(visit, home, queue):
    queue(home, [TEXT])
    page = visit(home, "article", article="1")
    page.click("Reasons")
    page.click("“delegations”")
    assert struck(home) == [("delegations", "talks", "Ines")]


def test_the_topics_page_lists_struck_words_and_restores_them(visit, home):
    with store_of(home) as store:
        strike(store, home, "Geneva", "talks", "Olena", why="a <b>place</b>")
    page = visit(home, "topics")
    assert "<bdi>geneva</bdi></b> for talks: struck by Olena on" in page.words
    assert "a &lt;b&gt;place" in page.words
    page.click("Restore “geneva”")
    assert struck(home) == []
    assert not page.has("Restore")


def test_a_desk_without_struck_words_says_nothing_of_them(visit, home):
    assert "Struck words" not in visit(home, "topics").words


def test_the_model_page_measures_names_when_asked(visit, home):
    page = visit(home, "model")
    before = len(page.app.dataframe)
    page.app.toggle(key="names").set_value(True).run()
    assert len(page.app.dataframe) == before + 1
    assert "Over the frozen test (13 paragraphs)" in page.words
