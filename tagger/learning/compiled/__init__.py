"""Scores of many texts at once: the same bits as :meth:`Model.scores`, ten times faster or more.

Worth its start (0.7 s to load numba and the machine code and to lay out the tables) from thousands
of texts on; a command that tags an article stays with the model itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tagger.errors import ModelError
from tagger.learning.compiled.loading import BESIDE, load_kernel
from tagger.learning.compiled.tables import make_tables, obstacle
from tagger.learning.model import Model
from tagger.learning.terms import Block
from tagger.records import TopicId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from tagger.learning.compiled.kernel import Kernel
    from tagger.learning.compiled.tables import Tables

    Floats = NDArray[np.float64]
    Told = Callable[[str], None]

_T = TypeVar("_T", bound=np.generic)

__all__ = ["WORTH_COMPILING", "CompiledModel", "compile_model", "obstacle", "warm_kernels"]

WORTH_COMPILING = 8_000
"""From so many texts on the start pays: 0.7 CPU s against 0.09 ms saved a text (November 2026)."""


def compile_model(model: Model, folder: Path = BESIDE, told: Told | None = None) -> CompiledModel:
    """Lay a model out for the kernel.

    Args:
        model: whose scores to give.
        folder: where the kernel's machine code is kept (see :func:`loading.load_kernel`).
        told: hears a sentence when the machine code must be built first.

    Raises:
        ModelError: the model has settings the kernel does not know; :func:`obstacle` tells before.
        ImportError: the extra ``fast`` is not installed.
    """
    if reason := obstacle(model):
        raise ModelError(
            f"Model {model.version} cannot be compiled: {reason}.", "Score with the model itself."
        )
    what = {part.name: getattr(model, part.name) for part in fields(Model)}
    return CompiledModel(**what, kernel=load_kernel(folder, told))


def warm_kernels(folder: Path = BESIDE, told: Told | None = None) -> None:
    """Build the kernel's machine code where it is not there yet, so that no later start waits.

    Args:
        folder: where machine code is kept.
        told: hears a sentence before the building begins, and nothing where it is there.

    Raises:
        ImportError: the extra ``fast`` is not installed.
    """
    topics, one = (TopicId("any"),), np.ones(1)
    smallest = Model(topics, (Block("word", 1, 1),), (["one"],), one, one[:, None], one, one)
    compile_model(smallest, folder, told).scores(["one"])


@dataclass(frozen=True)
class CompiledModel(Model):
    """A model whose scores the kernel gives; threads may share it, and score at the same time.

    Args:
        kernel: the scoring function.
    """

    kernel: Kernel = field(kw_only=True, repr=False)
    tables: Tables = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay out the tables: at once, for threads that came first together would do it twice."""
        object.__setattr__(self, "tables", make_tables(self))

    @property
    def model(self) -> Model:
        """Itself: whatever takes a model takes a compiled one."""
        return self

    def scores(self, texts: Iterable[str]) -> Floats:
        """As :meth:`Model.scores`, bit for bit, shape (n, K)."""
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return self.scores_of_utf8(np.frombuffer(b"".join(encoded), np.uint8), offsets)

    def scores_of_utf8(self, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Floats:
        """Scores of the texts ``data[offsets[i]:offsets[i+1]]``, shape (n, K).

        ``data`` must be well-formed UTF-8, as in an Arrow string array, or Python's own with
        lone surrogates; the kernel does not check it.
        """
        scores = np.empty((len(offsets) - 1, len(self.topics)))
        covered = np.empty(len(scores), np.bool_)
        self.kernel(_fixed(data), _fixed(offsets), self.tables, scores, covered)
        for i in np.flatnonzero(~covered).tolist():
            text = bytes(data[offsets[i] : offsets[i + 1]]).decode("utf-8", "surrogatepass")
            scores[i] = super().scores([text])[0]
        return scores


def _fixed(array: NDArray[_T]) -> NDArray[_T]:
    """A read-only view: to numba a writable array is another type, to be compiled for anew."""
    view = array.view()
    view.flags.writeable = False
    return view
