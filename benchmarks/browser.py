"""The editors' app in a real browser: what its tests, its benchmark and its pictures share."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tagger.desk.app import app_command
from tagger.settings import Settings, environment_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

# Measured on Debian's chromium: it starts faster with these and calls nobody.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COOKIE = "tagger_editor"  # tagger.ui.who.COOKIE, without waiting for Streamlit's import
PATIENCE = 60.0
"""Seconds to wait for what takes one or two on an idle machine."""


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("localhost", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@dataclass
class App:
    """An app that serves the desk at ``home``; ``log`` is what it printed."""

    home: Path
    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        # Not through 'tagger app', which wants the desk to be there when it starts.
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                app_command(self.port),
                env=environment_for(Settings(self.home)),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait()

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        self.kill()
        raise RuntimeError(f"The app did not start: {self.log.read_text(errors='replace')}")


@contextmanager
def app_on(home: Path, log: Path) -> Iterator[App]:
    """An app that serves the desk at ``home`` as long as the ``with`` lasts."""
    app = App(home, log)
    app.start()
    try:
        yield app
    finally:
        app.kill()


def find_chromium() -> str | None:
    """Where Debian's chromium is; None where it is not installed."""
    return shutil.which("chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser.

    Raises:
        RuntimeError: there is no chromium on this machine.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not every machine has it

    path = find_chromium()
    if path is None:
        raise RuntimeError("No chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def visitor(browser: Browser, app: App, editor: str = "", **looks: Any) -> BrowserContext:
    """A fresh browser profile; one that knows its editor's name where one is given."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **looks})
    context.set_default_timeout(PATIENCE * 1000)
    if editor:
        context.add_cookies([{"name": COOKIE, "value": quote(editor), "url": app.address}])
    return context


def settled(page: Page) -> None:
    """Wait until the app has drawn everything it was asked for."""
    page.wait_for_selector(".stApp[data-test-script-state='notRunning']")
