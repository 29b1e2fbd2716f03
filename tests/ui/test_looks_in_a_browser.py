"""Every page on a phone, by keyboard alone, and with a name for whatever can be pressed."""

import random

import pytest
from playwright.sync_api import expect

from tagger.desk.correct import decide_batch
from tagger.desk.queue import next_up, store_of

# A browser, a server and two cores: a key may come before the page listens. Never for other tests.
pytestmark = pytest.mark.flaky(reruns=2)

PHONE = {"width": 390, "height": 844}
STRANGE = ("x" * 900, "Envoys " * 200, "https://example.org/" + "a" * 300, "A short one on floods.")
WORDS = """envoys truce talks river flood water bridge coal gas power station cellar baker prices
hall Tuesday street doctor garden letter market winter school engine paper summer orchard"""
PAGES = {
    "desk": "left of",
    "article?article=1": "paragraphs decided",
    "batch": "Suggestions the model is sure of",
    "audit": "with the suggestion covered",
    "model": "Do topics lean on names?",
    "coverage": "Against the training data",
    "topics": "Change the topics",
    "log": "asked because",
}
TABS = ("Tag by itself", "Your corrections", "Versions")
SIDEWAYS = """[document.documentElement, document.querySelector('.stMain')]
    .map(e => e.scrollWidth - e.clientWidth)"""
NAMELESS = """[...document.querySelectorAll('button, a[href], [role=checkbox], [role=tab]')]
    .filter(e => e.checkVisibility() && !e.innerText.trim() && !e.ariaLabel && !e.title)
    .map(e => e.outerHTML.slice(0, 200))"""


@pytest.fixture
def desk(served, queue):
    """The desk that the app serves, with paragraphs that no line holds; some are decided."""
    chance = random.Random(0)
    usual = [" ".join(chance.sample(WORDS.split(), 12)) + "." for _ in range(28)]
    queue(served, [*STRANGE, *usual])
    with store_of(served) as store:
        cards = next_up(store, served, "Oleh", n=6, checks=False)
        decide_batch(store, [(card, ()) for card in cards], "Oleh", batch="one")
    return served


def drawn(page, says):
    """Wait until a page is drawn to its end."""
    if says == "asked because":  # in a table, which is a picture to the browser
        page.locator("[data-testid='stDataFrame'] canvas").first.wait_for()
    else:
        page.get_by_text(says).first.wait_for()
    page.wait_for_selector(".stApp[data-test-script-state='notRunning']")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(app, desk, look, path):
    page = look(app, path, viewport=PHONE)
    drawn(page, PAGES[path])
    assert page.evaluate(SIDEWAYS) == [0, 0]


def test_no_tab_of_the_model_page_scrolls_sideways_on_a_phone(app, desk, look):
    page = look(app, "model", viewport=PHONE)
    drawn(page, PAGES["model"])
    for name in TABS:
        page.get_by_role("tab", name=name).click()
        expect(page.get_by_role("tabpanel", name=name)).not_to_be_empty()
        page.wait_for_selector(".stApp[data-test-script-state='notRunning']")
        assert page.evaluate(SIDEWAYS) == [0, 0], name


@pytest.mark.parametrize("path", PAGES)
def test_whatever_can_be_pressed_has_a_name(app, desk, look, path):
    page = look(app, path)
    drawn(page, PAGES[path])
    assert page.evaluate(NAMELESS) == []


def test_every_page_has_a_heading_and_a_title_of_its_own(app, desk, look):
    page = look(app, "topics")
    drawn(page, PAGES["topics"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Topics")
    expect(page).to_have_title("Topics · Newsroom tagger")


def test_a_topic_is_turned_on_and_accepted_without_a_mouse(app, desk, look, rows):
    page = look(app)
    drawn(page, "left of")
    toggle = page.locator("[class*='st-key-topic-'] button").last
    accept = page.locator("[class*='st-key-a-'] button")
    before = toggle.get_attribute("kind")
    toggle.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert toggle.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(toggle).not_to_have_attribute("kind", before)
    text = page.locator(".nt-text").inner_text()
    accept.focus()
    page.wait_for_timeout(450)  # what is tested: the guard wants 0.35 s, not the machine
    page.keyboard.press("Enter")
    expect(page.locator(".nt-text")).not_to_have_text(text)
    assert rows(desk)[-1].editor == "Ines"


def test_long_names_of_topics_are_read_to_the_share_behind_them(app, desk, look):
    path = desk.labeled / "taxonomy.toml"
    name = "Negotiations about the exchange of prisoners of war and of detained civilians"
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace('label = "talks"', f'label = "{name}"'), "utf-8")
    page = look(app, "article?article=1", viewport=PHONE)
    drawn(page, "paragraphs decided")
    label = page.locator("[class*='st-key-topic-'] button p").filter(has_text=name)
    label.wait_for()
    assert label.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert label.inner_text().endswith("%")
