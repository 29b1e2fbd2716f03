"""Decisions from a file: JSON lines of ``{"text" or "id", "topics", "editor"}``."""

from __future__ import annotations

import hashlib
import json
from itertools import count
from typing import TYPE_CHECKING

from tagger.errors import InputError
from tagger.keeping.store import Decision
from tagger.paragraphs import clean, paragraph_id
from tagger.records import ParagraphId, TopicId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tagger.keeping.store import Decided
    from tagger.keeping.store.store import Store
    from tagger.taxonomy import Taxonomy

_NAMED = 5  # problems told at once


class _Problem(Exception):
    """What is wrong with one line."""


def correct_from_file(
    store: Store, path: Path, taxonomy: Taxonomy, editor_default: str | None = None
) -> int:
    """Record the decisions of a file, all or none, as one press that one undo takes back.

    The same file a second time records nothing, unless all of it was taken back in between.

    Args:
        store: as from :func:`tagger.desk.queue.store_of`.
        path: JSONL; an ``id`` must have been queued or decided before, a ``text`` need not.
            Fields other than text, id, topics and editor do not matter.
        taxonomy: today's topics.
        editor_default: who decided where a line does not say.

    Returns:
        how many decisions are new in the log.

    Raises:
        InputError: the file cannot be read or a line is not valid; the lines are named and
            nothing is recorded.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror}.", "Name a JSONL file of decisions."
        ) from error
    name = f"import {hashlib.sha256(data).hexdigest()[:16]}"
    rows: list[tuple[int, Decision]] = []
    problems = []
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                rows.append((number, _decision(line, store, taxonomy, editor_default)))
            except _Problem as problem:
                problems.append(f"line {number}: {problem}")
    if problems:
        raise _refusal(path, problems, taxonomy)
    return _record(store, rows, name) if rows else 0


def known_text(store: Store, paragraph: ParagraphId) -> str | None:
    """The text of a paragraph that was queued or decided; None where it was neither."""
    text = store.queue.text(paragraph)
    if text is not None:
        return text
    rows = store.log(paragraph=paragraph, limit=1)
    return rows[0].text if rows else None


def _record(store: Store, rows: Sequence[tuple[int, Decision]], name: str) -> int:
    for attempt in count(1):
        batch = f"{name}/{attempt}"
        keyed = [_keyed(decision, f"{batch}/{number}") for number, decision in rows]
        done = store.decide_many(keyed, batch)
        if not _taken_back(store, done):
            return sum(not one.repeated for one in done)
    raise AssertionError  # count() has no end


def _taken_back(store: Store, done: Sequence[Decided]) -> bool:
    if not all(one.repeated for one in done):
        return False
    sequences = {one.correction.sequence for one in done}
    return store.undone(sequences) == sequences


def _keyed(decision: Decision, key: str) -> Decision:
    return Decision(
        decision.paragraph, decision.text, decision.topics, decision.editor, key, "import"
    )


def _decision(
    line: bytes, store: Store, taxonomy: Taxonomy, editor_default: str | None
) -> Decision:
    row = _object(line)
    editor = row.get("editor", editor_default)
    if not isinstance(editor, str) or not editor.strip():
        raise _Problem('"editor" is missing (or add --editor)')
    id_, text = _paragraph(row, store)
    return Decision(id_, text, _topics(row.get("topics"), taxonomy), editor, "")


def _object(line: bytes) -> dict[str, object]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise _Problem(f"is no JSON in UTF-8 ({error})") from error
    if not isinstance(row, dict):
        raise _Problem('is no object of {"text" or "id", "topics", "editor"}')
    return row


def _paragraph(row: dict[str, object], store: Store) -> tuple[ParagraphId, str]:
    text, id_ = row.get("text"), row.get("id")
    if (text is None) == (id_ is None):
        raise _Problem('give either "text" or "id"')
    if isinstance(text, str) and clean(text):
        return paragraph_id(text), clean(text)
    if not isinstance(id_, str):
        raise _Problem('"text" or "id" is no text, or empty')
    known = known_text(store, ParagraphId(id_))
    if known is None:
        raise _Problem(f"no paragraph {id_} was queued or decided")
    return ParagraphId(id_), known


def _topics(given: object, taxonomy: Taxonomy) -> tuple[TopicId, ...]:
    if not isinstance(given, list) or not all(isinstance(topic, str) for topic in given):
        raise _Problem('"topics" is no list of topic ids ([] means none of them)')
    if unknown := sorted(set(given) - set(taxonomy.ids)):
        raise _Problem(f"unknown topic {', '.join(unknown)}")
    return tuple(map(TopicId, dict.fromkeys(given)))


def _refusal(path: Path, problems: Sequence[str], taxonomy: Taxonomy) -> InputError:
    more = f"; and {len(problems) - _NAMED:,} more" if len(problems) > _NAMED else ""
    return InputError(
        f"{path}, {'; '.join(problems[:_NAMED])}{more}. Nothing was recorded.",
        f"Mend the lines named; topics are {', '.join(taxonomy.ids)}.",
    )
