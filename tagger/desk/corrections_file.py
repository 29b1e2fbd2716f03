"""Decisions from a file: JSON lines of ``{"text" or "id", "topics", "editor"}``."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from tagger.errors import InputError
from tagger.keeping.store import Decision
from tagger.keeping.store.checks import checked_name
from tagger.paragraphs import clean, paragraph_id
from tagger.records import ParagraphId, TopicId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tagger.keeping.store.store import Store
    from tagger.learning.training import Progress
    from tagger.taxonomy import Taxonomy

_NAMED = 5  # problems told at once
_TOLD = 500  # lines between two reports of progress


class _Problem(Exception):
    """What is wrong with one line."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is valid by itself; of ``id`` and ``text`` one is given."""

    number: int
    id: ParagraphId
    text: str | None
    topics: tuple[TopicId, ...]
    editor: str


def correct_from_file(
    store: Store,
    path: Path,
    taxonomy: Taxonomy,
    editor_default: str | None = None,
    progress: Progress | None = None,
) -> int:
    """Record the decisions of a file, all or none, as one press that one undo takes back.

    A line says that an editor gives a paragraph these topics. What some earlier file said already
    is not recorded again, whatever the files are called; said by another editor it is a decision of
    its own. Only where everything that was recorded of this file has been taken back is it
    recorded anew.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        path: JSONL; an ``id`` must have been queued or decided before, a ``text`` need not.
            Fields other than text, id, topics and editor do not matter; null is as good as none.
        taxonomy: today's topics.
        editor_default: who decided where a line does not say.
        progress: is told how far the reading and the recording are.

    Returns:
        how many decisions are new in the log.

    Raises:
        InputError: the file cannot be read or a line is not valid; the lines are named and
            nothing is recorded.
    """
    told = progress or (lambda *_: None)
    problems: dict[int, str] = {}
    lines = list(_lines(path, taxonomy, editor_default, problems, told))
    texts = store.texts(line.id for line in lines if line.text is None)
    decisions = list(_decisions(lines, texts, problems))
    if problems:
        raise _refusal(path, problems, taxonomy)
    return _record(store, decisions, told)


def _lines(
    path: Path,
    taxonomy: Taxonomy,
    editor: str | None,
    problems: dict[int, str],
    progress: Progress,
) -> Iterator[_Line]:
    raw = _read(path).split(b"\n")
    for number, line in enumerate(raw, 1):
        if line.strip():
            try:
                yield _line(number, line, taxonomy, editor)
            except _Problem as problem:
                problems[number] = str(problem)
        if number % _TOLD == 0 or number == len(raw):
            progress("reading", number, len(raw))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.", "Name a JSONL file of decisions."
        ) from error


def _decisions(
    lines: Iterable[_Line], texts: Mapping[ParagraphId, str], problems: dict[int, str]
) -> Iterator[Decision]:
    """The lines with the texts of their paragraphs, each under a key made of what it says."""
    times = Counter[tuple[str, ...]]()
    latest: dict[ParagraphId, tuple[str, ...]] = {}
    for line in lines:
        text = texts.get(line.id) if line.text is None else line.text
        if text is None:
            problems[line.number] = f"no paragraph {line.id} was queued or decided"
            continue
        says = (line.editor, line.id, *sorted(line.topics))
        times[says] += latest.get(line.id) != says  # the same again after another answer is news
        latest[line.id] = says
        key = _digest((*says, str(times[says])))
        yield Decision(line.id, text, line.topics, line.editor, f"import {key}", "import")


def _record(store: Store, decisions: Sequence[Decision], progress: Progress) -> int:
    new = _not_recorded(store, decisions)
    if not new:
        return 0
    batch = f"import {_digest([one.key for one in new])}"
    written = 0

    def told(more: int) -> None:
        nonlocal written
        written += more
        progress("recording", written, len(new))

    return sum(not one.repeated for one in store.decide_many(new, batch, told))


def _not_recorded(store: Store, decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that no file brought yet; all where all that files brought was taken back."""
    free = {one.key: one.key for one in decisions}  # for each key the first that is not in use
    asked, taken, stands = set(free), set[str](), False
    for attempt in count(2):
        known = store.recorded(free[key] for key in asked)
        if not known:
            break
        gone = store.undone(known.values())
        stands |= len(gone) < len(known)
        taken |= {key for key in asked if free[key] in known}
        asked = {key for key in asked if known.get(free[key]) in gone}
        free |= {key: f"{key}/{attempt}" for key in asked}
    new = [one for one in decisions if one.key not in taken or not stands]
    return [replace(one, key=free[one.key]) for one in new]


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()[:32]


def _line(number: int, line: bytes, taxonomy: Taxonomy, editor_default: str | None) -> _Line:
    row = _object(line)
    if row.get("action") == "undo":  # taken for a decision it would bring back what it took away
        raise _Problem("is an undo of an exported log, which 'tagger log restore' reads")
    given = row.get("editor")
    editor = _editor(editor_default if given is None else given)
    id_, text = _paragraph(row)
    return _Line(number, id_, text, _topics(row.get("topics"), taxonomy), editor)


def _object(line: bytes) -> dict[str, object]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _Problem(f"is no JSON in UTF-8 ({error})") from error
    except (ValueError, RecursionError) as error:
        raise _Problem("holds a number too long, or lists too deep, to be read") from error
    if not isinstance(row, dict):
        raise _Problem('is no object of {"text" or "id", "topics", "editor"}')
    return row


def _editor(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise _Problem('"editor" is missing (or add --editor)')
    return _name(name, "editor")


def _name(name: str, field: str) -> str:
    try:
        return checked_name(name, field)
    except InputError as error:
        raise _Problem(f'"{field}" is {name[:50]!r}, not 1 to 200 characters on a line') from error


def _paragraph(row: dict[str, object]) -> tuple[ParagraphId, str | None]:
    text, id_ = row.get("text"), row.get("id")
    if (text is None) == (id_ is None):
        raise _Problem('give either "text" or "id"')
    if isinstance(text, str) and clean(text):
        return paragraph_id(text), clean(text)
    if not isinstance(id_, str):
        raise _Problem('"text" or "id" is no text, or empty')
    return ParagraphId(_name(id_, "id")), None


def _topics(given: object, taxonomy: Taxonomy) -> tuple[TopicId, ...]:
    if not isinstance(given, list) or not all(isinstance(topic, str) for topic in given):
        raise _Problem('"topics" is no list of topic ids ([] means none of them)')
    if unknown := sorted(set(given) - set(taxonomy.ids)):
        raise _Problem(f"unknown topic {', '.join(unknown)}")
    return tuple(map(TopicId, dict.fromkeys(given)))


def _refusal(path: Path, problems: Mapping[int, str], taxonomy: Taxonomy) -> InputError:
    named = [f"line {number}: {problems[number]}" for number in sorted(problems)[:_NAMED]]
    more = f"; and {len(problems) - _NAMED:,} more" if len(problems) > _NAMED else ""
    return InputError(
        f"{path}, {'; '.join(named)}{more}. Nothing was recorded.",
        f"Mend the lines named; topics are {', '.join(taxonomy.ids)}.",
    )
