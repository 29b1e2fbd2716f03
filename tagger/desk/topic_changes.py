"""Requests to change the topics, and the taxonomy that each of them leads to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from tagger.errors import InputError, TaxonomyError
from tagger.keeping.taxonomy_text import parse
from tagger.records import TopicId
from tagger.taxonomy import (
    ID_CURE,
    PALETTE,
    Taxonomy,
    Topic,
    id_problem,
    make_topic,
    write_taxonomy,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tagger.keeping.taxonomy_changes import Change

RequestKind = Literal["add", "rename", "merge", "split", "retire"]


@dataclass(frozen=True)
class Request:
    """What shall be done to the topics.

    Args:
        kind: add, rename, merge, split or retire.
        old: the topics it is done to; none for an added one.
        new: the topics they become, as tables of ``taxonomy.toml``: an ``id`` and what else is
            known; none for a retired one.
    """

    kind: RequestKind
    old: tuple[str, ...] = ()
    new: tuple[Mapping[str, object], ...] = field(default=())

    @property
    def ids(self) -> tuple[TopicId, ...]:
        """The ids of the new topics."""
        return tuple(TopicId(str(table["id"])) for table in self.new)


@dataclass(frozen=True)
class Wanted:
    """A taxonomy to have; ``renamed`` tells whose table goes on under which new id."""

    taxonomy: Taxonomy
    renamed: Mapping[str, str] = field(default_factory=dict)


def wanted(taxonomy: Taxonomy, request: Request) -> Wanted:
    """The taxonomy that a request leads to.

    A rename or retire of a topic that vanished from the file by hand changes nothing in it: it
    only says what became of it.

    Raises:
        InputError: the request does not fit the topics there are.
        TaxonomyError: a new topic is not valid.
    """
    _check_ids(request)
    _check(taxonomy, request)
    if set(request.old) - set(taxonomy.ids):
        return Wanted(taxonomy)
    made = {"add": _added, "rename": _renamed, "merge": _merged, "split": _split}
    new = made[request.kind](taxonomy, request) if request.new else ()
    place = min((taxonomy.ids.index(TopicId(one)) for one in request.old), default=len(taxonomy))
    before = [t for t in taxonomy.topics[:place] if t.id not in request.old]
    after = [t for t in taxonomy.topics[place:] if t.id not in request.old]
    return Wanted(_settled([*before, *new, *after]), _heir(request))


def _heir(request: Request) -> dict[str, str]:
    """Whose table of ``taxonomy.toml`` goes on under a new id."""
    if request.kind not in {"rename", "merge"} or request.ids[0] in request.old:
        return {}
    return {request.ids[0]: request.old[0]}


def _settled(topics: Iterable[Topic]) -> Taxonomy:
    """The topics as a file of theirs would be read."""
    return parse(write_taxonomy(Taxonomy(tuple(topics))))


def _check_ids(request: Request) -> None:
    for new in request.ids:
        if problem := id_problem(new):
            raise TaxonomyError(f"A topic cannot have the id {new!r}, which {problem}.", ID_CURE)


def _check(taxonomy: Taxonomy, request: Request) -> None:
    unknown = sorted(set(request.old) - set(taxonomy.ids))
    gone = request.kind == "retire" or set(request.ids) <= set(taxonomy.ids)
    if unknown and not (request.kind in {"rename", "retire"} and gone):
        raise InputError(
            f"Unknown topic: {', '.join(unknown)}.", f"Choose among {', '.join(taxonomy.ids)}."
        )
    free = [one for one in request.ids if one not in request.old or request.kind == "rename"]
    if not unknown and (taken := sorted(set(free) & set(taxonomy.ids))):
        raise InputError(
            f"There is a topic {', '.join(taken)} already.",
            "Choose another id, or put two topics together with 'tagger topics merge'.",
        )
    if len(set(request.ids)) < len(request.ids) or len(set(request.old)) < len(request.old):
        raise InputError("A topic is named twice.", "Name every topic once.")
    fewest = {"merge": (2, 1), "split": (1, 2)}.get(request.kind, (0, 0))
    if len(request.old) < fewest[0] or len(request.new) < fewest[1]:
        raise InputError(f"A {request.kind} needs two topics at least.", "Name one more.")
    if set(taxonomy.ids) <= set(request.old) and not request.new:
        raise InputError("This is the last topic.", "Add another one before you retire it.")


def _added(taxonomy: Taxonomy, request: Request) -> tuple[Topic, ...]:
    return _drafted(request.new, taxonomy.topics)


def _renamed(taxonomy: Taxonomy, request: Request) -> tuple[Topic, ...]:
    topic, table = _of(taxonomy, request.old)[0], dict(request.new[0])
    if topic.label == _default_label(topic.id):
        table.setdefault("label", _default_label(str(table["id"])))
    return (_with(topic, table),)


def _merged(taxonomy: Taxonomy, request: Request) -> tuple[Topic, ...]:
    olds, table = _of(taxonomy, request.old), dict(request.new[0])
    if heir := next((topic for topic in olds if topic.id == table["id"]), None):
        return (_with(heir, {**_united(olds), **table}),)
    whole = {"definition": " ".join(filter(None, (t.definition for t in olds)))}
    whole |= {"label": _label(table["id"]), "not": ""}
    return (_with(olds[0], {**whole, **_united(olds), **table}),)


def _united(olds: Sequence[Topic]) -> dict[str, object]:
    lists = {"iptc": "iptc", "iptc_near": "iptc_near", "seeds": "seeds"}
    return {
        name: list(dict.fromkeys(value for topic in olds for value in getattr(topic, attribute)))
        for name, attribute in lists.items()
    }


def _split(taxonomy: Taxonomy, request: Request) -> tuple[Topic, ...]:
    whole = _of(taxonomy, request.old)[0]
    rest = [topic for topic in taxonomy if topic is not whole]
    heir = whole.id if whole.id in request.ids else request.ids[0]
    looks = {"key": whole.key, "colour": whole.colour}
    tables = [
        {"iptc": list(whole.iptc), **(looks if table["id"] == heir else {}), **table}
        for table in request.new
    ]
    return _drafted(tables, [*rest, replace(whole, id=TopicId(""))])


def _drafted(tables: Iterable[Mapping[str, object]], others: Sequence[Topic]) -> tuple[Topic, ...]:
    """Topics of tables, each with a key and a colour of its own."""
    keys, colours = {t.key for t in others}, {t.colour.upper() for t in others}
    drafted = []
    for given in tables:
        table = {"label": _label(given["id"]), **given}
        table.setdefault("key", next((k for k in "123456789" if k not in keys), ""))
        table.setdefault("colour", next((c for c in PALETTE if c not in colours), PALETTE[-1]))
        drafted.append(make_topic(table))
        keys.add(drafted[-1].key)
        colours.add(drafted[-1].colour.upper())
    return tuple(drafted)


def _with(topic: Topic, table: Mapping[str, object]) -> Topic:
    """A topic with what a table says otherwise."""
    kept = {
        "label": topic.label,
        "definition": topic.definition,
        "not": topic.not_,
        "iptc": list(topic.iptc),
        "iptc_near": list(topic.iptc_near),
        "key": topic.key,
        "colour": topic.colour,
        "seeds": list(topic.seeds),
    }
    return make_topic({**kept, **table})


def _of(taxonomy: Taxonomy, ids: Iterable[str]) -> list[Topic]:
    return [next(topic for topic in taxonomy if topic.id == one) for one in ids]


def _default_label(topic: str) -> str:
    return topic.replace("_", " ")


def _label(topic: object) -> str:
    words = _default_label(str(topic))
    return words[:1].upper() + words[1:]


def taken_back(change: Change, text: str) -> Wanted:
    """The taxonomy without a change; what was edited by hand since then stays.

    Args:
        change: the last one that stands.
        text: of today's file.
    """
    before, after, today = (
        {topic.id: topic for topic in parse(one)} for one in (change.before, change.after, text)
    )
    untouched = {id_ for id_, topic in before.items() if topic == after.get(id_)}
    gone = untouched - set(today)
    back = [today.get(id_, t) if id_ in untouched else t for id_, t in before.items()]
    by_hand = [t for id_, t in today.items() if id_ not in before and id_ not in after]
    return Wanted(_settled([*(t for t in back if t.id not in gone), *by_hand]))
