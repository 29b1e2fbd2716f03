"""The diary of a retrain in the background: one process writes it, many may read it.

::

    models/.retrain/diary.jsonl   what was ordered, how far it is, how it ended: a line each
    models/.retrain/result.json   what the newest trained model changes
    models/.retrain/worker.log    what the working process printed

The working process holds a lock as long as it lives. The operating system frees it however that
process ends, so nobody has to guess whether a job that says nothing was killed.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tagger.errors import ModelError
from tagger.files import write_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filelock import FileLock

_PATIENCE = 10.0  # seconds: nobody holds these locks longer but the job itself


class Diary:
    """The diary of one desk.

    Args:
        models: the desk's folder of models; need not exist yet.
    """

    def __init__(self, models: Path) -> None:
        self._folder = models / ".retrain"
        self._lines = self._folder / "diary.jsonl"
        self._result = self._folder / "result.json"

    @property
    def log(self) -> Path:
        """Where the working process prints to."""
        return self._folder / "worker.log"

    @contextmanager
    def my_turn(self) -> Iterator[None]:
        """Look and begin without another one doing so at the same moment.

        Raises:
            ModelError: the folder cannot be written.
        """
        with _taken(self._lock("turn"), self._folder):
            yield

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Be the working process; see :meth:`is_at_work`.

        Raises:
            ModelError: another process is, or the folder cannot be written.
        """
        with _taken(self._lock("alive"), self._folder):
            yield

    def is_at_work(self) -> bool:
        """Whether the working process lives."""
        from filelock import Timeout  # noqa: PLC0415 - only desks with a job need it

        alive, look = self._lock("alive"), self._lock("look")
        if not Path(alive.lock_file).exists():  # filelock would make it, and its folders
            return False
        try:
            # One looks at a time: two would take each other for the working process.
            with look.acquire(timeout=_PATIENCE), alive.acquire(blocking=False):
                return False
        except Timeout:
            return True
        except OSError:  # a folder nobody may write: nobody works there
            return False

    def begin(self, **line: object) -> None:
        """Start a new diary in the place of the old one.

        Raises:
            OutputError: it cannot be written.
        """
        with write_beside(self._lines) as path:
            path.write_text(_written(line), encoding="utf-8")

    def add(self, **line: object) -> None:
        """Add a line; a full disk must not stop the work that the diary is about."""
        with suppress(OSError), self._lines.open("a", encoding="utf-8") as file:
            file.write("\n" + _written(line))  # after a line that a full disk cut off, too

    def lines(self) -> list[dict[str, Any]]:
        """All lines, the order first; one that was cut off is passed over."""
        try:
            written = self._lines.read_bytes().split(b"\n")
        except OSError:
            return []
        return [line for line in map(_read, written) if line]

    def keep_result(self, result: dict[str, Any]) -> None:
        """Keep what the new model changes.

        Raises:
            OutputError: it cannot be written.
        """
        with write_beside(self._result) as path:
            path.write_text(json.dumps(result), encoding="utf-8")

    def result(self) -> dict[str, Any]:
        """What was kept; empty where nothing was."""
        try:
            return _read(self._result.read_bytes())
        except OSError:
            return {}

    def _lock(self, name: str) -> FileLock:
        from filelock import FileLock  # noqa: PLC0415 - as above

        return FileLock(self._folder / f"{name}.lock")


@contextmanager
def _taken(lock: FileLock, folder: Path) -> Iterator[None]:
    try:  # from here on: Ctrl-C may come the moment the lock is taken
        _take(lock, folder)
        yield
    finally:
        lock.release()


def _take(lock: FileLock, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=_PATIENCE)
    except OSError as error:  # filelock's Timeout is one, too
        raise ModelError(
            f"{folder} cannot be written: {error.strerror or error}.",
            "Free some space or mend the permissions, and retrain; the current model serves on.",
        ) from error


def _written(line: dict[str, Any]) -> str:
    # ASCII only, so that a name of any bytes can be written.
    return json.dumps(line) + "\n"


def _read(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
