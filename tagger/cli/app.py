"""``tagger app``: the editors' desk in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tagger.cli.common import examples, home_option, say, settings_of

if TYPE_CHECKING:
    from pathlib import Path


@click.command(epilog=examples("tagger app", "tagger app --home sports --port 8600"))
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8501,
    show_default=True,
    help="The port to listen on.",
)
@click.option(
    "--address",
    default="localhost",
    show_default=True,
    help="Where to listen; 0.0.0.0 lets the whole network in (then set up logins).",
)
@home_option
def app(port: int, address: str, home: Path | None) -> None:
    """Start the editors' desk in the browser.

    It shows predictions with reasons and takes corrections by key. A desk without a model opens
    too, and offers to train the first one.

    It runs on this machine alone: no server, no account, no call to the network.
    """
    from tagger.desk.app import start_app  # noqa: PLC0415 - --help must stay instant

    _refuse_unknown(address)
    settings = settings_of(home)
    say(f"The desk of {settings.home} opens at http://{address}:{port} (Ctrl+C ends it).")
    raise click.exceptions.Exit(start_app(settings, port=port, address=address))


def _refuse_unknown(address: str) -> None:
    import socket  # noqa: PLC0415 - --help must stay instant

    try:
        socket.getaddrinfo(address, None)
    except (OSError, UnicodeError):
        raise click.BadParameter(
            f"{address!r} is no address of this machine; try localhost or 0.0.0.0.",
            param_hint="'--address'",
        ) from None
