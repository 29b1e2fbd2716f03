"""Scores of many texts at once: the same bits as :meth:`Model.scores`, about ten times faster.

Worth its start (a second to lay out the tables and load the machine code) from thousands of texts
on; a command that tags an article stays with the model itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tagger.errors import ModelError
from tagger.learning.compiled.loading import BESIDE, load_kernel
from tagger.learning.compiled.tables import make_tables, obstacle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.learning.model import Model

    Floats = NDArray[np.float64]

_T = TypeVar("_T", bound=np.generic)

__all__ = ["WORTH_COMPILING", "CompiledModel", "compile_model", "obstacle"]

WORTH_COMPILING = 8_000
"""From so many texts on the start pays: 1.0 CPU s against 0.13 ms saved a text (November 2026)."""


def compile_model(
    model: Model, folder: Path = BESIDE, told: Callable[[str], None] | None = None
) -> CompiledModel:
    """Lay a model out for the kernel.

    Args:
        model: whose scores to give.
        folder: where the kernel's machine code is kept (see :func:`loading.load_kernel`).
        told: hears a sentence when the machine code must be built first.

    Raises:
        ModelError: the model has settings the kernel does not know; :func:`obstacle` tells before.
    """
    if reason := obstacle(model):
        raise ModelError(
            f"Model {model.version} cannot be compiled: {reason}.", "Score with the model itself."
        )
    return CompiledModel(model, folder, told)


class CompiledModel:
    """A model laid out for the kernel; threads may share it, and score at the same time."""

    def __init__(
        self, model: Model, folder: Path = BESIDE, told: Callable[[str], None] | None = None
    ) -> None:
        self.model = model
        self._tables = make_tables(model)
        self._kernel = load_kernel(folder, told)

    def scores(self, texts: Sequence[str]) -> Floats:
        """As :meth:`Model.scores`, bit for bit, shape (n, K)."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return self.scores_of_utf8(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def scores_of_utf8(self, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Floats:
        """Scores of the texts ``data[offsets[i]:offsets[i+1]]``, shape (n, K).

        ``data`` must be well-formed UTF-8, as in an Arrow string array, or Python's own with
        lone surrogates; the kernel does not check it.
        """
        scores = np.empty((len(offsets) - 1, len(self.model.topics)))
        covered = np.empty(len(scores), np.bool_)
        self._kernel(_fixed(data), _fixed(offsets), self._tables, scores, covered)
        for i in np.flatnonzero(~covered).tolist():
            text = bytes(data[offsets[i] : offsets[i + 1]]).decode("utf-8", "surrogatepass")
            scores[i] = self.model.scores([text])[0]
        return scores


def _fixed(array: NDArray[_T]) -> NDArray[_T]:
    """A read-only view: to numba a writable array is another type, to be compiled for anew."""
    view = array.view()
    view.flags.writeable = False
    return view
