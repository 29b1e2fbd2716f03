"""How often right the model must be to decide by itself, kept in ``labeled/automation.toml``.

It stands beside the taxonomy and not in it, nor in a model: who changes an aim need not retrain.
The file is not rewritten when topics change. It notes how many changes there were when it was
written, and is read through those that came later: an aim goes on under a topic's new name.
"""

from __future__ import annotations

import json
import operator
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tagger.errors import InputError, LabelsError
from tagger.files import write_beside
from tagger.keeping.answers import heirs
from tagger.keeping.taxonomy_history import read_history
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from tagger.keeping.answers import Step

FILE = "automation.toml"
LOWEST, HIGHEST = 50.0, 99.9
_HEAD = (
    "# Tagged by itself only when right at least so many times in 100, else asked.\n"
    "# Written by 'tagger automation'; \"ask\" means always asked.\n"
)


@dataclass(frozen=True, slots=True)
class Aims:
    """Times in 100 that a decision must be right to be taken without asking.

    Args:
        everywhere: for every topic, and for "none"; None asks always.
        only: by topic or ``none``, what holds there instead.
    """

    everywhere: float | None = None
    only: Mapping[str, float | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(aim is not None for aim in (self.everywhere, *self.only.values()))

    def of(self, name: str) -> float | None:
        """The aim for a topic or ``none``; None where an editor is always asked."""
        return self.only.get(name, self.everywhere)

    def changed(self, aim: float | None, name: str | None = None) -> Aims:
        """With another aim for a topic or ``none``; for everything where None.

        Raises:
            InputError: no model can keep such a promise, or it is none.
        """
        if aim is not None and not LOWEST <= aim <= HIGHEST:
            raise InputError(
                f"{aim:g} times in 100 is no aim to tag by itself.",
                f"Choose between {LOWEST:g} and {HIGHEST:g}, such as 95.",
            )
        if name is None:
            return Aims(aim)
        return replace(self, only={**self.only, name: aim})

    def after(self, steps: Sequence[Step]) -> Aims:
        """What they are after changes of the topics: each heir has the aim of what it came from.

        Where topics with several aims became one, the strictest holds.
        """
        if not steps:
            return self
        named: dict[str, set[float | None]] = {}
        for name in {*self.only, *(old for step in steps for old in step.old)}:
            for heir in heirs(TopicId(name), steps):
                named.setdefault(heir, set()).add(self.of(name))
        only = {name: _strictest(found) for name, found in named.items()}
        return replace(
            self, only={name: aim for name, aim in only.items() if aim != self.everywhere}
        )


def _strictest(aims: Collection[float | None]) -> float | None:
    return None if None in aims else max(aim for aim in aims if aim is not None)


def read_aims(labeled: Path) -> Aims:
    """The aims of a desk, for today's topics; none where it has no such file.

    Raises:
        LabelsError: the file, or the history of topics, cannot be read or is not valid.
    """
    path = labeled / FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        aims = Aims().changed(_aim(data["all"])) if "all" in data else Aims()
        for name, value in data.get("only", {}).items():
            aims = aims.changed(_aim(value), name)
        version = operator.index(data.get("changes", 0))
    except FileNotFoundError:
        return Aims()
    except (OSError, ValueError, TypeError, AttributeError, InputError) as error:
        raise LabelsError(
            f"{path} is no list of aims: {error}".replace("\n", " "),
            "Mend it, or delete it and set the aims anew with 'tagger automation set'.",
        ) from None
    if not aims.only:
        return aims
    history = read_history(labeled)
    return aims.after(history.steps(min(max(version, 0), len(history))))


def _aim(value: Any) -> float | None:
    return None if value == "ask" else float(value)


def write_aims(labeled: Path, aims: Aims) -> None:
    """Keep the aims, whole or not at all; without any the file is taken away.

    Raises:
        OutputError: it cannot be written.
    """
    path = labeled / FILE
    if not aims:
        path.unlink(missing_ok=True)
        return
    text = _HEAD + f"all = {_written(aims.everywhere)}\n"
    if aims.only and (changes := len(read_history(labeled))):
        text += f"changes = {changes}  # so many changes of the topics came before\n"
    if aims.only:
        text += "\n[only]\n"
    for name, aim in aims.only.items():  # a JSON string is a TOML string too
        text += f"{json.dumps(name, ensure_ascii=False)} = {_written(aim)}\n"
    with write_beside(path) as beside:
        beside.write_text(text, encoding="utf-8")


def _written(aim: float | None) -> str:
    return '"ask"' if aim is None else f"{aim:g}"
