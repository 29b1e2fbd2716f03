"""The topics of a desk, read from ``labeled/taxonomy.toml``: topics are data."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from tagger.errors import TaxonomyError
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_LONGEST_ID = 64  # characters: a column of a table, a button
_BETWEEN = frozenset(",;|")  # what stands between ids in --topics a,b and in a cell of a table
_JOINERS = frozenset("\u200c\u200d")  # invisible, yet part of the spelling in Persian or Hindi
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LISTS = frozenset({"iptc", "iptc_near", "seeds"})
_FIELDS = _LISTS | {"id", "label", "definition", "not", "key", "colour"}
# A phrase of words; a last * stands for any ending. What cannot be matched must not look as if.
_SEED = re.compile(r"(?=.*\w)[^*\x00-\x1f\x7f]+\*?")
# Okabe and Ito's palette (2008): told apart by colour-blind readers, used where none is given.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8A7700", "#666666")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: what it means (``definition``), what it is not, and how it is shown.

    ``iptc`` and ``iptc_near`` hold IPTC Media Topic codes such as ``medtop:20000076``; ``seeds``
    are phrases that suggest the topic by rule until a model has learned it.
    """

    id: TopicId
    label: str
    definition: str = ""
    not_: str = ""
    iptc: tuple[str, ...] = ()
    iptc_near: tuple[str, ...] = ()
    key: str = ""
    colour: str = "#666666"
    seeds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The topics in the order of the file. Iterating gives :class:`Topic`."""

    topics: tuple[Topic, ...]

    def __iter__(self) -> Iterator[Topic]:
        return iter(self.topics)

    def __len__(self) -> int:
        return len(self.topics)

    def __contains__(self, topic: object) -> bool:
        return topic in self.ids

    @property
    def ids(self) -> tuple[TopicId, ...]:
        """The topics' ids, in order."""
        return tuple(topic.id for topic in self.topics)

    @property
    def labels(self) -> dict[TopicId, str]:
        """What each topic is called."""
        return {topic.id: topic.label for topic in self.topics}

    @property
    def digest(self) -> str:
        """SHA-256 of the sorted ids: what a model is bound to. Wording and colours may change."""
        return hashlib.sha256(json.dumps(sorted(self.ids)).encode()).hexdigest()

    def label(self, topic: str) -> str:
        """The topic's label for people; the id itself where the topic is unknown."""
        return next((t.label for t in self.topics if t.id == topic), topic)

    def colour(self, topic: str) -> str:
        """The topic's colour; grey where the topic is unknown."""
        return next((t.colour for t in self.topics if t.id == topic), "#666666")


def read_taxonomy(path: Path) -> Taxonomy:
    """Read and check a taxonomy file.

    Raises:
        TaxonomyError: the file is missing, cannot be read, is no TOML, or a topic in it is not
            valid; the message names the file and the topic.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise TaxonomyError(f"{path} is missing.", "Make a desk with 'tagger init DIR'.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(f"{path} is no valid TOML: {error}.", "Mend that line.") from None
    except OSError as error:
        raise TaxonomyError(
            f"{path} could not be read: {error.strerror}.", "Make it a file that you may read."
        ) from None
    return make_taxonomy(data.get("topic", []), str(path))


def make_taxonomy(tables: Iterable[object], origin: str = "taxonomy") -> Taxonomy:
    """Make a taxonomy of ``[[topic]]`` tables, with a key and a colour for each topic.

    Raises:
        TaxonomyError: as :func:`read_taxonomy`.
    """
    tables = list(tables) if isinstance(tables, (list, tuple)) else [tables]
    if not tables:
        raise TaxonomyError(
            f"{origin} names no topic.", "Add a [[topic]] table with an id and a label."
        )
    topics = tuple(make_topic(table, number, origin) for number, table in enumerate(tables, 1))
    for field in ("id", "key"):
        _refuse_twice(field, [getattr(topic, field) for topic in topics], origin)
    return Taxonomy(_with_keys(topics))


def _with_keys(topics: tuple[Topic, ...]) -> tuple[Topic, ...]:
    """Give topics without a key the digit of their place, or another one that is free."""
    free = [digit for digit in "123456789" if digit not in {topic.key for topic in topics}]
    keyed = []
    for number, topic in enumerate(topics, 1):
        key = topic.key or (str(number) if str(number) in free else next(iter(free), ""))
        if key in free:
            free.remove(key)
        keyed.append(replace(topic, key=key))
    return tuple(keyed)


def make_topic(table: object, number: int = 1, origin: str = "the taxonomy") -> Topic:
    """Make a topic of one table; without a key it has none, without a colour its place's.

    Raises:
        TaxonomyError: the table is not valid.
    """
    where = f"{origin}, topic {number}"
    if not isinstance(table, dict):
        raise TaxonomyError(f"{where} is no [[topic]] table.", "Write it as [[topic]].")
    if unknown := set(table) - _FIELDS:
        raise TaxonomyError(
            f"{where} has unknown fields: {', '.join(sorted(unknown))}.",
            f"Known fields are {', '.join(sorted(_FIELDS))}.",
        )
    for field, value in table.items():
        _check_type(field, value, where)
    name = table.get("id", "")
    if problem := id_problem(name):
        raise TaxonomyError(f"{where} has the id {name!r}, which {problem}.", ID_CURE)
    return Topic(
        id=TopicId(name),
        label=table.get("label") or name.replace("_", " "),
        definition=table.get("definition", ""),
        not_=table.get("not", ""),
        iptc=tuple(table.get("iptc", ())),
        iptc_near=tuple(table.get("iptc_near", ())),
        key=table.get("key", ""),
        colour=table.get("colour") or PALETTE[(number - 1) % len(PALETTE)],
        seeds=tuple(table.get("seeds", ())),
    )


ID_CURE = "Give it an id such as real_estate or 'real estate'; its label may be any text."


def id_problem(name: str) -> str:
    """Why this can be no topic's id, to be read after the word which; empty where it can."""
    unseen = next((c for c in name if not c.isprintable() and c not in _JOINERS), "")
    between = next((c for c in name if c in _BETWEEN), "")
    problems = {
        "is empty": not name.strip(),
        "begins or ends with a blank": name != name.strip(),
        f"holds {unseen!r}, a character that nobody sees": bool(unseen),
        f"holds {between!r}, the sign between topics in lists and tables": bool(between),
        f"has {len(name)} characters, where {_LONGEST_ID} are the most": len(name) > _LONGEST_ID,
        "stands for paragraphs without a topic": name == "none",
    }
    return next((words for words, true in problems.items() if true), "")


def _check_type(field: str, value: object, where: str) -> None:
    texts = [value]
    if field in _LISTS:
        texts = value if isinstance(value, list) else [None]
    pattern = {"colour": _COLOUR, "seeds": _SEED}.get(field)
    right = all(
        isinstance(text, str) and (pattern is None or pattern.fullmatch(text)) for text in texts
    )
    if not right:
        shape = {
            "iptc": "a list of texts",
            "iptc_near": "a list of texts",
            "colour": "like #0072B2",
            "seeds": 'a list of phrases such as ["Shahed", "drone strike*"]',
        }
        raise TaxonomyError(
            f"{where}: {field} is {value!r}.", f"Make it {shape.get(field, 'a text in quotes')}."
        )


def _refuse_twice(field: str, values: list[str], origin: str) -> None:
    for value in filter(None, values):
        if values.count(value) > 1:
            raise TaxonomyError(
                f"{origin} gives the {field} {value!r} to {values.count(value)} topics.",
                f"Give every topic its own {field}.",
            )


def write_taxonomy(taxonomy: Taxonomy) -> str:
    """The taxonomy as TOML text, readable by :func:`read_taxonomy`."""
    return "\n".join(_table(topic) for topic in taxonomy)


def _table(topic: Topic) -> str:
    values = {key.rstrip("_"): value for key, value in asdict(topic).items() if value}
    # JSON strings and lists of strings are TOML ones too, once U+007F is escaped.
    lines = [
        f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
        for key, value in values.items()
    ]
    return "\n".join(["[[topic]]", *lines, ""])
