"""An editor's day, told to the running app by a real browser."""

import random
import re
from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError as TookTooLong

from tagger.keeping.store import open_store
from tagger.paragraphs import clean

# A browser, a server and two cores: a key may come before the page listens. Never for other tests.
pytestmark = pytest.mark.flaky(reruns=2)

STORY = """Envoys edge towards a truce

Envoys met again on Tuesday and agreed to go on talking about a truce.

The river rose another metre and water stood in the streets.

A baker in the old town has put up his prices.
"""
WORDS = """envoys truce talks river flood water bridge coal gas power station cellar baker prices
hall Tuesday street doctor garden letter market winter school engine paper summer orchard"""
PARAGRAPH = "document.querySelector('.nt-text')?.innerText"
PAGES = {
    "Desk": "left of 8",
    "Article": "Paste the story",
    "Batch": "Suggestions the model is sure of",
    "Audit": "with the suggestion covered",
    "Model": "Versions",
    "Coverage": "Over time",
    "Topics": "4 topics",
    "Log": "Nobody has decided anything yet.",
}
TROUBLE = "[data-testid='stException'], [data-testid$='ContentError']"


@pytest.fixture
def texts():
    """Forty paragraphs that are no near-copies of one another."""
    chance = random.Random(0)
    return [" ".join(chance.sample(WORDS.split(), 14)) + "." for _ in range(40)]


@pytest.fixture
def desk(served, queue, texts):
    """The desk that the app serves, with forty paragraphs in its queue."""
    queue(served, texts)
    return served


def reading(page):
    """The paragraph on the card, once the card is drawn to its last button."""
    page.wait_for_selector(".nt-text")
    page.wait_for_selector(".stApp[data-test-script-state='notRunning'] [class*='st-key-a-']")
    return page.evaluate(PARAGRAPH)


def press(page, key):
    """Press a key as somebody does who has looked at the paragraph."""
    page.wait_for_timeout(450)  # what is tested: the guard wants 0.35 s, not the machine
    page.keyboard.press(key)


def wait_for_another(page, than):
    page.wait_for_function(f"old => ![undefined, old].includes({PARAGRAPH})", arg=than)
    return reading(page)


def decide(page, key="a"):
    """Decide what is on the card, wait for the next, and return what was decided."""
    decided = reading(page)
    press(page, key)
    wait_for_another(page, decided)
    return decided


def send(page, key):
    """Press a key that another keyboard has."""
    keys = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        keys.send("Input.dispatchKeyEvent", {"type": kind, **key})
    keys.detach()


def is_on(page, topic):
    button = f"[class*='st-key-topic-'] [data-testid='stBaseButton-primary']:has-text('{topic}')"
    return page.locator(button)


def turn_on(page, topic, key):
    """Press a topic's key; once more where a page just opened was not listening yet."""
    for _ in range(3):
        press(page, key)
        with suppress(TookTooLong):
            is_on(page, topic).wait_for(timeout=15_000)
            break
    assert is_on(page, topic).count() == 1


def test_every_page_opens_from_the_navigation_and_calls_nobody_outside(
    app, served, queue, texts, look
):
    queue(served, texts[:8])
    page = look(app)
    called = []
    page.on("request", lambda request: called.append(request.url))
    page.on("websocket", lambda socket: called.append(socket.url))
    page.reload()
    for title, says in PAGES.items():
        page.get_by_role("link", name=title, exact=True).click()
        page.get_by_text(says).first.wait_for()
        assert page.locator(TROUBLE).all_inner_texts() == []
    own = re.compile(rf"(?:http|ws)://localhost:{app.port}/|data:|blob:")
    assert called
    assert [url for url in called if not own.match(url)] == []


def test_a_name_is_asked_for_once_and_kept_by_the_browser(app, desk, look, rows):
    page = look(app, editor="")
    field = page.get_by_label("Your name")
    field.press_sequentially("Zaza 10")  # its letters and digits are keys elsewhere
    field.press("Enter")
    reading(page)
    page.get_by_text("decided by Zaza 10 today").wait_for()
    page.reload()
    reading(page)
    page.get_by_text("decided by Zaza 10 today").wait_for()
    assert rows(desk) == []


def test_an_article_is_pasted_corrected_by_key_undone_and_there_after_a_reload(
    app, served, look, rows
):
    page = look(app, "article")
    page.get_by_label("Paste the story").fill(STORY)
    page.get_by_role("button", name="Tag it").click()
    first = reading(page)
    assert first == "Envoys edge towards a truce"
    turn_on(page, "energy", "2")
    assert decide(page) == first
    second = reading(page)
    assert decide(page, "0") == second
    reading(page)
    press(page, "z")
    page.wait_for_function(f"old => {PARAGRAPH} === old", arg=second)
    page.reload()
    page.get_by_text("1 of 4 paragraphs decided").wait_for()
    made = rows(served)
    assert [(r.action, r.text, r.editor) for r in made] == [
        ("decide", first, "Ines"),
        ("decide", second, "Ines"),
        ("undo", second, "Ines"),
    ]
    assert "energy" in made[0].topics
    assert made[1].topics == ()
    assert made[2].undoes == made[1].sequence


def test_each_topic_s_key_turns_it_on_and_off(app, desk, look):
    page = look(app)
    reading(page)
    for key, topic in enumerate(["talks", "energy", "floods", "music"], 1):
        before = is_on(page, topic).count()
        page.keyboard.press(str(key))
        is_on(page, topic).wait_for(state="detached" if before else "visible")
        send(page, {"key": str(key), "code": f"Numpad{key}", "windowsVirtualKeyCode": 96 + key})
        is_on(page, topic).wait_for(state="visible" if before else "detached")


@pytest.mark.parametrize("typed", ["ф", "A"], ids=["cyrillic", "caps lock"])
def test_keys_work_on_other_layouts_and_with_caps_lock(app, desk, look, rows, typed):
    page = look(app)
    first = reading(page)
    page.wait_for_timeout(450)
    send(page, {"key": typed, "code": "KeyA", "windowsVirtualKeyCode": 65})
    wait_for_another(page, first)
    assert [r.text for r in rows(desk)] == [first]


def test_keys_are_letters_while_somebody_types(app, served, look, rows):
    page = look(app, "article")
    page.get_by_label("Paste the story").fill(STORY)
    page.get_by_role("button", name="Tag it").click()
    first = reading(page)
    page.get_by_text("Another article").click()
    field = page.get_by_label("Paste the story")
    field.fill("")
    press(page, "a")
    field.press_sequentially("s z a 0 1 2 c")
    assert field.input_value() == "as z a 0 1 2 c"
    page.get_by_role("heading", name="Envoys edge").click()
    assert decide(page) == first  # keys are keys again, and nothing else was pressed before
    assert [(r.action, r.text) for r in rows(served)] == [("decide", first)]


@pytest.mark.parametrize("gap", [0, 100, 200])
def test_a_double_press_is_one_decision(app, desk, look, rows, gap):
    page = look(app)
    first = reading(page)
    press(page, "a")
    page.wait_for_timeout(gap)
    page.keyboard.press("a")
    wait_for_another(page, first)
    second = decide(page)  # comes after the double press on the same wire
    assert [r.text for r in rows(desk)] == [first, second]


def hold(page, key, until):
    """Hold a key down as a finger does: the system repeats it some thirty times a second."""
    while not until():
        page.keyboard.down(key)
        page.wait_for_timeout(30)
    page.keyboard.up(key)


def test_a_key_held_for_a_second_decides_little(app, desk, look, rows):
    page = look(app)
    reading(page)
    page.wait_for_timeout(450)
    page.evaluate("window.end = performance.now() + 1000")
    hold(page, "a", lambda: page.evaluate("performance.now() > window.end"))
    last = reading(page)
    press(page, "s")  # comes after all that was held
    wait_for_another(page, last)
    assert 1 <= len(rows(desk)) <= 4


def test_a_run_of_decisions_nobody_can_have_read_makes_a_pause(app, desk, look, rows):
    page = look(app)
    reading(page)
    go_on = page.get_by_role("button", name="I am reading")
    hold(page, "a", go_on.is_visible)
    made = len(rows(desk))
    assert made >= 5
    press(page, "a")
    go_on.click()
    decide(page)
    assert len(rows(desk)) == made + 1


HOSTILE = [
    "<script>window.hacked = 1</script> <img src=x onerror='alert(1)'> said the envoy",
    "$x^2$ and *bold* and _thin_ and :red[ink] and `code` and [a](javascript:alert(1))",
    "\u202eforwards and\u202c \u2067backwards\u2069 and שלום together at the river",
    "flood " * 3333 + "end",
]
MARKUP = (
    ".stMain :is(script, img, .katex, [onclick], [onerror]), "
    ":is(.nt-text, .nt-row, .nt-aside, button) :is(em, strong, code, "
    "a:not([href^='article?article=']))"  # the desk's own link to the whole story
)


def test_hostile_text_is_text_on_the_desk(app, served, queue, look, rows):
    queue(served, HOSTILE, title="<b onclick=alert(1)>*Title*</b>")
    page = look(app)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    seen = []
    for _ in HOSTILE:
        reading(page)
        seen.append(page.evaluate("document.querySelector('.nt-text').textContent"))
        assert page.locator(MARKUP).all_inner_texts() == []
        assert "<b onclick=alert(1)>*Title*</b> 0" in page.locator(".nt-aside").inner_text()
        press(page, "0")
        page.wait_for_function(
            "old => document.querySelector('.nt-text')?.textContent !== old", arg=seen[-1]
        )
    page.get_by_text("All 4 are decided").wait_for()
    assert sorted(seen) == sorted(map(clean, HOSTILE)) == sorted(r.text for r in rows(served))
    assert page.evaluate("window.hacked") is None
    assert asked == []


def test_hostile_text_is_text_in_an_article(app, served, queue, look):
    queue(served, HOSTILE, title="<b onclick=alert(1)>*Title*</b> $x$ :smile:")
    page = look(app, "article?article=1")
    reading(page)
    assert page.locator(".nt-row p").all_text_contents() == list(map(clean, HOSTILE))
    heading = page.get_by_role("heading", name="Title")
    assert heading.inner_text() == "<b onclick=alert(1)>*Title*</b> $x$ :smile: 0"
    assert page.locator(MARKUP).all_inner_texts() == []
    assert page.evaluate("window.hacked") is None


def test_two_editors_never_get_the_same_paragraph(app, desk, look, rows):
    pages = {name: look(app, editor=name) for name in ("Ines", "Oleh")}
    seen = {name: [] for name in pages}
    for _ in range(10):
        for name, page in pages.items():
            page.bring_to_front()
            seen[name].append(decide(page))
    assert not set(seen["Ines"]) & set(seen["Oleh"])
    for name, texts in seen.items():
        assert [r.text for r in rows(desk) if r.editor == name] == texts


def test_nothing_acknowledged_is_lost_when_the_app_is_killed_between_two_keys(
    app_of_its_own, desk, look, rows
):
    with app_of_its_own(desk) as app:
        page = look(app)
        acknowledged = [decide(page) for _ in range(3)]
        last = reading(page)
        press(page, "a")  # perhaps written, perhaps not: nobody was told
        app.kill()
        assert [r.text for r in rows(desk)][:3] == acknowledged
        with open_store(desk.database) as store:
            assert store.verify().problem is None
        app.start()
        page.reload()
        assert reading(page) not in acknowledged
        acknowledged.append(decide(page))
        texts = [r.text for r in rows(desk)]
        assert set(acknowledged) <= set(texts) <= {*acknowledged, last}
