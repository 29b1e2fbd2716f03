"""Trained models on disk: plain arrays and JSON in a folder each, promoted by one line.

::

    models/<version>/   model.json  terms-N.txt  idf.npy  weights.npy  card.json
    models/pruned/      the cards of those whose files were deleted
    models/current      the version that serves
    models/history.jsonl  who trained, promoted and rolled back what, when and why

Nothing here is a pickle: loading a model can run no code. Every file's SHA-256 stands in the card
and is checked before use; the version's last letters are a digest of those sums.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError, NoModel
from tagger.files import digest_file, flush, write_beside
from tagger.keeping.history import append_event, read_history, rolled_back, served_up_to
from tagger.keeping.model_files import read_model, write_model
from tagger.keeping.pruned import kept_card
from tagger.records import Version

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from tagger.keeping.history import Event
    from tagger.learning.model import Model

CARD = "card.json"
_SEE = "See: tagger models list."
_NAME = re.compile(r"\w[\w-]*")
_MALFORMED = (OSError, ValueError, TypeError, RecursionError)  # what JSON raises on a bad card


class Registry:
    """The models of one desk.

    Args:
        folder: ``models/``; need not exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def versions(self) -> list[Version]:
        """All saved versions, oldest first."""
        return sorted(Version(path.parent.name) for path in self.folder.glob(f"[!.]*/{CARD}"))

    def current(self) -> Version | None:
        """The version that serves; None before the first promotion."""
        try:
            name = (self.folder / "current").read_text("utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ModelError(
                f"{self.folder / 'current'} cannot be read: {error.strerror}.",
                "Make it a file that you may read, or put it aside and promote a model anew.",
            ) from None
        if not _NAME.fullmatch(name):
            raise ModelError(
                f"{self.folder / 'current'} names no model: {name[:60]!r}.",
                "Choose one from 'tagger models list' with 'tagger models promote'.",
            )
        return Version(name)

    def find(self, name: str | None = None) -> Version:
        """The version of that name or unique beginning; the current one for None.

        Raises:
            NoModel: there is no current version.
            ModelError: no version, or more than one, begins so.
        """
        if name is None:
            if (current := self.current()) is None:
                raise NoModel(f"{self.folder} has no current model.", "Train one: tagger retrain.")
            return current
        if not name.strip():  # every version begins with nothing
            raise ModelError(
                "No model was named.", "Name a version, or its beginning: tagger models list."
            )
        found = [version for version in self.versions() if version.startswith(name)]
        if name in found:
            return Version(name)
        if not found and kept_card(self.folder, name):
            raise ModelError(f"Of model {name} only the card is left: it was pruned.", _SEE)
        if len(found) != 1:
            several = f"{len(found)} models begin" if found else "no model begins"
            raise ModelError(f"In {self.folder}, {several} with {name!r}.", _SEE)
        return found[0]

    def load(self, name: str | None = None) -> Model:
        """Load a version, checking every file first.

        Raises:
            NoModel: there is none yet.
            ModelError: it is missing, incomplete or altered.
        """
        version = self.find(name)
        if problems := self.problems(version):
            raise ModelError(
                f"Model {version} is damaged: {'; '.join(problems)}.",
                "Go back with 'tagger models rollback', or train anew with 'tagger retrain'.",
            )
        return replace(read_model(self.folder / version), version=version)

    def card(self, name: str | None = None) -> dict[str, Any]:
        """The card of a version: where it came from and how good it was.

        Raises:
            ModelError: the card is missing or no JSON object.
        """
        if name is not None and (kept := kept_card(self.folder, name)):
            return kept
        version = self.find(name)
        try:
            return self._read_card(version)
        except _MALFORMED as error:
            raise ModelError(
                f"The card of model {version} cannot be read: {error}.",
                "Go back with 'tagger models rollback', or train anew with 'tagger retrain'.",
            ) from None

    def _read_card(self, version: Version) -> dict[str, Any]:
        return {**json.loads((self.folder / version / CARD).read_text(encoding="utf-8"))}

    def problems(self, version: Version) -> list[str]:
        """What is wrong with a version's files; empty when all is well."""
        try:
            return self._problems(version)
        except _MALFORMED as error:
            return [f"{CARD} or another file cannot be read ({error})"]

    def _problems(self, version: Version) -> list[str]:
        sums = self._read_card(version).get("files", {})
        if not isinstance(sums, dict) or not sums or not version.endswith(_digest(sums)):
            return [f"{CARD} does not belong to it"]
        # A file that the card passes over would be read unchecked.
        folder = self.folder / version
        found = [
            f"{p.name} is not in {CARD}" for p in folder.iterdir() if p.name not in {*sums, CARD}
        ]
        for name, expected in sums.items():
            path = self.folder / version / name
            if not path.is_file():
                found.append(f"{name} is missing")
            elif digest_file(path) != expected:
                found.append(f"{name} was altered")
        return found

    def save(self, model: Model, card: dict[str, Any], *, by: str, now: datetime) -> Version:
        """Save a model beside the others, whole or not at all; it does not serve yet.

        Raises:
            ModelError: it cannot be written.
        """
        beside = self.folder / f".{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.part"
        try:
            beside.mkdir(parents=True)
            sums = {name: digest_file(beside / name) for name in write_model(beside, model)}
            version = Version(f"{now:%Y%m%d-%H%M%S}-{_digest(sums)}")
            card = {"version": version, "created": now.isoformat(), "by": by, **card, "files": sums}
            text = json.dumps(card, indent=1, ensure_ascii=False)
            (beside / CARD).write_text(text, encoding="utf-8", errors="backslashreplace")
            for name in (*sums, CARD):
                flush(beside / name)
            self._settle(beside, version)
        except OSError as error:
            raise ModelError(
                f"The model could not be saved in {self.folder}: {error.strerror or error}.",
                "Free some space or mend the permissions, and retrain; the old model still serves.",
            ) from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        append_event(self._history, "train", version, by, now)
        return version

    def _settle(self, beside: Path, version: Version) -> None:
        # The same data in the same second gives the same model, which may be damaged by now.
        if self.problems(version):
            shutil.rmtree(self.folder / version, ignore_errors=True)
            beside.rename(self.folder / version)

    def promote(self, name: str, *, by: str, now: datetime, reason: str = "") -> Version:
        """Let a version serve from now on.

        Raises:
            ModelError: there is no such version, or it is damaged.
        """
        version = self.load(name).version
        self._serve("promote", version, by, now, reason)
        return version

    def roll_back(self, *, by: str, now: datetime, reason: str = "") -> Version:
        """Let the version serve that served before the current one.

        Raises:
            ModelError: there is no earlier one, or it is damaged.
        """
        version = self.load(self.earlier()).version
        self._serve("rollback", version, by, now, reason)
        return version

    def earlier(self) -> Version:
        """The version that served before the current one.

        Raises:
            ModelError: there is none, or it was deleted.
        """
        served = self.served()
        if len(served) < 2:
            raise ModelError(
                "There is no earlier model to go back to.",
                "See the saved ones with 'tagger models list' and 'tagger models promote' one.",
            )
        return self.find(served[-2])

    def history(self) -> list[Event]:
        """Everything that was recorded, oldest first; a line cut off by a crash is passed over."""
        return read_history(self._history)

    def served(self) -> list[Version]:
        """The versions that served up to the current one, without those that were rolled back."""
        return served_up_to(self.current(), self.history())

    def taken_back(self) -> set[Version]:
        """The versions that served and were rolled back since."""
        return rolled_back(self.history()) - set(self.served())

    @property
    def _history(self) -> Path:
        return self.folder / "history.jsonl"

    def _serve(self, action: str, version: Version, by: str, now: datetime, reason: str) -> None:
        append_event(self._history, action, version, by, now, reason)
        with write_beside(self.folder / "current") as path:
            path.write_text(f"{version}\n", encoding="utf-8")


def _digest(sums: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()[:8]
