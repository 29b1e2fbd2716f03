"""Pictures of every page of the app, light and dark, at a desk's and a phone's width.

    python benchmarks/pictures.py            into docs/pictures/

They show the project's own invented examples on a desk made for the purpose.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from browser import app_on, chromium, settled, visitor

from tagger.desk.correct import decide
from tagger.desk.models import load_model, taxonomy_of
from tagger.desk.queue import next_up, queue_inputs, release, store_of
from tagger.settings import Settings, find_settings

if TYPE_CHECKING:
    from browser import App
    from playwright.sync_api import Browser

    from tagger.desk.queue import Card
    from tagger.keeping.store.store import Store
    from tagger.taxonomy import Taxonomy

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
PAGES = ("desk", "article", "batch", "audit", "model", "coverage", "topics", "log")
WIDTHS = {"wide": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
EDITOR = "Olha"
DECIDED = 6
DRAWING = 2500  # milliseconds for plots, which tell nobody when they are done


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(Path(temporary) / "desk")
        build(settings, find_settings())
        PICTURES.mkdir(parents=True, exist_ok=True)
        with app_on(settings.home, Path(temporary) / "app.log") as app, chromium() as browser:
            for scheme in ("light", "dark"):
                for width, viewport in WIDTHS.items():
                    with store_of(settings) as store:
                        release(store, EDITOR)  # so that every picture shows the same card
                    take_all(app, browser, scheme, width, viewport)


def build(settings: Settings, origin: Settings) -> None:
    """A desk with the project's topics and model, the examples queued, some of them decided."""
    ignore = shutil.ignore_patterns("corrections.db*")
    shutil.copytree(origin.labeled, settings.labeled, ignore=ignore)
    unfinished = shutil.ignore_patterns(".retrain*")
    shutil.copytree(origin.models, settings.models, ignore=unfinished)
    model, taxonomy = load_model(settings), taxonomy_of(settings)
    with store_of(settings) as store:
        queue_inputs([str(ROOT / "examples")], store, model)
        for card in next_up(store, settings, "Petro", n=DECIDED, checks=False):
            answer(store, card, "Petro", taxonomy)
        for card in next_up(store, settings, EDITOR, model=model):
            if card.topics and not card.hidden and card.item.before:
                break  # a card that shows what there is to show
            answer(store, card, EDITOR, taxonomy)


def answer(store: Store, card: Card, editor: str, taxonomy: Taxonomy) -> None:
    key, seconds = uuid4().hex, 2 + len(card.item.text) / 60
    decide(store, card, card.topics, editor, key=key, taxonomy=taxonomy, seconds=seconds)


def take_all(app: App, browser: Browser, scheme: str, width: str, viewport: dict[str, int]) -> None:
    context = visitor(browser, app, EDITOR, viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    for name in PAGES:
        address = "" if name == "desk" else name + ("?article=1" if name == "article" else "")
        page.goto(f"{app.address}/{address}")
        page.wait_for_selector(".stMain")
        settled(page)
        page.wait_for_timeout(DRAWING)
        page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png")
    context.close()


if __name__ == "__main__":
    main()
