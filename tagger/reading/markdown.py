"""Markdown files: headings, list items and paragraphs without their markup."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, BinaryIO

from tagger.errors import InputError
from tagger.reading.decoding import decode
from tagger.reading.headlines import led_by
from tagger.reading.tables import DATE, SOURCE, TITLE
from tagger.records import Document, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tagger.reading.formats import ReadOptions
    from tagger.records import Role

_FIELD = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")
_MORE_FIELD = re.compile(r"\s*$|\s+\S|[-#]")  # a blank, a nested value, a list item or a comment
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+(?=\S)")
_RULE = re.compile(r"(?:\*[ \t]*){3,}$|(?:-[ \t]*){3,}$|(?:_[ \t]*){3,}$")
_QUOTE = re.compile(r"(?:>[ \t]*)+")
_UNDERLINE = re.compile(r"=+$|-+$")
_FENCE = re.compile(r"(?:`{3,}[^`]*|~{3,}[^~]*)$")
_REFERENCE = re.compile(r"\[[^\[\]]+\]:[ \t]*\S+")
# No pattern can run past the bracket or star that opens the next one: a hostile file costs
# no more than its length.
_MARKUP = (
    (re.compile(r"!\[[^\[\]]*\](?:\([^()]*\)|\[[^\[\]]*\])"), ""),  # images
    (re.compile(r"\[\^[^\[\]]+\]"), ""),  # footnote marks
    (re.compile(r"\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^\[\]]*\])"), r"\1"),  # links
    (re.compile(r"<(https?://[^<>\s]+)>"), r"\1"),
    (re.compile(r"<br[ \t]*/?>", re.IGNORECASE), " "),
    (re.compile(r"<[/!]?[A-Za-z-][^<>]*>"), ""),  # tags and comments
    (re.compile(r"`{1,3}([^`]+)`{1,3}"), r"\1"),
    (re.compile(r"(?<!\\)\*{1,3}(?=\S)([^*]+)(?<=\S)\*{1,3}"), r"\1"),
    (re.compile(r"(?<![\w\\])_{1,3}(?=\S)([^_]+)(?<=\S)_{1,3}(?!\w)"), r"\1"),
    (re.compile(r"~~([^~]+)~~"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),  # escaped punctuation
)


def read_markdown(file: BinaryIO, name: str, options: ReadOptions) -> Iterator[Document]:
    """Read a Markdown file as one document.

    The title is that of the front matter, or else the first heading of the first level. Where
    the front matter names no source, its author stands in.

    Raises:
        InputError: the file is empty, binary, or in an encoding that nobody named.
    """
    text, notes = decode(file, name, options.encoding)
    front, body = _front_matter(text)
    passages = tuple(_passages(body))
    titles = (passage.text for passage in passages if passage.role == "title")
    title = _named(front, TITLE) or next(titles, None)
    if not passages:
        raise InputError(f"{name} holds no text beside its markup.", "Add the story's text.")
    yield Document(
        name,
        led_by(title, passages),
        title=title,
        date=_named(front, DATE),
        source=_named(front, (*SOURCE, "author")),
        notes=notes,
    )


def _named(front: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((front[name] for name in names if front.get(name)), None)


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    lines = text.split("\n")
    ends = (i for i, line in enumerate(lines) if i and line.rstrip() in {"---", "..."})
    end = next(ends, None) if lines[0].rstrip() == "---" else None
    front = lines[1:end] if end else []
    # Between two rules may also stand a paragraph: front matter has fields only.
    if not any(map(_FIELD.match, front)) or not all(
        _FIELD.match(line) or _MORE_FIELD.match(line) for line in front
    ):
        return {}, text
    fields = [found.groups(default="") for found in map(_FIELD.match, front) if found]
    return {key.lower(): _unquoted(value) for key, value in fields}, "\n".join(lines[end:][1:])


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value


def _passages(body: str) -> Iterator[Passage]:
    for role, lines in _blocks(body):
        if text := _plain(" ".join(lines)):
            yield Passage(text, role)


def _blocks(body: str) -> Iterator[tuple[Role, list[str]]]:
    """The blocks of a text with their lines; the lines still have their markup."""
    role: Role = "paragraph"
    lines: list[str] = []
    for raw in body.split("\n"):
        line = _QUOTE.sub("", raw.strip(), count=1) if raw.lstrip().startswith(">") else raw.strip()
        if _UNDERLINE.match(line) and role == "paragraph" and len(lines) == 1:
            yield _heading(1 if line[0] == "=" else 2), lines
            lines = []
        elif not line or _RULE.match(line) or _FENCE.match(line) or _REFERENCE.match(line):
            yield role, lines
            role, lines = "paragraph", []
        elif found := _HEADING.match(line):
            yield role, lines
            yield _heading(len(found[1])), [found[2].rstrip("# \t")]
            role, lines = "paragraph", []
        elif found := _ITEM.match(line):
            yield role, lines
            role, lines = "item", [line[found.end() :]]
        else:
            lines.append(line)
    yield role, lines


def _heading(level: int) -> Role:
    return "title" if level == 1 else "heading"


def _plain(text: str) -> str:
    for pattern, kept in _MARKUP:
        text = pattern.sub(kept, text)
    return html.unescape(text).strip()
