"""Have the stories moved away from what the model learned?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tagger.desk.decisions import read_decisions
from tagger.desk.flips import stored_texts
from tagger.desk.models import registry_of
from tagger.desk.steps import in_steps
from tagger.desk.tag import Tally, tag_files
from tagger.errors import ModelError
from tagger.learning.baseline import Baseline
from tagger.learning.drift import Drift, Watch
from tagger.reading import find

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tagger.learning.model import Model
    from tagger.settings import Settings


def drift_of_files(
    settings: Settings,
    model: Model,
    names: Sequence[str],
    tally: Tally,
    *,
    on_total: Callable[[int], None] = lambda _: None,
    on_file: Callable[[Path], None] = lambda _: None,
) -> Drift:
    """Compare the paragraphs of files with the training; page furniture does not count.

    Args:
        settings: the desk.
        model: whose training.
        names: files, folders or globs.
        tally: is filled in on the way.
        on_total: is told how many files there are.
        on_file: is told when one is done.

    Raises:
        InputError: a name stands for no file.
        ModelError: the model was saved without the figures to compare with.
    """
    watch = Watch(model, baseline_of(settings, model))
    files = find(list(names)).files
    on_total(len(files))
    for prediction in tag_files(files, model, tally=tally, on_file=on_file):
        if prediction.paragraph.furniture is None:
            watch.add(prediction.paragraph.text, list(prediction.scores.values()))
    return watch.drift()


def drift_of_store(
    settings: Settings,
    model: Model,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Drift:
    """Compare the stored paragraphs, queued or decided, with the training.

    Raises:
        ModelError: as :func:`drift_of_files`.
        StoreError: the store cannot be read.
    """
    watch = Watch(model, baseline_of(settings, model))
    texts = list(stored_texts(settings, read_decisions(settings)).values())
    for some in in_steps(texts, "comparing", lambda _, done, total: progress(done, total)):
        for text, row in zip(some, model.probabilities(some), strict=True):
            watch.add(text, row)
    return watch.drift()


def baseline_of(settings: Settings, model: Model) -> Baseline:
    """What the model's training texts were like.

    Raises:
        ModelError: its card does not say, for an older version of this tool wrote it.
    """
    card = registry_of(settings).card(model.version)
    if "baseline" not in card:
        raise ModelError(
            f"Model {model.version} was saved without the figures of its training to compare with.",
            "Run 'tagger retrain --again' once: the new model keeps them.",
        )
    return Baseline.of_data(card["baseline"])
