"""Which encoding a file is in, and how it is told."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagger.errors import EncodingError, InputError
from tagger.reading.decoding import decode
from tagger.reading.detecting import first_fault


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, tuple[str, ...]]:
    return decode(io.BytesIO(data), "clip.txt", encoding)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_valid_utf8_is_read_as_it_is(text: str) -> None:
    # A mark at the beginning is no part of the text.
    said = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    if said.strip():
        assert decoded(text.encode()) == (said, ())


@pytest.mark.parametrize(
    "text", ["The café’s owner agreed.", "It’s over.", "Größere Schiffe warten.", "A £5m deal"]
)
def test_western_text_with_few_accents_is_not_taken_for_cyrillic(text: str) -> None:
    assert decoded(text.encode("cp1252")) == (
        text,
        ("not UTF-8; read as cp1252 (detected; name another with --encoding)",),
    )


def test_ukrainian_letters_are_kept_in_koi8() -> None:
    text = "Порт відкрито після тижня штормів, їх було шість."
    assert decoded(text.encode("koi8-u"))[0] == text


def test_valid_utf8_wins_over_a_named_encoding_and_says_so() -> None:
    text, notes = decoded("Порт открыт.".encode(), "cp1251")
    assert text == "Порт открыт."
    assert notes == ("valid UTF-8, so read as that and not as cp1251",)


def test_plain_ascii_is_right_in_any_named_encoding() -> None:
    assert decoded(b"The port is open.", "cp1251") == ("The port is open.", ())


def test_a_named_utf16_without_a_byte_order_mark_is_read() -> None:
    assert decoded("Порт открыт.".encode("utf-16-be"), "utf-16") == ("Порт открыт.", ())


def test_a_named_utf32_without_a_byte_order_mark_is_read() -> None:
    assert decoded("Порт открыт.".encode("utf-32-le"), "utf-32-le") == ("Порт открыт.", ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_named_wide_encoding_does_not_fit_narrow_text(encoding: str) -> None:
    with pytest.raises(EncodingError, match=f"no valid {encoding}"):
        decoded("Порт открыт.".encode("cp1251"), encoding)


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "", "cp\0"])
def test_an_unknown_encoding_is_refused_with_examples_of_known_ones(encoding: str) -> None:
    with pytest.raises(EncodingError, match="No encoding is called") as caught:
        decoded(b"text", encoding)
    assert "cp1251" in caught.value.cure


def test_a_broken_utf16_file_is_refused_with_the_byte() -> None:
    with pytest.raises(EncodingError, match="no valid utf-16: byte 10 "):
        decoded("Порт".encode("utf-16") + b"\x00")


def test_noise_is_in_no_encoding() -> None:
    noise = bytes(random.Random(1).choices(range(1, 256), k=3000))
    with pytest.raises(EncodingError, match="no encoding that could be detected") as caught:
        decoded(noise)
    assert "--encoding" in caught.value.cure


def test_a_stray_nul_in_clean_text_is_refused_as_binary() -> None:
    with pytest.raises(InputError, match="is binary, not text"):
        decoded(b"A clean line of text.\n" * 20 + b"\0\n")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.4\n", "a PDF"),
        (b"PK\x03\x04", "a zip archive"),
        (b"{\\rtf1 text}", "an RTF document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
    ],
)
def test_a_file_of_another_kind_is_called_by_its_kind(data: bytes, kind: str) -> None:
    with pytest.raises(InputError, match=f"clip.txt is {kind}") as caught:
        decoded(data)
    assert ".txt" in caught.value.cure


def test_the_place_of_a_fault_is_exact_across_chunks() -> None:
    # One byte before the end of the first chunk of a mebibyte begins a character.
    data = b"a" * ((1 << 20) - 1) + "é".encode() + b"b" * 5 + b"\xff"
    assert first_fault(io.BytesIO(data), "utf-8") == len(data) - 1


def test_a_late_accent_in_a_long_ascii_text_is_detected() -> None:
    text = "Plain words only. " * 100_000 + "The café’s owner agreed."
    assert decoded(text.encode("cp1252"))[0] == text
