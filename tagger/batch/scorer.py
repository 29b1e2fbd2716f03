"""The fastest way to score that this machine and model allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.learning.compiled import compile_model, obstacle

if TYPE_CHECKING:
    from collections.abc import Callable

    from tagger.learning.model import Model


def fast_scorer(model: Model, told: Callable[[str], None]) -> Model:
    """The model compiled or, where that cannot be, the model itself: the scores are the same.

    Args:
        model: the model that tags.
        told: hears what takes time or goes the slow way.
    """
    if reason := obstacle(model):
        told(f"Tagging goes the slow way with model {model.version}: {reason}.")
        return model
    try:
        return compile_model(model, told=told)
    except ImportError as error:
        told(
            f"Tagging goes the slow way, about ten times slower: {error.name or error} is not "
            "installed (pip install 'newsroom-tagger[fast]')."
        )
        return model
