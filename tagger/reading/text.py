"""Plain text files: one passage that is still to be split into paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from tagger.reading.decoding import decode
from tagger.records import Document, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.reading.formats import ReadOptions


def read_text(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document]:
    """Read a text file as one document.

    Raises:
        InputError: the file is empty, binary, or in an encoding that nobody named.
    """
    text, notes = decode(file, name, options.encoding)
    yield Document(name, (Passage(text),), notes=notes)
