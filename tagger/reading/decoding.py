"""Bytes to text: which encoding a file is in, with a note wherever that was assumed."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from tagger.errors import EncodingError, InputError
from tagger.reading.detecting import (
    codec_named,
    damaged_utf8,
    detect,
    first_fault,
    survey,
    utf16_without_mark,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARKS = (
    # The mark of little-endian UTF-32 begins with that of UTF-16, so it comes first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive, as .docx, .xlsx and .odt are"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
)


@dataclass(frozen=True, slots=True)
class Decoding:
    """How to decode a file: codec and error handler as ``open`` takes them, and notes."""

    encoding: str
    errors: str = "strict"
    notes: tuple[str, ...] = ()


def decode(
    file: BinaryIO, name: str, encoding: str | None = None, declared: str | None = None
) -> tuple[str, tuple[str, ...]]:
    r"""Decode a whole file; line ends become ``\n``. Returns the text and notes.

    Raises:
        InputError: as :func:`decide`, and for a file with nothing but blanks.
    """
    decoding = decide(file, name, encoding, declared)
    text = "".join(lines_of(file, decoding))
    if not text.strip():
        raise empty(name)
    return text, decoding.notes


def lines_of(file: BinaryIO, decoding: Decoding, newline: str | None = None) -> Iterator[str]:
    r"""The lines of a file as text, one at a time.

    ``newline`` is None to have ``\r\n`` and ``\r`` turned into ``\n``, or ``""`` to keep them.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, decoding.encoding, decoding.errors, newline)
    try:
        yield from text
    finally:
        if not file.closed:
            text.detach()  # the file belongs to whoever opened it


def decide(
    file: BinaryIO, name: str, encoding: str | None = None, declared: str | None = None
) -> Decoding:
    """Decide on a file's encoding by all of its bytes, in bounded memory.

    A byte order mark decides; then valid UTF-8; then ``encoding``; then UTF-8 with a few damaged
    bytes; then ``declared``; then detection.

    Args:
        file: the bytes; must be seekable.
        name: the file's name, for errors.
        encoding: what a person named, or None.
        declared: what the file says of itself, or None.

    Raises:
        InputError: the file is empty, or holds no text but an image, a PDF or the like.
        EncodingError: the named encoding is unknown or does not fit, or none was detected.
    """
    named = _known(encoding)
    file.seek(0)
    head = file.read(64)
    _refuse_other_kinds(head, name)
    for mark, marked in _MARKS:
        if head.startswith(mark):
            return _strictly(file, name, marked)
    seen = survey(file)
    if any(seen.nuls):
        return _with_nuls(file, name, named)
    if seen.fault is None:
        return _sound(named, ascii_only=seen.ascii)
    if named:
        return _strictly(file, name, named)
    return _guess(file, name, seen.fault, declared)


def empty(name: str) -> InputError:
    """The error for a file that holds nothing."""
    return InputError(f"{name} is empty.", "Check that it was saved, or leave it out.")


def plain_newlines(text: str) -> str:
    r"""A text with ``\n`` for every line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _known(encoding: str | None) -> str | None:
    codec = None if encoding is None else codec_named(encoding)
    if encoding is not None and codec is None:
        raise EncodingError(
            f"No encoding is called '{encoding}'.",
            "Name one such as utf-8, cp1252 (Western), cp1251 or koi8-u (Cyrillic).",
        )
    return codec


def _refuse_other_kinds(head: bytes, name: str) -> None:
    if not head.removeprefix(codecs.BOM_UTF8):
        raise empty(name)
    for start, kind in _KINDS:
        if head.startswith(start):
            raise InputError(f"{name} is {kind}, not text.", "Save its text as .txt or .html.")


def _strictly(file: BinaryIO, name: str, encoding: str) -> Decoding:
    fault = first_fault(file, encoding)
    if fault is not None:
        raise EncodingError(
            f"{name} is no valid {encoding}: byte {fault:,} does not fit.",
            "Name another encoding with --encoding, or save the file as UTF-8.",
        )
    return Decoding(encoding)


def _sound(named: str | None, *, ascii_only: bool) -> Decoding:
    """The decoding of valid UTF-8, for which another encoding may have been named."""
    if named is None or named in {"utf-8", "utf-8-sig"}:
        return Decoding("utf-8-sig")
    if ascii_only and not named.startswith("utf"):
        return Decoding(named)  # ASCII letters alone are right in it too
    return Decoding("utf-8-sig", notes=(f"valid UTF-8, so read as that and not as {named}",))


def _with_nuls(file: BinaryIO, name: str, named: str | None) -> Decoding:
    wide = named is not None and named.startswith(("utf-16", "utf-32"))
    if found := utf16_without_mark(file):
        return Decoding(found, notes=() if wide else (_detected(found),))
    if named and wide:
        return _strictly(file, name, named)
    raise InputError(
        f"{name} is binary, not text: it holds NUL bytes.",
        "Save its text as .txt, or remove the NUL characters.",
    )


def _guess(file: BinaryIO, name: str, fault: int, declared: str | None) -> Decoding:
    if broken := damaged_utf8(file):
        where = f"{broken:,} of its bytes, from byte {fault:,} on,"
        note = f"damaged UTF-8: {where} are shown as \N{REPLACEMENT CHARACTER}"
        return Decoding("utf-8-sig", "replace", (note,))
    if declared and first_fault(file, declared) is None:
        return Decoding(declared, notes=(f"not UTF-8; read as {declared}, as it declares itself",))
    if found := detect(file):
        return Decoding(found, notes=(_detected(found),))
    raise EncodingError(
        f"{name} is not UTF-8 (byte {fault:,}) and in no encoding that could be detected.",
        "Name its encoding with --encoding, or save it as UTF-8.",
    )


def _detected(encoding: str) -> str:
    return f"not UTF-8; read as {encoding} (detected; name another with --encoding)"
