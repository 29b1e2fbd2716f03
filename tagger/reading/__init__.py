"""Files, folders and standard input to documents."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from tagger.errors import InputError
from tagger.reading.decoding import decode
from tagger.reading.finding import Found, find
from tagger.reading.formats import FORMATS, SUFFIXES, ReadOptions, format_named, format_of
from tagger.reading.html import read_html
from tagger.reading.jsonl import parse_object, read_jsonl
from tagger.reading.markdown import read_markdown
from tagger.reading.parquet import read_parquet
from tagger.reading.separated import read_csv, read_tsv
from tagger.reading.tables import choose_columns
from tagger.reading.text import read_text
from tagger.records import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tagger.records import Reject

    Reader = Callable[
        [BinaryIO, str, ReadOptions], Iterator[Document] | Iterator[Document | Reject]
    ]

__all__ = ["FORMATS", "SUFFIXES", "Found", "ReadOptions", "find", "read", "read_stream"]

_READERS: dict[str, Reader] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "csv": read_csv,
    "tsv": read_tsv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
}
_TAG = r"(?:!doctype\s+html|html|head|body|main|article|section|header|div|p|h[1-6])\b"
_HTML = re.compile(rf"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<{_TAG}", re.IGNORECASE)


def read(path: Path, options: ReadOptions | None = None) -> Iterator[Document | Reject]:
    """Read a file by its suffix, one document or rejected row at a time.

    Tables are streamed: they may be larger than memory. Errors are raised when the first
    document is asked for; those of a table that breaks off, where it does.

    Raises:
        InputError: the file is missing, empty, unreadable, or not what its suffix says.
        EncodingError: its bytes are in an encoding that nobody named.
        MissingColumn: it is a table without a column that holds the text.
    """
    reader = _READERS[format_of(path)]
    with _opened(path) as file:
        yield from reader(file, str(path), options or ReadOptions())


def read_stream(
    data: bytes, name: str, options: ReadOptions | None = None
) -> Iterator[Document | Reject]:
    """Read bytes that came without a file name, as from standard input.

    The format is ``options.format``; without it, JSONL where the first line is a JSON object,
    HTML where the bytes begin like a page, else text. A format other than text that nobody
    named is noted in the documents.

    Raises:
        InputError: as :func:`read`, and for a format that does not exist.
    """
    options = options or ReadOptions()
    kind = format_named(options.format) if options.format else _sniff(data, name, options)
    noted = () if options.format or kind == "text" else (_sniffed(kind),)
    for item in _READERS[kind](io.BytesIO(data), name, options):
        yield replace(item, notes=item.notes + noted) if isinstance(item, Document) else item


def _sniff(data: bytes, name: str, options: ReadOptions) -> str:
    if data.startswith(b"PAR1"):
        return "parquet"
    text, _ = decode(io.BytesIO(data), name, options.encoding)
    first = text.lstrip("\ufeff \r\n").partition("\n")[0]
    if parse_object(first) is not None:
        return "jsonl"
    for kind, separator in (("tsv", "\t"), ("csv", ","), ("csv", ";")):
        header = tuple(cell.strip().strip('"') for cell in first.split(separator))
        if len(header) > 1 and choose_columns(header, options.text_column) is not None:
            return kind
    return "html" if _HTML.match(text) else "text"


def _sniffed(kind: str) -> str:
    return f"taken for {kind} by its first line (name another with --input-format)"


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "no regular file"
            raise InputError(f"{path} is {kind}.", "Name a file.")
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist.", "Check the name.") from error
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}.",
            "Check that it is still there and that you may read it.",
        ) from error
