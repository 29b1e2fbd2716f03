"""Models whose files were deleted: what stays of each is its card, in ``models/pruned/``.

A card says where a model came from and how good it was, which the gate and the history go on
asking. What only the files could tell is written into it first, as ``pruned``.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError
from tagger.files import flush, write_beside

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from tagger.records import Version

_NAME = re.compile(r"\w[\w-]*")


def kept_card(models: Path, name: str) -> dict[str, Any] | None:
    """The card of a model whose files were deleted; None where there is no such card."""
    path = models / "pruned" / f"{name}.json"
    if not _NAME.fullmatch(name) or (models / name).is_dir():
        return None
    try:
        return {**json.loads(path.read_text(encoding="utf-8"))}
    except (OSError, ValueError, TypeError):  # there is none, or somebody edited it
        return None


def keep_card(models: Path, version: Version, card: Mapping[str, Any]) -> None:
    """Write the card of a model that is to be deleted.

    Raises:
        OutputError: it cannot be written.
    """
    with write_beside(models / "pruned" / f"{version}.json") as beside:
        text = json.dumps(card, indent=1, ensure_ascii=False)
        beside.write_text(text, encoding="utf-8", errors="backslashreplace")


def set_aside(models: Path, version: Version, now: datetime) -> Path:
    """Take a model out of sight with one rename; whoever has the turn next deletes what is left.

    Raises:
        ModelError: the folder cannot be renamed.
    """
    aside = models / f".{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.part"  # as half-saved ones
    try:
        (models / version).rename(aside)
    except OSError as error:
        raise ModelError(
            f"Model {version} could not be deleted: {error.strerror or error}.",
            "Mend the permissions of its folder, and prune again.",
        ) from error
    with suppress(OSError):  # not every network drive can flush a folder
        flush(models)
    return aside


def bring_back(models: Path, version: Version, aside: Path) -> None:
    """Undo :func:`set_aside` and :func:`keep_card`."""
    aside.rename(models / version)
    (models / "pruned" / f"{version}.json").unlink(missing_ok=True)


def delete(aside: Path) -> None:
    """Delete what was set aside; what cannot be deleted now goes with a later turn."""
    shutil.rmtree(aside, ignore_errors=True)
