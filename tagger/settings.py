"""Where things are and how the tool behaves: flag, then environment, then default."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.errors import TaggerError

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME_VARIABLE = "TAGGER_HOME"
DATABASE_VARIABLE = "TAGGER_DATABASE_URL"
TAXONOMY = Path("labeled") / "taxonomy.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """The paths of one desk. ``home`` holds ``labeled/`` and ``models/``.

    ``database_url`` names a PostgreSQL server for the corrections; without it they are kept in a
    file of the desk.
    """

    home: Path
    database_url: str | None = None

    @property
    def labeled(self) -> Path:
        """The folder of taxonomy, training files and frozen test."""
        return self.home / "labeled"

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.home / "models"

    @property
    def database(self) -> str | Path:
        """Where corrections are kept: an address, or the desk's own SQLite file."""
        return self.database_url or self.labeled / "corrections.db"


def find_settings(
    home: Path | None = None,
    environ: Mapping[str, str] | None = None,
    start: Path | None = None,
) -> Settings:
    """Find the desk to work with.

    Args:
        home: the value of a flag; wins over everything.
        environ: the environment; ``os.environ`` when None.
        start: where to begin looking upwards for a ``labeled/taxonomy.toml``; the current
            folder when None.

    Raises:
        TaggerError: there is no desk where it was said to be, or none was found.
    """
    environ = os.environ if environ is None else environ
    said = home or (Path(environ[HOME_VARIABLE]) if environ.get(HOME_VARIABLE) else None)
    url = environ.get(DATABASE_VARIABLE) or None
    if said is not None:
        return _settings_at(said, url)
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if _is_desk(folder):
            return Settings(folder, url)
    raise TaggerError(
        f"No desk found: neither {start} nor a folder above it has a {TAXONOMY}.",
        f"Make one with 'tagger init DIR', then work inside it or set {HOME_VARIABLE}=DIR.",
    )


def _settings_at(home: Path, url: str | None) -> Settings:
    with suppress(RuntimeError):  # a ~name of nobody: the message below will show it
        home = home.expanduser()
    home = home.resolve()
    if not _is_desk(home):
        raise TaggerError(
            f"{home} is no desk: it has no {TAXONOMY}.",
            f"Make one with 'tagger init {home}', or correct {HOME_VARIABLE} or --home.",
        )
    return Settings(home, url)


def _is_desk(folder: Path) -> bool:
    try:
        return (folder / TAXONOMY).is_file()
    except OSError:  # a name too long, a folder nobody may enter
        return False


def environment_for(settings: Settings) -> dict[str, str]:
    """This process's environment for another one that shall work on the same desk."""
    environment = {**os.environ, HOME_VARIABLE: str(settings.home)}
    if settings.database_url:
        environment[DATABASE_VARIABLE] = settings.database_url
    return environment
