"""Every error a user may meet, each with what happened and what to do next.

::

    TaggerError                 exit 1: the user can mend it
    |-- InputError              what was given to read cannot be read
    |   |-- EncodingError       its bytes are no text, or in an encoding nobody named
    |   `-- MissingColumn       a table without the column that holds the text
    |-- OutputError             the result cannot be written where it was asked for
    |-- LabelsError             labeled/ holds something training must not see
    |   `-- TaxonomyError       taxonomy.toml is no valid list of topics
    |-- ModelError              a model is missing, damaged or bound to other topics
    |   `-- NoModel             nothing has been trained and promoted yet
    `-- Refused                 exit 3: a gate said no, with the figures
"""

from __future__ import annotations


class TaggerError(Exception):
    """An error written for its reader.

    Args:
        message: what happened, and to which file, row or topic.
        cure: what to do next, one imperative sentence.
    """

    exit_code = 1

    def __init__(self, message: str, cure: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure

    def __str__(self) -> str:
        return f"{self.message}\n{self.cure}" if self.cure else self.message

    def __reduce__(self) -> tuple[type[TaggerError], tuple[str, str]]:
        # Errors cross process borders in parallel work; the default would lose the cure.
        return type(self), (self.message, self.cure)


class InputError(TaggerError):
    """What was given to read cannot be read."""


class EncodingError(InputError):
    """The bytes are no text, or in an encoding that nobody named."""


class MissingColumn(InputError):
    """A table lacks the column that holds the text."""


class OutputError(TaggerError):
    """The result cannot be written where it was asked for."""


class LabelsError(TaggerError):
    """``labeled/`` holds something that training must not see."""


class TaxonomyError(LabelsError):
    """``taxonomy.toml`` is no valid list of topics."""


class ModelError(TaggerError):
    """A model is missing, damaged or bound to other topics."""


class NoModel(ModelError):
    """Nothing has been trained and promoted yet."""


class Refused(TaggerError):
    """A gate said no."""

    exit_code = 3
