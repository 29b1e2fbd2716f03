"""A retrain by button and a whole story accepted, in a real browser."""

from datetime import UTC, datetime

import pytest

from tagger.desk.models import registry_of
from tagger.keeping.store import Decision, open_store
from tagger.keeping.turn import retrain_turn
from tagger.paragraphs import paragraph_id

# A browser, a server and two cores: a key may come before the page listens. Never for other tests.
pytestmark = pytest.mark.flaky(reruns=2)

STORY = """Envoys edge towards a truce

Envoys met again on Tuesday and agreed to go on talking about a truce.

The river rose another metre and water stood in the streets.

A baker in the old town has put up his prices.
"""
TROUBLE = "[data-testid='stException'], [data-testid$='ContentError']"


def button(page, name):
    return page.get_by_role("button", name=name)


def test_an_editor_retrains_by_button_reloads_meanwhile_promotes_and_rolls_back(app, served, look):
    texts = [f"The choir of house {n} sang on the flooded square." for n in range(9)]
    rows = [Decision(paragraph_id(text), text, ("music",), "Ines", text, "doubt") for text in texts]
    with open_store(served.database) as store:
        store.decide_many(rows, "before")
    before = registry_of(served).current()
    page = look(app, "model")
    page.get_by_text("9 new decisions").wait_for()
    button(page, "Retrain").click()
    page.get_by_text("It runs beside the desk").wait_for()
    page.reload()
    other = look(app, "model", editor="Oleh")
    button(page, "Promote").wait_for()  # nobody touched the page: it looks for itself
    button(other, "Promote").wait_for()
    assert registry_of(served).current() == before
    button(page, "Promote").click()
    page.get_by_text("Nothing new was decided since the last model").wait_for()
    promoted = registry_of(served).current()
    assert promoted != before
    button(other, "Promote").click()
    other.get_by_text("A colleague was faster").wait_for()
    assert [e.action for e in registry_of(served).history()].count("promote") == 2
    page.get_by_role("tab", name="Versions").click()
    button(page, "Roll back").click()
    page.get_by_label("Why (recorded)").fill("too early")
    button(page, "Yes, roll back").click()
    page.get_by_text(f"Serving: {before}").wait_for()
    assert registry_of(served).current() == before
    assert page.locator(TROUBLE).all_inner_texts() == []


def test_a_retrain_is_stopped_by_a_colleague_and_both_see_it(app, served, look):
    serving = registry_of(served).current()
    pages = [look(app, "model", editor=name) for name in ("Ines", "Oleh")]
    for page in pages:
        button(page, "Retrain").wait_for()
    with retrain_turn(served.models, by="night job", now=datetime.now(UTC)):  # so that it waits
        button(pages[0], "Retrain").click()
        pages[0].get_by_text("It runs beside the desk").wait_for()
        pages[1].get_by_text("Ines's, since").wait_for()  # nobody touched that page
        button(pages[1], "Stop").click()
        for page in pages:
            page.get_by_text("Oleh stopped the retrain.").wait_for()
    button(pages[0], "OK").click()
    pages[1].get_by_text("Nothing new was decided since the last model").wait_for()
    assert registry_of(served).current() == serving
    assert pages[0].locator(TROUBLE).all_inner_texts() == []


def test_a_whole_story_is_accepted_by_one_press_and_taken_back_by_one(app, served, look, rows):
    page = look(app, "article")
    page.get_by_label("Paste the story").fill(STORY)
    button(page, "Tag it").click()
    accept = button(page, "Accept all 4 undecided")
    accept.wait_for()
    page.wait_for_selector(".stApp[data-test-script-state='notRunning']")
    page.wait_for_timeout(2200)  # what is tested: nobody reads a story in two seconds
    accept.dblclick()
    page.get_by_text("4 of 4 paragraphs decided").wait_for()
    made = rows(served)
    assert [row.action for row in made] == ["decide"] * 4
    assert len({row.batch for row in made}) == 1
    assert accept.count() == 0
    button(page, "Undo 4").wait_for()
    page.wait_for_selector(".stApp[data-test-script-state='notRunning']")
    page.keyboard.press("z")
    page.get_by_text("0 of 4 paragraphs decided").wait_for()
    assert [row.action for row in rows(served)[4:]] == ["undo"] * 4
    accept.wait_for()


def test_a_desk_without_a_model_trains_its_first_one_by_button(app, served, look):
    (served.models / "current").unlink()
    (served.models / "history.jsonl").unlink()
    page = look(app)
    page.get_by_text("No model has been trained yet").wait_for()
    button(page, "Train the first model").click()
    page.get_by_text("The queue is empty.").wait_for()
    assert registry_of(served).current() is not None
    assert page.locator(TROUBLE).all_inner_texts() == []
