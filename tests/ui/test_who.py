"""Every decision carries a name, and none in somebody else's."""

import pytest

from tagger.ui import who


@pytest.mark.parametrize("name", ["desk", "article", "batch", "audit"])
def test_a_page_of_decisions_asks_for_a_name_first(visit, queued, name):
    page = visit(queued, name, editor="")
    assert "Who is deciding?" in page.words
    assert "This is no security" in page.words
    assert not page.has("Accept")


def test_a_name_is_taken_without_stray_spaces_and_kept_in_the_browser(visit, queued):
    page = visit(queued, "desk", editor="")
    page.text_input(key="name").set_value("  Inès   Żak ")
    page.click("Start")
    assert "decided by Inès Żak today" in page.words
    assert f"{who.COOKIE}=In%C3%A8s%20%C5%BBak; path=/" in page.words


def test_a_blank_name_is_asked_for_again(visit, queued):
    page = visit(queued, "desk", editor="")
    page.text_input(key="name").set_value("   ")
    page.click("Start")
    assert "Who is deciding?" in page.words


def test_a_name_cannot_smuggle_a_script_into_the_page(visit, queued):
    page = visit(queued, "desk", editor='"; alert(1); "</script>')
    scripts = [body for body in page.html if "<script>" in body]
    assert len(scripts) == 1
    assert scripts[0].count("</script>") == 1
    assert scripts[0].count('"') == 2


def test_somebody_else_can_take_the_chair(visit, queued):
    page = visit(queued, "desk")
    page.click("Not Ines?")
    assert "Who is deciding?" in page.words
