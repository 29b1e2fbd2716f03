"""Desks to open in the app: as functions (AppTest) and in a real browser."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from tagger.desk.models import load_model
from tagger.desk.queue import queue_documents, store_of
from tagger.desk.retrain import retrain
from tagger.keeping.labeled import write_examples
from tagger.keeping.store import Correction, open_store
from tagger.records import Document, LabeledExample, Passage
from tagger.settings import HOME_VARIABLE, Settings
from tagger.taxonomy import make_taxonomy, write_taxonomy
from tagger.ui import article_buttons, article_page, batch_page, card, session, work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MUSIC = (
    "The orchestra opened its season with a symphony and two songs.",
    "A cellist and a choir gave a concert of songs in the museum.",
    "The opera house cancelled the symphony when its conductor fell ill.",
    "Her third album of piano songs was recorded with an orchestra.",
    "The choir sang a mass and the conductor bowed to the orchestra.",
    "A festival of piano music and opera begins in the castle.",
)


@pytest.fixture
def home(tmp_path: Path, desk_with_model: Settings) -> Settings:
    """A desk of its own, whose tiny model of three topics serves; nothing is queued."""
    shutil.copytree(desk_with_model.home, tmp_path / "home")
    return Settings(tmp_path / "home")


@pytest.fixture(scope="session")
def queue() -> Callable[..., None]:
    """Puts paragraphs into a desk's queue, eight an article."""

    def add(desk: Settings, texts: Sequence[str], title: str = "Story") -> None:
        parts = [texts[start : start + 8] for start in range(0, len(texts), 8)]
        documents = [
            Document(
                f"wire/{number}.html",
                tuple(Passage(text, "paragraph") for text in part),
                title=f"{title} {number}",
                date=f"2026-11-{number + 1:02d}",
                source="Halyard",
            )
            for number, part in enumerate(parts)
        ]
        with store_of(desk) as store:
            queue_documents(documents, store, load_model(desk))

    return add


@pytest.fixture
def queued(home: Settings, examples: list[LabeledExample], queue: Callable[..., None]) -> Settings:
    """The same with 32 paragraphs in four articles in its queue."""
    queue(home, [example.text for example in examples[::2]])
    return home


@pytest.fixture
def rows() -> Callable[[Settings], list[Correction]]:
    """Reads a desk's log, oldest row first."""

    def read(desk: Settings) -> list[Correction]:
        with store_of(desk) as store:
            return store.log(limit=1000)[::-1]

    return read


# Pages as functions.


class Clock:
    """Moves only when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def strftime(self, form: str) -> str:
        return time.strftime(form)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that pages look at: how long a paragraph was shown, how old a page is."""
    found = Clock()
    for module in (article_page, article_buttons, card, work, batch_page):
        monkeypatch.setattr(module, "time", found)
    return found


@pytest.fixture
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages' stores wait for nobody, and are closed when the test is over."""
    opened = []

    def open_here(settings: Settings) -> Any:
        opened.append(open_store(settings.database, patience=0.05))
        return opened[-1]

    monkeypatch.setattr(session, "store_of", open_here)
    yield
    for store in opened:
        store.close()
    session._store.clear()


def on_page(name: str) -> None:
    """What AppTest runs: the page as the app calls it."""
    from importlib import import_module

    from tagger.ui import session

    with session.told_errors():
        import_module(f"tagger.ui.{name}_page").page()


class Opened:
    """A page as an editor sees it, without a browser."""

    def __init__(self, app: AppTest, clock: Clock) -> None:
        self.app = app
        self._clock = clock

    def __getattr__(self, kind: str) -> Any:
        return getattr(self.app, kind)

    @property
    def words(self) -> str:
        """All that the page says, without Markdown's backslashes and links' addresses."""
        app = self.app
        kinds = (app.error, app.warning, app.info, app.success, app.caption, app.header)
        said = [e.value for kind in (*kinds, app.subheader, app.markdown) for e in kind]
        said += [*self.labels, *self.html, *(toast.value for toast in app.toast)]
        plain = re.sub(r"\\(\W)", r"\1", "\n".join(said))
        return re.sub(r"\[(\w+)\]\([a-z]+\)", r"\1", plain)

    @property
    def html(self) -> list[str]:
        return [element.proto.body for element in self.app.get("html")]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.app.button]

    @property
    def toggles(self) -> dict[str, bool]:
        """Labels of the topics' toggles, and whether they are on."""
        found = [b for b in self.app.button if b.key and b.key.startswith("topic-")]
        return {b.label: b.proto.type == "primary" for b in found}

    @property
    def shown(self) -> str:
        """The paragraph on the card."""
        written = next(body for body in self.html if "nt-text" in body)
        block = re.search(r'<p class="nt-text" dir="auto">(.*?)</p>', written, re.DOTALL)
        return re.sub(r"<[^>]+>", "", block[1]) if block else ""

    def open_tab(self, name: str) -> None:
        """Open one of the Model page's tabs."""
        self.app.session_state["model-tab"] = name
        self.app.run()

    def has(self, label: str) -> bool:
        """Whether there is a button whose label begins so."""
        return any(found.startswith(label) for found in self.labels)

    def click(self, label: str) -> None:
        """Click the button whose label begins so; the shortest, where several do."""
        found = [b for b in self.app.button if b.label.startswith(label)]
        min(found, key=lambda b: len(b.label)).click().run()

    def press(self, label: str, wait: float = 2.0) -> None:
        """The same, as somebody does who has looked for ``wait`` seconds."""
        self._clock.now += wait
        self.click(label)


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, clock: Clock, stores: None) -> Callable[..., Opened]:
    """Opens a page of a desk as an editor."""

    def go(desk: Settings, name: str, editor: str = "Ines", **query: str) -> Opened:
        monkeypatch.setenv(HOME_VARIABLE, str(desk.home))
        app = AppTest.from_function(on_page, kwargs={"name": name}, default_timeout=60)
        app.session_state["editor"] = editor
        for key, value in query.items():
            app.query_params[key] = value
        return Opened(app.run(), clock)

    return go


# Pages in a browser.


def _beside(name: str) -> Any:
    path = Path(__file__).parents[2] / "benchmarks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


browsing = _beside("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium. Not for the whole session: its event loop is in others' way."""
    if browsing.find_chromium() is None:
        reason = "no chromium on this machine: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with browsing.chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def four_topics(
    tmp_path_factory: pytest.TempPathFactory, examples: list[LabeledExample]
) -> Settings:
    """A desk of four topics with a model; nothing may be changed in it."""
    taxonomy = make_taxonomy([{"id": name} for name in ("talks", "energy", "floods", "music")])
    music = [LabeledExample(text, frozenset({taxonomy.ids[3]})) for text in MUSIC]
    desk = Settings(tmp_path_factory.mktemp("four") / "desk")
    write_examples(desk.labeled / "train" / "train.jsonl", [*examples, *music])
    (desk.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")
    retrain(desk, by="tests", now=datetime(2026, 11, 22, tzinfo=UTC))
    return desk


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Any]:
    """The running app. It serves whatever desk its folder ``now`` links to."""
    folder = tmp_path_factory.mktemp("app")
    with browsing.app_on(folder / "now", folder / "app.log") as running:
        yield running


@pytest.fixture
def served(app: Any, four_topics: Settings, tmp_path: Path) -> Settings:
    """A desk of its own for each test, served by the one app: starting takes seconds."""
    shutil.copytree(four_topics.home, tmp_path / "desk")
    app.home.unlink(missing_ok=True)
    app.home.symlink_to(tmp_path / "desk")
    return Settings(tmp_path / "desk")


@pytest.fixture
def look(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a page of an app in a browser profile of its own."""
    contexts = []

    def go(app: Any, path: str = "", editor: str = "Ines", **looks: Any) -> Any:
        contexts.append(browsing.visitor(browser, app, editor, **looks))
        page = contexts[-1].new_page()
        page.goto(f"{app.address}/{path}")
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.fixture
def app_of_its_own(tmp_path: Path) -> Callable[..., Any]:
    """Starts an app that a test may kill."""

    @contextmanager
    def start(desk: Settings) -> Iterator[Any]:
        with browsing.app_on(desk.home, tmp_path / "app.log") as running:
            yield running

    return start
