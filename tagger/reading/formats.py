"""The formats we read, and what a reader may be told about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = {
    "text": (".txt",),
    "markdown": (".md",),
    "html": (".html", ".htm"),
    "csv": (".csv",),
    "tsv": (".tsv",),
    "jsonl": (".jsonl", ".ndjson"),
    "parquet": (".parquet",),
}
"""Every format with the suffixes of its files."""

SUFFIXES = tuple(suffix for suffixes in FORMATS.values() for suffix in suffixes)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the reader of a file cannot know by itself; None leaves it to the reader.

    ``text_column`` names the column or field that holds the text of a table. ``encoding`` is
    used for bytes that are not UTF-8. ``format`` is that of standard input, which has no suffix.
    """

    text_column: str | None = None
    encoding: str | None = None
    format: str | None = None


def format_of(path: Path) -> str:
    """The format of a file by its suffix, in upper or lower case.

    Raises:
        InputError: no reader knows the suffix.
    """
    for name, suffixes in FORMATS.items():
        if path.suffix.lower() in suffixes:
            return name
    kind = f"the suffix '{path.suffix}', which no reader knows" if path.suffix else "no suffix"
    raise InputError(f"{path} has {kind}.", f"Save it as one of {', '.join(SUFFIXES)}.")


def format_named(word: str) -> str:
    """The format that a person named: by its name or by a suffix of it, such as ``md``.

    Raises:
        InputError: there is no such format.
    """
    wanted = word.strip().lower().lstrip(".")
    for name, suffixes in FORMATS.items():
        if wanted == name or f".{wanted}" in suffixes:
            return name
    raise InputError(f"There is no format '{word}'.", f"Name one of {', '.join(FORMATS)}.")
