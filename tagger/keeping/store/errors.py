"""What can go wrong with the store, in words for the person at the desk."""

from __future__ import annotations

from tagger.errors import TaggerError


class StoreError(TaggerError):
    """The store cannot be reached, read or written. Nothing was half-written."""


class StoreBusy(StoreError):
    """Somebody else held the store for too long; the same again will do."""


class StoreNewer(StoreError):
    """A newer tagger wrote this database."""
