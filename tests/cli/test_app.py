"""``tagger app`` as a process."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

PATIENCE = 60.0  # seconds; an idle machine takes two


def free_port():
    with socket.create_server(("localhost", 0)) as server:
        return server.getsockname()[1]


def answers(port):
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=5):
            return True
    except OSError:
        return False


@pytest.fixture
def app(desk, tmp_path):
    """The app on a desk without a model, and its port."""
    port, log = free_port(), tmp_path / "app.log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tagger.cli", "app", "--port", str(port)],
            env={**os.environ, "TAGGER_HOME": str(desk.home)},
            stdout=file,
            stderr=file,
        )
    deadline = time.monotonic() + PATIENCE
    while not answers(port) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    yield process, port, log
    process.kill()
    process.wait()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_app_opens_without_a_model_and_whatever_ends_it_frees_its_port(app, ending):
    process, port, log = app
    assert answers(port), log.read_text()
    process.send_signal(ending)
    process.wait(timeout=PATIENCE)
    assert not answers(port)
    with socket.create_server(("localhost", port)):
        pass
    assert "Traceback" not in log.read_text()
