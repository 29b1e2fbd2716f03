"""Which texts are about the same matter, by the terms that a model weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tagger.learning.model import Model

NEAR = 0.1
"""From this cosine on two texts are near neighbours.

In the corpus of November 2026 one pair of paragraphs in a thousand is as near, which gives a
paragraph some three neighbours among 3,000; half of them have exactly its topics, of all pairs a
quarter.
"""

_AT_ONCE = 500  # rows compared together: 500 x 2,000 cosines are 8 MB


def near_pairs(
    model: Model, texts: Sequence[str], others: Sequence[str], least: float = NEAR
) -> NDArray[np.bool_]:
    """Which of ``others`` are near to which of ``texts``, shape (n, m).

    The cosine is that of the model's tf-idf values. A text without known terms is near to none.
    """
    if not texts or not others:
        return np.zeros((len(texts), len(others)), bool)
    right = _unit_rows(model, others).T.tocsr()
    parts = [
        (_unit_rows(model, texts[start : start + _AT_ONCE]) @ right).toarray() >= least
        for start in range(0, len(texts), _AT_ONCE)
    ]
    return np.concatenate(parts)


def _unit_rows(model: Model, texts: Sequence[str]) -> csr_matrix:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - heavy, and tagging does without

    rows = [model.vector(text) for text in texts]
    lengths = [np.linalg.norm(values) or 1.0 for _, values in rows]
    values = [values / length for (_, values), length in zip(rows, lengths, strict=True)]
    ends = np.cumsum([0, *(len(numbers) for numbers, _ in rows)])
    numbers = np.concatenate([numbers for numbers, _ in rows])
    return csr_matrix((np.concatenate(values), numbers, ends), shape=(len(rows), len(model.idf)))
