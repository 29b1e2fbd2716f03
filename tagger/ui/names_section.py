"""How much the topics lean on names: measured when somebody asks, for it takes some seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from tagger.desk.names import names_report
from tagger.desk.wording import counted
from tagger.ui import session

if TYPE_CHECKING:
    from tagger.desk.names import NamesReport
    from tagger.learning.model import Model
    from tagger.settings import Settings

_NAMES = 8


def draw(model: Model) -> None:
    """Offer the measurement, and draw it once it is wanted."""
    st.subheader("Do topics lean on names?")
    if st.toggle("Measure what names of places, people and organisations add", key="names"):
        _table(_report(model.version, model, session.settings()))


@st.cache_resource(show_spinner="Taking scores apart …", max_entries=2)
def _report(version: str, _model: Model, _settings: Settings) -> NamesReport:  # noqa: ARG001 - the key
    return names_report(_settings, _model)


def _table(report: NamesReport) -> None:
    taxonomy = session.taxonomy()
    st.dataframe(
        [
            {
                "topic": taxonomy.label(one.topic),
                "paragraphs": one.paragraphs,
                "from names": one.share,
                "only by names": one.only,
                "names": ", ".join(f"{n.word} {n.share:.1%}" for n in one.names[:_NAMES]),
            }
            for one in report.topics
        ],
        hide_index=True,
        column_config={"from names": st.column_config.NumberColumn(format="percent")},
    )
    st.caption(
        f"Over {report.measured} ({counted(report.paragraphs, 'paragraph')}): of all that "
        "speaks for a topic, in paragraphs that get it, what names give. “Only by names” are those "
        "that would not get it if their names said nothing. A name is a word that the training "
        "texts write with a capital inside sentences. Strike one with “Contest a word”, below a "
        "paragraph's reasons."
    )
