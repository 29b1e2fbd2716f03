"""Tag the paragraphs of news articles with a newsroom's own topics.

>>> from tagger import load_model, tag_text            # doctest: +SKIP
>>> model = load_model("path/to/desk")                 # doctest: +SKIP
>>> tag_text("Envoys met to discuss a truce.", model)  # doctest: +SKIP

Every error that a program may mend is a :class:`TaggerError` (see :mod:`tagger.errors`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tagger.batch.frame import tag_frame
    from tagger.batch.local import Archive, tag_archive
    from tagger.desk.embed import (
        correct,
        explain_text,
        load_automation,
        load_model,
        serving_version,
        tag_document,
        tag_file,
        tag_html,
        tag_text,
    )
    from tagger.errors import TaggerError
    from tagger.learning.automation import Automation
    from tagger.learning.explanation import Explanation
    from tagger.learning.model import Model
    from tagger.records import Document, Paragraph, Passage, Prediction

__version__ = "0.1.0"

# Met on first use, so that ``tagger --help`` and ``import tagger`` stay instant.
_ROOMS = {
    "tagger.batch.frame": ("tag_frame",),
    "tagger.batch.local": ("Archive", "tag_archive"),
    "tagger.desk.embed": (
        *("load_model", "serving_version", "load_automation", "correct", "explain_text"),
        *("tag_document", "tag_file", "tag_html", "tag_text"),
    ),
    "tagger.errors": ("TaggerError",),
    "tagger.learning.automation": ("Automation",),
    "tagger.learning.explanation": ("Explanation",),
    "tagger.learning.model": ("Model",),
    "tagger.records": ("Document", "Paragraph", "Passage", "Prediction"),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names}
__all__ = [
    "Archive",
    "Automation",
    "Document",
    "Explanation",
    "Model",
    "Paragraph",
    "Passage",
    "Prediction",
    "TaggerError",
    "__version__",
    "correct",
    "explain_text",
    "load_automation",
    "load_model",
    "serving_version",
    "tag_archive",
    "tag_document",
    "tag_file",
    "tag_frame",
    "tag_html",
    "tag_text",
]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'tagger' has no attribute {name!r}")
