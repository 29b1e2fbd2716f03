"""The desk's aims: what is tagged by itself since it is right often enough, and what is asked.

What a model must be sure of to keep an aim was counted when it was trained, on out-of-fold scores,
and stands on its card. :mod:`tagger.desk.operating` measures what that gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tagger.batch.deciding import deciding
from tagger.batch.ruling import ruling
from tagger.desk.models import registry_of
from tagger.desk.rules import active_rules
from tagger.errors import InputError, ModelError
from tagger.keeping.automation import Aims, read_aims, write_aims
from tagger.learning.automation import Automation
from tagger.learning.operating import NONE, Curve, curves, curves_as_data, curves_of_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tagger.batch.tagging import Judge
    from tagger.learning.model import Model
    from tagger.learning.training import Training
    from tagger.records import Version
    from tagger.settings import Settings

__all__ = [
    "NONE",
    "Aims",
    "Automation",
    "aims_in_words",
    "aims_of",
    "automation_of",
    "curves_of",
    "judge_of",
    "keep_aims",
    "on_card",
    "set_aim",
    "with_aims",
]


def aims_of(settings: Settings) -> Aims:
    """The desk's aims; false where there are none.

    Raises:
        LabelsError: their file is not valid.
    """
    return read_aims(settings.labeled)


def set_aim(settings: Settings, aim: float | None, name: str | None, topics: Sequence[str]) -> Aims:
    """Set an aim in times in 100, or take it away with None; for everything where no ``name``.

    Raises:
        InputError: neither a topic nor ``none`` has that name, or it is no aim.
        OutputError: it cannot be kept.
    """
    if name is not None and name not in {*topics, NONE}:
        raise InputError(f"Unknown topic: {name}.", f"Choose among {', '.join(topics)} and {NONE}.")
    aims = aims_of(settings).changed(aim, name)
    keep_aims(settings, aims)
    return aims


def keep_aims(settings: Settings, aims: Aims) -> None:
    """Replace the desk's aims.

    Raises:
        OutputError: they cannot be kept.
    """
    write_aims(settings.labeled, aims)


def automation_of(settings: Settings, model: Model) -> Automation | None:
    """What decides by itself on this desk; None where no aim is set.

    Raises:
        LabelsError: the aims' file is not valid.
        ModelError: there is an aim, and the model's card says nothing of it.
    """
    aims = aims_of(settings)
    return with_aims(model, curves_of(settings, model.version), aims) if aims else None


def judge_of(settings: Settings, model: Model) -> Judge:
    """What tags on this desk: where an aim is set it also marks each paragraph auto, ask or none.

    Where a new topic has seed phrases, what they suggest stands beside the model's topics.

    Raises:
        LabelsError: the aims' file is not valid.
        ModelError: there is an aim, and the model's card says nothing of it.
    """
    return deciding(automation_of(settings, model), ruling(active_rules(settings, model)))


def curves_of(settings: Settings, version: Version) -> dict[str, Curve]:
    """What a version's card says about how sure it must be.

    Raises:
        ModelError: it says nothing, as it was trained by an older tagger.
    """
    try:
        return curves_of_data(registry_of(settings).card(version)["operating"])
    except (KeyError, ValueError, TypeError, AttributeError):
        raise ModelError(
            f"The card of model {version} does not say how sure it must be to tag by itself.",
            "Run 'tagger retrain', or have everything asked with 'tagger automation off'.",
        ) from None


def with_aims(model: Model, found: Mapping[str, Curve], aims: Aims) -> Automation:
    """What decides by itself under these aims."""
    cuts = []
    for name in (*model.topics, NONE):
        aim = aims.of(name)
        cuts.append(found[name].cut_for(aim / 100) if aim and name in found else np.inf)
    return Automation(model, np.array(cuts))


def on_card(training: Training) -> dict[str, Any]:
    """What a new model's card says about how sure it must be."""
    whole, model = training.said.all(axis=1), training.model
    probabilities = training.probabilities[whole]
    found = curves(model.topics, probabilities, model.given(probabilities), training.truth[whole])
    return curves_as_data(found)


def aims_in_words(aims: Aims) -> str:
    """The aims in a sentence."""
    if not aims:
        return "Every paragraph is asked: nothing is tagged by itself."
    said = [
        f"{name}: {'always asked' if aim is None else f'{aim:g}'}"
        for name, aim in aims.only.items()
    ]
    if aims.everywhere is not None:
        but = f" ({', '.join(said)})" if said else ""
        often = f"at least {aims.everywhere:g} times in 100{but}"
        return f"Tagged by itself only when right {often}, else asked."
    return f"Tagged by itself only when right so many times in 100: {', '.join(said)}; else asked."
