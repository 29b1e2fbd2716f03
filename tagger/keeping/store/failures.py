"""The database's complaints, translated for the person at the desk."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from tagger.keeping.store.errors import StoreBusy, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

AGAIN = "Try again: what was recorded already is not recorded twice."
_BUSY = ("is busy: somebody else has been writing for too long", AGAIN)
_FULL = (
    "could not be written: the disk is full",
    "Free some space, then try again; what was recorded before is safe.",
)
_READ_ONLY = (
    "could not be written: it is read-only",
    "Check who owns the file and its folder, or the rights of the database role.",
)
_DAMAGED = (
    "is damaged or no database of this tagger",
    "Put the file aside and restore it from a backup.",
)
_CANNOT_OPEN = (
    "could not be opened",
    "Check that its folder exists and that you may write there.",
)
_DISK = (
    "could not be read or written: the disk reports an error",
    "Check the disk; do not keep the database on a network drive.",
)

_SQLITE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
}
# PostgreSQL's SQLSTATE codes, appendix A of its manual.
_POSTGRES = {
    "55P03": _BUSY,  # lock_not_available
    "40001": _BUSY,  # serialization_failure
    "40P01": _BUSY,  # deadlock_detected
    "53300": _BUSY,  # too_many_connections
    "53100": _FULL,  # disk_full
    "25006": _READ_ONLY,  # read_only_sql_transaction
    "42501": _READ_ONLY,  # insufficient_privilege
}
# A refused connection carries no SQLSTATE; servers that speak another language than English
# fall through to the general answer, which quotes them.
_REFUSALS = {
    "password authentication failed": "Check the role and the password in the address.",
    "role ": "Make the role with 'createuser', or correct the address.",
    "database ": "Make it with 'createdb --encoding=UTF8', or correct the address.",
    "too many": "Wait until others are done, or raise max_connections.",
}


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn the database's errors inside the block into :class:`StoreError` about ``name``.

    Errors that only a mistake in this package can cause pass through unchanged.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreBusy(f"{name} {_BUSY[0]}.", AGAIN) from error
    except DBAPIError as error:
        failure = _failure(error, name)
        if failure is None:
            raise
        raise failure from error


def _failure(error: DBAPIError, name: str) -> StoreError | None:
    words = _words(error)
    if words:
        kind = StoreBusy if words is _BUSY else StoreError
        return kind(f"{name} {words[0]}.", words[1])
    if isinstance(error, IntegrityError):
        return StoreError(
            f"{name} refused a row: {error.orig}.",
            "Run 'tagger log verify': the tables may have been changed by hand.",
        )
    if isinstance(error, OperationalError) and not isinstance(error.orig, sqlite3.Error):
        return _no_connection(str(error.orig), name)
    return None


def _words(error: DBAPIError) -> tuple[str, str] | None:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _SQLITE.get(code & 0xFF)  # the low byte is the kind, the rest its shade
    return _POSTGRES.get(getattr(error.orig, "sqlstate", None) or "")


def _no_connection(said: str, name: str) -> StoreError:
    reason = " ".join(said.rpartition("FATAL:")[2].split())
    for words, cure in _REFUSALS.items():
        if "FATAL:" in said and reason.startswith(words):
            return StoreError(f"{name} refused the connection: {reason}.", cure)
    return StoreError(
        f"{name} did not answer: {reason}.",
        f"Check that the server runs and that its address is right. {AGAIN}",
    )
