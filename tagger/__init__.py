"""Tag the paragraphs of news articles with a newsroom's own topics.

>>> from tagger import load_model, tag_text            # doctest: +SKIP
>>> model = load_model("path/to/desk")                 # doctest: +SKIP
>>> tag_text("Envoys met to discuss a truce.", model)  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.desk.embed import explain_text, load_automation, load_model, tag_file, tag_text
    from tagger.errors import TaggerError
    from tagger.records import Document, Paragraph, Passage, Prediction

__version__ = "0.1.0"

# Met on first use, so that ``tagger --help`` and ``import tagger`` stay instant.
_HOMES = {
    "explain_text": "tagger.desk.embed",
    "load_automation": "tagger.desk.embed",
    "load_model": "tagger.desk.embed",
    "tag_file": "tagger.desk.embed",
    "tag_text": "tagger.desk.embed",
    "TaggerError": "tagger.errors",
    "Document": "tagger.records",
    "Paragraph": "tagger.records",
    "Passage": "tagger.records",
    "Prediction": "tagger.records",
}
__all__ = [
    "Document",
    "Paragraph",
    "Passage",
    "Prediction",
    "TaggerError",
    "__version__",
    "explain_text",
    "load_automation",
    "load_model",
    "tag_file",
    "tag_text",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'tagger' has no attribute {name!r}")
