"""Check the files of the saved models against their digests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tagger.desk.models import registry_of
from tagger.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tagger.records import Version
    from tagger.settings import Settings


@dataclass(frozen=True, slots=True)
class CheckedModel:
    """A model, whether it serves, and what is wrong with its files."""

    version: Version
    serves: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelsReport:
    """What a check found. ``trouble`` says why no model can serve; empty where one can."""

    models: Sequence[CheckedModel]
    trouble: str = ""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.trouble and not any(model.problems for model in self.models)


def check_models(settings: Settings, name: str | None = None) -> ModelsReport:
    """Check one model, or all of them and whether the one that serves is there.

    Args:
        settings: the desk.
        name: a version, or a beginning that no other one has; all for None.

    Raises:
        ModelError: there is no such version.
    """
    registry = registry_of(settings)
    versions = registry.versions() if name is None else [registry.find(name)]
    current, trouble = None, ""
    try:
        current = registry.current()
    except ModelError as error:  # the others are checked all the same
        trouble = str(error)
    found = [
        CheckedModel(version, version == current, tuple(registry.problems(version)))
        for version in versions
    ]
    if name is None and current is not None and current not in versions:
        found.append(CheckedModel(current, True, ("serves, but is not there",)))
    return ModelsReport(found, trouble)
