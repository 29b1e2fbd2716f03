"""Fair divisions of labelled texts: near-copies stay together, topics are spread evenly."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def deal_folds(
    truth: NDArray[np.bool_], groups: NDArray[np.int64], folds: int, seed: int
) -> NDArray[np.int64]:
    """Deal texts to folds, whole groups at a time.

    Groups are dealt by their set of topics, rarest sets first, each to the fold that has fewest
    texts of that set, then fewest texts.

    Args:
        truth: which topics each text has, shape (n, K).
        groups: a group number for each text, shape (n,).
        folds: how many folds.
        seed: of the random order within one set of topics.

    Returns:
        the fold of each text, shape (n,), from 0 to ``folds`` - 1.
    """
    members = _members(groups)
    strata = {group: _topic_set(truth[rows]) for group, rows in members.items()}
    sizes = Counter(strata.values())
    shuffled = np.random.default_rng(seed).permutation(sorted(members))
    order = sorted(shuffled.tolist(), key=lambda group: (sizes[strata[group]], strata[group]))
    dealt = np.zeros(len(groups), np.int64)
    texts_in = np.zeros(folds, np.int64)
    texts_of: dict[bytes, NDArray[np.int64]] = defaultdict(lambda: np.zeros(folds, np.int64))
    for group in order:
        of_set = texts_of[strata[group]]
        fold = int(np.lexsort((texts_in, of_set))[0])
        rows = members[group]
        dealt[rows] = fold
        of_set[fold] += len(rows)
        texts_in[fold] += len(rows)
    return dealt


def hold_out(
    truth: NDArray[np.bool_], groups: NDArray[np.int64], share: float, seed: int
) -> NDArray[np.bool_]:
    """Choose about ``share`` of the texts, whole groups at a time, topics spread evenly.

    Args:
        truth: as for :func:`deal_folds`.
        groups: as for :func:`deal_folds`.
        share: above 0 and at most a half; taken as ``1 / round(1 / share)``, so 0.4 holds out a
            half and 0.3 a third.
        seed: as for :func:`deal_folds`.

    Returns:
        which texts are held out, shape (n,).
    """
    return np.asarray(deal_folds(truth, groups, round(1 / share), seed) == 0)


def _members(groups: NDArray[np.int64]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(groups.tolist()):
        members[group].append(row)
    return members


def _topic_set(truth: NDArray[np.bool_]) -> bytes:
    return truth.any(axis=0).tobytes()
