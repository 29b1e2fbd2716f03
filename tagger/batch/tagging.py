"""Documents become predictions: split, furniture set aside, the rest judged, all of it counted.

The one way for an article and for an archive: an article comes as a block of one document, scored
by the model itself, an archive in blocks of thousands, scored by the compiled model.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Protocol

from tagger.furniture import mark
from tagger.learning.model import sigmoid
from tagger.paragraphs import split
from tagger.records import Prediction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tagger.batch.tally import Tally
    from tagger.learning.model import Model
    from tagger.records import Document, Paragraph

_READABLE = 0.2  # of the words; English news has 0.9, Ukrainian or Russian text nearly none
_STRANGE = "the model knows hardly a word of it (another language?); do not rely on its answers"


class Judge(Protocol):
    """Gives paragraphs their topics; a function that other processes can import."""

    def __call__(self, paragraphs: Sequence[Paragraph], model: Model) -> list[Prediction]:
        """One prediction a paragraph, in order; furniture gets no topics and no scores."""


def predict(paragraphs: Sequence[Paragraph], model: Model) -> list[Prediction]:
    """Give every paragraph that is no furniture its topics and probabilities."""
    judged = [paragraph.text for paragraph in paragraphs if paragraph.furniture is None]
    probabilities = sigmoid(model.scores(judged))
    answers = zip(model.chosen(probabilities), probabilities.tolist(), strict=True)
    predictions = []
    for paragraph in paragraphs:
        topics, row = next(answers) if paragraph.furniture is None else ((), ())
        scores = dict(zip(model.topics, row, strict=False))  # no scores at all for furniture
        predictions.append(Prediction(paragraph, topics, scores, model.version))
    return predictions


def tag_block(
    documents: Sequence[tuple[str, Document]],
    model: Model,
    tally: Tally,
    judge: Judge = predict,
) -> Iterator[Prediction]:
    """Tag documents at once, each given with the name of its file; furniture is included.

    ``tally`` is filled in as the predictions are taken.
    """
    pages = [mark(split(document)) for _, document in documents]
    predictions = iter(judge([paragraph for page in pages for paragraph in page], model))
    for (file, document), page in zip(documents, pages, strict=True):
        own = list(islice(predictions, len(page)))
        tally.documents += 1
        tally.assume(file, document.notes)
        if _is_strange(own, model):
            tally.assume(file, [_STRANGE])
        for prediction in own:
            tally.count(prediction)
            yield prediction


def _is_strange(predictions: Sequence[Prediction], model: Model) -> bool:
    """Whether "none of them" only means that the model cannot read the document."""
    if [p for p in predictions if p.topics]:
        return False
    text = " ".join([p.paragraph.text for p in predictions if p.paragraph.furniture is None])
    return bool(text) and not model.knows(text, _READABLE)
