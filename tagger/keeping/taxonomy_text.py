"""The text of ``taxonomy.toml``, edited table by table: comments and layout stay as they are."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING

from tagger.errors import TaxonomyError
from tagger.taxonomy import Taxonomy, make_taxonomy, write_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.taxonomy import Topic

_HEADER = re.compile(r"[ \t]*\[\[?[^\[\]]+\]\]?[ \t]*(#.*)?")
_TOPIC = re.compile(r"[ \t]*\[\[[ \t]*topic[ \t]*\]\][ \t]*(#.*)?")
_TEXT = r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_FIELD = rf"(?m)^([ \t]*{{name}}[ \t]*=[ \t]*)({_TEXT}|\[(?:{_TEXT}|[^\]\"'\n])*\])"


def parse(text: str, origin: str = "taxonomy.toml") -> Taxonomy:
    """The taxonomy that a text holds.

    Raises:
        TaxonomyError: it is no TOML, or a topic in it is not valid.
    """
    try:
        data = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise TaxonomyError(f"{origin} is no valid TOML: {error}.", "Mend that line.") from None
    return make_taxonomy(data.get("topic", []), origin)


def edit(text: str, wanted: Taxonomy, renamed: Mapping[str, str]) -> str:
    """The text changed so that it holds the wanted taxonomy.

    Tables of topics that stay keep their comments and layout; only fields that differ are
    touched. A text that cannot be edited so is written anew.

    Args:
        text: holds the taxonomy of before.
        wanted: the one to hold.
        renamed: for topics of ``wanted`` whose table goes on under a new id, the id of before.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    unix = text.replace("\r\n", "\n")
    try:
        edited = _edit(unix, wanted, renamed)
        edited = _edit(edited, wanted, {})  # keys and colours that were given by place
        fits = parse(edited) == wanted
    except (TaxonomyError, LookupError):
        fits = False
    return (edited if fits else write_taxonomy(wanted)).replace("\n", line_end)


def _edit(text: str, wanted: Taxonomy, renamed: Mapping[str, str]) -> str:
    """Keep, change and add tables; raise LookupError where the text's tables are not as parsed."""
    before = parse(text)
    sections = _sections(text)
    tables = [number for number, section in enumerate(sections) if _is_topic(section)]
    at = dict(zip(before.ids, tables, strict=False))
    if len(tables) != len(before):
        raise LookupError
    old: dict[str, Topic] = {topic.id: topic for topic in before}
    named = {t: renamed.get(t.id, t.id) for t in wanted}
    written = [
        _changed(sections[at[old[name].id]], old[name], topic) if name in old else _table(topic)
        for topic, name in named.items()
    ]
    head = sections[: tables[0]]
    rest = [s for number, s in enumerate(sections) if number > tables[0] and number not in tables]
    return _joined([*head, *written, *rest])


def _joined(sections: Sequence[str]) -> str:
    """Sections one after the other, each table after an empty line."""
    text = ""
    for section in sections:
        if text and not text.endswith("\n"):
            text += "\n"
        if text and _is_topic(section) and not text.endswith("\n\n"):
            text += "\n"
        text += section
    return text.rstrip("\n") + "\n"


def _sections(text: str) -> list[str]:
    """The text cut before every table, with the comment lines directly above it."""
    lines = text.splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip("\n"))]
    cuts = [_above(lines, start) for start in starts]
    bounds = sorted({0, *cuts, len(lines)})
    return ["".join(lines[a:b]) for a, b in pairwise(bounds)]


def _above(lines: Sequence[str], start: int) -> int:
    first = start
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    return first or start  # the comment that opens the file is the file's


def _is_topic(section: str) -> bool:
    lines = section.splitlines()
    header = next((line for line in lines if _HEADER.fullmatch(line)), "")
    return bool(_TOPIC.fullmatch(header))


def _changed(table: str, old: Topic, new: Topic) -> str:
    """A topic's table with those of its fields that differ written anew."""
    was, becomes = _fields(old), _fields(new)
    for name, value in becomes.items():
        if value != was[name]:
            table = _with_field(table, name, value)
    return table


def _with_field(table: str, name: str, value: object) -> str:
    written = _toml(value)
    found = re.search(_FIELD.format(name=name), table)
    if found:
        return table[: found.start(2)] + written + table[found.end(2) :]
    body = table.rstrip("\n")
    return f"{body}\n{name} = {written}\n{table[len(body) + 1 :]}"


def _fields(topic: Topic) -> dict[str, object]:
    return {
        "id": topic.id,
        "label": topic.label,
        "definition": topic.definition,
        "not": topic.not_,
        "iptc": topic.iptc,
        "iptc_near": topic.iptc_near,
        "key": topic.key,
        "colour": topic.colour,
        "seeds": topic.seeds,
    }


def _table(topic: Topic) -> str:
    return write_taxonomy(Taxonomy((topic,)))


def _toml(value: object) -> str:
    # JSON strings and lists of strings are TOML ones too, once U+007F is escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
