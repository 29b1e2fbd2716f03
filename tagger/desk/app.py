"""Start the editors' app as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.settings import environment_for

if TYPE_CHECKING:
    from tagger.settings import Settings

_SCRIPT = Path(__file__).parents[1] / "ui" / "start.py"
_OPTIONS = {
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "viewer",
    "client.showErrorDetails": "none",
    "theme.light.primaryColor": "#1f5f8b",
    "theme.dark.primaryColor": "#2f78a8",
    "server.headless": "true",
    "server.maxUploadSize": "50",
}


def app_command(port: int, address: str = "localhost") -> list[str]:
    """The command line that runs the app, for whoever starts it: the desk comes by environment."""
    options = {**_OPTIONS, "server.port": str(port), "server.address": address}
    words = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", str(_SCRIPT), *words]


def start_app(settings: Settings, *, port: int = 8501, address: str = "localhost") -> int:
    """Run the app until it is stopped, and return its exit code.

    Where the system can, this process becomes the app and does not return: whatever stops or
    kills it has then stopped the app, and leaves no child behind that holds the port.
    """
    command, environment = app_command(port, address), environment_for(settings)
    if os.name == "posix":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execve(sys.executable, command, environment)  # noqa: S606 - our own words
    try:
        return subprocess.call(command, env=environment)  # noqa: S603 - our own words
    except KeyboardInterrupt:
        return 0
