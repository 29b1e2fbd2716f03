"""What a change of the topics would touch: labels, decisions, the queue, models, keys."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tagger.desk.decisions import has_store, read_decisions
from tagger.desk.models import registry_of, suits
from tagger.desk.topic_changes import Request, Wanted, taken_back, wanted
from tagger.errors import InputError, ModelError
from tagger.keeping.labeled import read_examples, test_files, train_files
from tagger.keeping.store import open_store
from tagger.keeping.taxonomy_changes import Change, History
from tagger.keeping.taxonomy_history import read_history, taxonomy_text
from tagger.keeping.taxonomy_text import edit, parse
from tagger.paragraphs import paragraph_id
from tagger.records import ParagraphId, TopicId, Version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from tagger.keeping.answers import Answer
    from tagger.records import LabeledExample
    from tagger.settings import Settings
    from tagger.taxonomy import Taxonomy


@dataclass(frozen=True)
class Plan:
    """What a change of the topics touches.

    Args:
        change: as it would be recorded; its number, time and author are not.
        before: today's topics.
        after: the topics as they would be.
        labelled: for each labelled file how many of its paragraphs read differently.
        decisions: how many decisions that stand read differently.
        again: how many paragraphs would leave a topic open, to be asked again.
        waiting: how many queued paragraphs have a suggestion that names a topic of before.
        models: the saved models that know today's topics, and would not know the new ones.
        serving: the model that serves today's topics, some of them perhaps by a rule.
        keeps_serving: whether it goes on, as it lacks only topics that a rule suggests.
    """

    change: Change
    before: Taxonomy
    after: Taxonomy
    labelled: Mapping[str, int] = field(default_factory=dict)
    decisions: int = 0
    again: int = 0
    waiting: int = 0
    models: tuple[Version, ...] = ()
    serving: Version | None = None
    keeps_serving: bool = False


def plan(settings: Settings, request: Request, *, now: datetime) -> Plan:
    """What a request would do; nothing is changed.

    Raises:
        InputError: it does not fit the topics there are.
        LabelsError: topics or labels are not valid.
        StoreError: the decisions cannot be read.
    """
    text = taxonomy_text(settings.labeled)
    goal = wanted(parse(text), request)
    change = Change(
        number=len(read_history(settings.labeled)) + 1,
        time=now,
        by="",
        kind=request.kind,
        old=tuple(map(TopicId, request.old)),
        new=request.ids,
        before=text,
        after=_edited(text, goal),
        seeds=_seeds(request, goal),
    )
    return _planned(settings, change)


def _edited(text: str, goal: Wanted) -> str:
    return text if parse(text) == goal.taxonomy else edit(text, goal.taxonomy, goal.renamed)


def _seeds(request: Request, goal: Wanted) -> tuple[str, ...]:
    return goal.taxonomy.topics[-1].seeds if request.kind == "add" else ()


def plan_revert(settings: Settings, *, now: datetime) -> Plan:
    """What taking back the last change would do; nothing is changed.

    Raises:
        InputError: no change stands.
        LabelsError: topics or labels are not valid.
        StoreError: the decisions cannot be read.
    """
    history = read_history(settings.labeled)
    if not history.standing:
        raise InputError("There is no change to take back.", "See them with: tagger topics history")
    last, text = history.standing[-1], taxonomy_text(settings.labeled)
    exact = text == last.after
    change = Change(
        number=len(history) + 1,
        time=now,
        by="",
        kind="revert",
        old=last.new,
        new=last.old,
        before=text,
        after=last.before if exact else _edited(text, taken_back(last, text)),
        reverts=last.number,
    )
    return _planned(settings, change)


def _planned(settings: Settings, change: Change) -> Plan:
    now, labels = read_history(settings.labeled), labels_of(settings)
    before, after = parse(change.before), parse(change.after)
    change = replace(change, lines=unnoted_lines(now, labels))
    then = History((*now.changes, change), frozenset(after.ids))
    labelled, again = _labels_touched(labels, now, then)
    decisions, open_, closed = _decisions_touched(settings, now, then)
    serving, keeps_serving = _serving(settings, before, after)
    return Plan(
        change=change,
        before=before,
        after=after,
        labelled=labelled,
        decisions=decisions,
        again=len((again | open_) - closed),
        waiting=_waiting(settings, frozenset(change.old) - frozenset(change.new)),
        models=_models(settings, before, after),
        serving=serving,
        keeps_serving=keeps_serving,
    )


def labels_of(settings: Settings) -> dict[str, list[LabeledExample]]:
    """The labelled files with their lines as they stand."""
    paths = [*train_files(settings.labeled), *test_files(settings.labeled)]
    return {str(path.relative_to(settings.labeled)): read_examples([path]) for path in paths}


def unnoted_lines(history: History, labels: Mapping[str, list[LabeledExample]]) -> frozenset[bytes]:
    """Marks of the labelled lines that no change has noted yet."""
    return history.unnoted((e.text, e.topics) for examples in labels.values() for e in examples)


def _labels_touched(
    labels: Mapping[str, list[LabeledExample]], now: History, then: History
) -> tuple[dict[str, int], set[ParagraphId]]:
    """How many lines of each file read differently, and the paragraphs that leave a topic open."""
    touched, again = Counter[str](), set()
    for file, examples in labels.items():
        for one in examples:
            after = _reading(then, one)
            touched[file] += _reading(now, one) != after
            if after.unsaid:
                again.add(paragraph_id(one.text))
    return {file: count for file, count in touched.items() if count}, again


def _reading(history: History, line: LabeledExample) -> Answer:
    version = history.version_of_line(line.text, line.topics)
    return history.read(line.topics, line.text, version)


def _decisions_touched(
    settings: Settings, now: History, then: History
) -> tuple[int, set[ParagraphId], set[ParagraphId]]:
    """How many read differently; the paragraphs that stay open, and those with a full answer."""
    before, after = (read_decisions(settings, history) for history in (now, then))
    if before is None or after is None:
        return 0, set(), set()
    touched = sum(
        a.topics != b.topics or before.unsaid.get(a.sequence) != after.unsaid.get(b.sequence)
        for a, b in zip(before.rows, after.rows, strict=True)
    )
    latest = {row.paragraph: row.sequence for row in after.rows}
    open_ = {id_ for id_, number in latest.items() if number in after.unsaid}
    return touched, open_, set(latest) - open_


def _waiting(settings: Settings, gone: frozenset[TopicId]) -> int:
    if not gone or not has_store(settings):
        return 0
    with open_store(settings.database) as store:
        spots = store.queue.spots()
        return sum(not spot.decided and bool(gone & {*(spot.topics or ())}) for spot in spots)


def _models(settings: Settings, before: Taxonomy, after: Taxonomy) -> tuple[Version, ...]:
    if before.digest == after.digest:
        return ()
    registry, found = registry_of(settings), []
    for version in registry.versions():
        try:
            known = registry.card(version).get("taxonomy")
        except ModelError:  # damaged: it serves nobody in any case
            continue
        found += [version] if known == before.digest else []
    return tuple(found)


def _serving(settings: Settings, before: Taxonomy, after: Taxonomy) -> tuple[Version | None, bool]:
    """The model that serves, where it matters, and whether it goes on."""
    if before.digest == after.digest:
        return None, False
    try:
        model = registry_of(settings).load()
    except ModelError:  # none serves, or it is damaged
        return None, False
    return (model.version, suits(model, after)) if suits(model, before) else (None, False)
