"""What a file's bytes tell of their encoding, in chunks and without keeping them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

CYRILLIC = ("cp1251", "koi8_u")
WESTERN = ("cp1252", "latin_1")
"""What newsrooms' old files are in; among all encodings short texts are taken for Chinese ones.
KOI8-U has the letters of KOI8-R and the Ukrainian ones."""

_CHUNK = 1 << 20  # even, so that even and odd positions keep their meaning
_SAMPLE = 1 << 16  # more does not change what is detected, only how long it takes
_LETTERS = re.compile(rb"[\xa0-\xff]+")  # in all four, with a few signs among them
_ESCAPED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Survey:
    """``fault`` is the first byte that is not UTF-8; ``nuls`` counts at even and odd positions."""

    ascii: bool
    fault: int | None
    nuls: tuple[int, int]


def codec_named(word: str) -> str | None:
    """Python's name of a text encoding; None where there is no such encoding."""
    try:
        b" ".decode(word, "ignore")  # refuses codecs that are no text encodings, as rot13
        return codecs.lookup(word).name
    except (LookupError, ValueError):
        return None


def survey(file: BinaryIO) -> Survey:
    """Look at all bytes of a file for what decides on its encoding."""
    plain, even, odd = True, 0, 0
    for chunk in _chunks(file):
        plain = plain and chunk.isascii()
        if b"\0" in chunk:
            even, odd = even + chunk[::2].count(0), odd + chunk[1::2].count(0)
    return Survey(plain, None if plain else first_fault(file, "utf-8"), (even, odd))


def first_fault(file: BinaryIO, encoding: str) -> int | None:
    """The position of the first byte that is not valid in ``encoding``, if there is one."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    for chunk in chain(_chunks(file), [b""]):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            return done - pending + error.start
        except UnicodeError:  # UTF-16 or UTF-32 without its byte order mark
            return done
        done += len(chunk)
    return None


def damaged_utf8(file: BinaryIO) -> int:
    """The number of broken bytes in a file that is mostly UTF-8; 0 where it is not.

    Another encoding hardly ever looks like UTF-8, so a file with more sound UTF-8 characters
    than broken bytes is a UTF-8 file that was cut or pasted together.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    sound = broken = 0
    for chunk in chain(_chunks(file), [b""]):
        text = decoder.decode(chunk, final=not chunk)
        escaped = len(_ESCAPED.findall(text))
        broken += escaped
        sound += len(text) - escaped - len(text.encode("ascii", "ignore"))
    return broken if sound > broken else 0


def utf16_without_mark(file: BinaryIO) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` where the NUL bytes of a file lie as they do there."""
    size = file.seek(0, 2)
    even, odd = survey(file).nuls
    # Spaces alone give text in any alphabet a NUL in one character of ten; clean text with a
    # few stray NULs has far fewer, and binary data has them on both sides.
    if size % 2 or even + odd < size / 20 or min(even, odd) > (even + odd) / 20:
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    return encoding if first_fault(file, encoding) is None else None


def detect(file: BinaryIO) -> str | None:
    """The likeliest of the plausible encodings in which all bytes are valid, or None."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - most files never need it

    sample = _telling_bytes(file)
    runs = [len(run) for run in _LETTERS.findall(sample)]
    # A Western accent stands alone or in a pair, Cyrillic letters make up words; by the single
    # letters the two are told apart wrongly in a short text.
    western = sum(run for run in runs if run > 2) <= sum(runs) / 2
    likely = from_bytes(sample, cp_isolation=list(WESTERN if western else CYRILLIC))
    return next((m.encoding for m in likely if first_fault(file, m.encoding) is None), None)


def _telling_bytes(file: BinaryIO) -> bytes:
    # The first stretch that is not plain ASCII: a file may open with a long English preamble.
    for chunk in _chunks(file):
        for start in range(0, len(chunk), 4096):
            if not chunk[start : start + 4096].isascii():
                return chunk[start : start + _SAMPLE]
    return b""


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(_CHUNK):
        yield chunk
