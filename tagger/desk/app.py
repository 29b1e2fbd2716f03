"""Start the editors' app as a process of its own."""

from __future__ import annotations

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


def start_app(settings: Settings, *, port: int = 8501, address: str = "localhost") -> int:
    """Run the app until it is stopped, and return its exit code."""
    options = {**_OPTIONS, "server.port": str(port), "server.address": address}
    command = [sys.executable, "-m", "streamlit", "run", str(_SCRIPT)]
    command += [f"--{name}={value}" for name, value in options.items()]
    try:
        return subprocess.call(command, env=environment_for(settings))  # noqa: S603 - our own words
    except KeyboardInterrupt:
        return 0
