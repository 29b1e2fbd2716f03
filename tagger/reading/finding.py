"""From what was typed (files, folders, patterns) to the files to read."""

from __future__ import annotations

import glob
import os
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from tagger.errors import InputError
from tagger.reading.formats import SUFFIXES, format_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, in order, and what was passed over in folders and patterns.

    ``unknown`` are files with a suffix that no reader knows; ``hidden`` are files and folders
    whose name begins with a dot.
    """

    files: tuple[Path, ...]
    unknown: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()

    @property
    def skipped(self) -> str:
        """What was passed over, in one line for people; empty when nothing was."""
        parts = []
        if self.unknown:
            kinds = Counter(path.suffix.lower() or "no suffix" for path in self.unknown)
            named = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
            parts.append(f"{len(self.unknown)} of unknown type ({named})")
        if self.hidden:
            parts.append(f"{len(self.hidden)} hidden")
        return f"Skipped {' and '.join(parts)}." if parts else ""


def find(inputs: Sequence[str]) -> Found:
    """Find the files that names, folders and patterns stand for.

    A folder stands for all files below it, sorted; a pattern may hold ``*``, ``?``, ``[ab]``
    and ``**``. The order of ``inputs`` is kept and a file met twice is read once.

    Raises:
        InputError: a name matches nothing, holds nothing to read, or names a file of unknown type.
    """
    parts = [_find_one(name) for name in inputs]
    return Found(
        files=_once(path for part in parts for path in part.files),
        unknown=_once(path for part in parts for path in part.unknown),
        hidden=_once(path for part in parts for path in part.hidden),
    )


def _find_one(name: str) -> Found:
    path = Path(name)
    with _telling(name):
        if not name.strip():
            raise InputError("An empty name was given.", "Name a file, a folder or a pattern.")
        if path.is_dir():
            return _not_empty(_in_folder(path), name)
        if path.exists():
            format_of(path)
            return Found((path,))
        if glob.has_magic(name):
            return _not_empty(_matching(name), name)
    raise InputError(f"{name} does not exist.", "Check the spelling and the folder you are in.")


def _matching(pattern: str) -> Found:
    # Path.glob takes no absolute pattern and no plain name without a folder to start from.
    names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - see above
    if not names:
        raise InputError(f"{pattern} matches nothing.", "Check the pattern and the folder.")
    paths = [Path(name) for name in names]
    files, folders = [p for p in paths if not p.is_dir()], [p for p in paths if p.is_dir()]
    found = _sorted_out(files)
    if "**" in pattern:  # the pattern itself has been in every folder
        return found
    inside = [_in_folder(folder) for folder in folders]
    return Found(
        files=tuple(sorted([*found.files, *(path for part in inside for path in part.files)])),
        unknown=(*found.unknown, *(path for part in inside for path in part.unknown)),
        hidden=tuple(path for part in inside for path in part.hidden),
    )


def _in_folder(folder: Path) -> Found:
    files: list[Path] = []
    hidden: list[Path] = []
    seen = {folder.resolve()}
    for here, folders, names in os.walk(folder, onerror=_raise, followlinks=True):
        below = [Path(here, name) for name in folders]
        inside = [Path(here, name) for name in names]
        hidden += [path for path in below + inside if path.name.startswith(".")]
        files += [path for path in inside if not path.name.startswith(".")]
        folders[:] = [path.name for path in below if _is_new(path, seen)]
    found = _sorted_out(sorted(files))
    return Found(found.files, found.unknown, tuple(sorted(hidden)))


def _is_new(folder: Path, seen: set[Path]) -> bool:
    # A link may lead back to a folder above it: each real folder is walked once.
    real = folder.resolve()
    new = real not in seen and not folder.name.startswith(".")
    seen.add(real)
    return new


def _sorted_out(files: Iterable[Path]) -> Found:
    known: list[Path] = []
    unknown: list[Path] = []
    for path in files:
        readable = path.suffix.lower() in SUFFIXES and path.is_file()
        (known if readable else unknown).append(path)
    return Found(tuple(known), tuple(unknown))


def _not_empty(found: Found, name: str) -> Found:
    if found.files:
        return found
    raise InputError(
        f"{name} holds no file to read. {found.skipped}".strip(),
        f"Files that can be read end in {', '.join(SUFFIXES)}.",
    )


def _once(paths: Iterable[Path]) -> tuple[Path, ...]:
    first: dict[Path, Path] = {}
    for path in paths:
        first.setdefault(path.resolve(), path)
    return tuple(first.values())


@contextmanager
def _telling(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{error.filename or name} cannot be opened: {error.strerror or error}.",
            "Check the name and that you may read it.",
        ) from error


def _raise(error: OSError) -> NoReturn:
    raise error
