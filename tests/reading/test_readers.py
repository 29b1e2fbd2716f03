"""What every reader promises, whatever the format; a new reader joins by its suffix."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.errors import EncodingError, InputError, TaggerError
from tagger.reading import SUFFIXES, ReadOptions, read, read_stream
from tagger.records import Document, Reject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TITLE = "Harbour opens again"
PARAGRAPHS = [
    "The harbour opened again on Monday after a week of storms, the port’s master said.",
    "Fourteen ships with grain had waited outside, and the first left before noon.",
    "Pilots expect a second storm by Friday – smaller, but from the north.",
]
CYRILLIC = [
    "Гавань снова открыта в понедельник после недели штормов, сообщил начальник порта.",
    "Четырнадцать судов с зерном ждали на рейде, и первое вышло до полудня.",
]


def as_markdown(title: str, paragraphs: list[str]) -> str:
    return "\n\n".join([f"# {title}", *paragraphs]) + "\n"


def as_html(title: str, paragraphs: list[str]) -> str:
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html>
<html><head><title>{title}</title></head>
<body><nav><a href="/">Start</a></nav><article><h1>{title}</h1>
{body}
</article><footer><p>About us</p></footer></body></html>
"""


def separated(delimiter: str) -> Callable[[str, list[str]], str]:
    def build(title: str, paragraphs: list[str]) -> str:
        file = io.StringIO()
        rows = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        rows.writerows([["id", "title", "text"], ["h-1", title, "\n\n".join(paragraphs)]])
        return file.getvalue()

    return build


def as_jsonl(title: str, paragraphs: list[str]) -> str:
    row = {"id": "h-1", "title": title, "text": "\n\n".join(paragraphs)}
    return json.dumps(row, ensure_ascii=False) + "\n"


def as_parquet(title: str, paragraphs: list[str]) -> bytes:
    import polars

    file = io.BytesIO()
    row = {"id": ["h-1"], "title": [title], "text": ["\n\n".join(paragraphs)]}
    polars.DataFrame(row).write_parquet(file)
    return file.getvalue()


TEXTUAL: dict[str, Callable[[str, list[str]], str]] = {
    ".txt": lambda _, paragraphs: "\n\n".join(paragraphs) + "\n",  # a text marks no title
    ".md": as_markdown,
    ".html": as_html,
    ".htm": as_html,
    ".csv": separated(","),
    ".tsv": separated("\t"),
    ".jsonl": as_jsonl,
    ".ndjson": as_jsonl,
}
every_suffix = pytest.mark.parametrize("suffix", SUFFIXES)
textual = pytest.mark.parametrize("suffix", TEXTUAL)  # Parquet knows one encoding only


def write(folder: Path, suffix: str, data: bytes) -> Path:
    path = folder / f"story{suffix}"
    path.write_bytes(data)
    return path


def story(suffix: str, paragraphs: list[str] = PARAGRAPHS) -> bytes:
    if suffix == ".parquet":
        return as_parquet(TITLE, paragraphs)
    return TEXTUAL[suffix](TITLE, paragraphs).encode()


def only_document(path: Path, options: ReadOptions | None = None) -> Document:
    [document] = read(path, options)
    assert isinstance(document, Document)
    return document


@contextmanager
def without_privileges() -> Iterator[None]:
    """Root may read everything, so in a container a test has to be somebody else."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def paragraphs_of(document: Document) -> list[str]:
    texts = [passage.text for passage in document.passages if passage.role != "title"]
    return [part.strip() for text in texts for part in re.split(r"\n\s*\n", text) if part.strip()]


def test_every_suffix_that_is_read_is_in_this_battery() -> None:
    assert {*TEXTUAL, ".parquet"} == set(SUFFIXES)


@every_suffix
def test_the_same_story_has_the_same_paragraphs_in_every_format(
    tmp_path: Path, suffix: str
) -> None:
    document = only_document(write(tmp_path, suffix, story(suffix)))
    assert paragraphs_of(document) == PARAGRAPHS
    assert document.title == (None if suffix == ".txt" else TITLE)
    assert document.notes == ()


@every_suffix
def test_a_suffix_in_capitals_is_the_same_suffix(tmp_path: Path, suffix: str) -> None:
    document = only_document(write(tmp_path, suffix.upper(), story(suffix)))
    assert paragraphs_of(document) == PARAGRAPHS


@every_suffix
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\r\n\t"], ids=["none", "bom", "blank"])
def test_an_empty_file_is_refused_by_name(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = write(tmp_path, suffix, data)
    with pytest.raises(InputError, match=r"is empty|no Parquet file") as caught:
        list(read(path))
    assert str(path) in caught.value.message
    assert caught.value.cure


@every_suffix
@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"%PDF-1.7\nstream",
        b"PK\x03\x04word/document.xml",
        b"a line\nand\0a NUL\n",
        bytes(range(256)) * 3,
    ],
    ids=["png", "pdf", "docx", "nul", "bytes"],
)
def test_a_binary_file_is_refused_by_name(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = write(tmp_path, suffix, data)
    with pytest.raises(InputError) as caught:
        list(read(path))
    assert str(path) in caught.value.message
    assert caught.value.cure


@every_suffix
def test_a_missing_file_is_refused_by_name(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(InputError, match=rf"gone{suffix} does not exist"):
        list(read(tmp_path / f"gone{suffix}"))


@every_suffix
def test_a_folder_that_is_named_like_a_file_is_refused(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    with pytest.raises(InputError, match="is a folder"):
        list(read(folder))


@every_suffix
def test_a_file_that_may_not_be_read_is_refused_by_name(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path, suffix, story(suffix))
    path.chmod(0)
    with without_privileges(), pytest.raises(InputError, match="cannot be read") as caught:
        list(read(path))
    assert str(path) in caught.value.message


@every_suffix
def test_something_that_is_no_regular_file_is_refused_without_waiting(
    tmp_path: Path, suffix: str
) -> None:
    pipe = tmp_path / f"pipe{suffix}"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="no regular file"):
        list(read(pipe))


@textual
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_on_the_encoding(
    tmp_path: Path, suffix: str, encoding: str
) -> None:
    path = write(tmp_path, suffix, story(suffix).decode().encode(encoding))
    document = only_document(path, ReadOptions(encoding="cp1251"))
    assert paragraphs_of(document) == PARAGRAPHS


@textual
def test_utf16_without_a_byte_order_mark_is_read_and_noted(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path, suffix, story(suffix, CYRILLIC).decode().encode("utf-16-le"))
    document = only_document(path)
    assert paragraphs_of(document) == CYRILLIC
    assert "utf-16-le" in document.notes[0]


@textual
@pytest.mark.parametrize("newline", ["\r\n", "\r"], ids=["windows", "old mac"])
def test_line_ends_of_any_system_are_line_ends(tmp_path: Path, suffix: str, newline: str) -> None:
    path = write(tmp_path, suffix, story(suffix).decode().replace("\n", newline).encode())
    document = only_document(path)
    assert paragraphs_of(document) == PARAGRAPHS
    assert not any("\r" in passage.text for passage in document.passages)


@textual
@pytest.mark.parametrize(("encoding", "found"), [("cp1251", "cp1251"), ("koi8-r", "koi8_u")])
def test_cyrillic_without_a_named_encoding_is_detected_and_noted(
    tmp_path: Path, suffix: str, encoding: str, found: str
) -> None:
    path = write(tmp_path, suffix, story(suffix, CYRILLIC).decode().encode(encoding))
    document = only_document(path)
    assert paragraphs_of(document) == CYRILLIC
    assert document.notes == (
        f"not UTF-8; read as {found} (detected; name another with --encoding)",
    )


@textual
def test_a_named_encoding_is_used_without_a_note(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path, suffix, story(suffix, CYRILLIC).decode().encode("koi8-r"))
    document = only_document(path, ReadOptions(encoding="koi8-r"))
    assert paragraphs_of(document) == CYRILLIC
    assert document.notes == ()


@textual
def test_a_named_encoding_that_does_not_fit_is_refused_with_the_byte(
    tmp_path: Path, suffix: str
) -> None:
    data = story(suffix, CYRILLIC).decode().encode("cp1251")
    first = next(i for i, byte in enumerate(data) if byte > 127)
    with pytest.raises(EncodingError, match=rf"no valid utf-8: byte {first} "):
        list(read(write(tmp_path, suffix, data), ReadOptions(encoding="utf-8")))


@textual
def test_utf8_with_a_damaged_byte_is_still_read_and_noted(tmp_path: Path, suffix: str) -> None:
    data = story(suffix, CYRILLIC).replace(
        "шторм".encode(), "шт".encode() + b"\xd0" + "рм".encode()
    )
    document = only_document(write(tmp_path, suffix, data))
    assert paragraphs_of(document) == [CYRILLIC[0].replace("шторм", "шт�рм"), CYRILLIC[1]]
    assert "damaged UTF-8: 1 of its bytes" in document.notes[0]


@textual
def test_reading_may_be_broken_off_after_the_first_document(tmp_path: Path, suffix: str) -> None:
    documents = read(write(tmp_path, suffix, story(suffix)))
    assert next(documents)
    documents.close()  # type: ignore[attr-defined]  # an unclosed file would be an error here


def outcome(data: bytes, kind: str) -> list[Document | Reject] | TaggerError:
    try:
        return list(read_stream(data, "input", ReadOptions(format=kind)))
    except TaggerError as error:
        return error


kinds = st.sampled_from(sorted(TEXTUAL))
HOSTILE = ["<p>", "</p>", "<table><td>", "<li>", "<h1>", "<br>", "&#0;", "&#xD800;", "<![CDATA["]
PIECES = [*HOSTILE, '"', '""', ",", "\n", "\r", '{"text": "', '"}', "---\n", "# ", "- ", "word "]


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=300), kind=kinds)
def test_whatever_the_bytes_only_errors_with_a_cure_are_raised(data: bytes, kind: str) -> None:
    result = outcome(data, kind)
    if isinstance(result, TaggerError):
        assert result.cure
    else:
        assert all(isinstance(item, Document | Reject) for item in result)


@settings(deadline=None, max_examples=60)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60), kind=kinds)
def test_whatever_the_markup_what_is_read_can_be_written(pieces: list[str], kind: str) -> None:
    result = outcome("".join(pieces).encode(), kind)
    if isinstance(result, TaggerError):
        assert result.cure
    else:
        passages = [p for item in result if isinstance(item, Document) for p in item.passages]
        assert all(passage.text.encode() for passage in passages)


def test_nothing_heavy_is_loaded_before_a_file_needs_it() -> None:
    heavy = {"polars", "trafilatura", "lxml", "charset_normalizer"}
    code = f"import sys, tagger.reading; print(*{heavy} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
