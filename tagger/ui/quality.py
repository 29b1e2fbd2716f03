"""How good a model is on the frozen test: in total, by topic, and in its own percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import streamlit as st

from tagger.desk.evaluate import evaluate_file, has_test, reliability_of
from tagger.desk.wording import counted
from tagger.ui import session

if TYPE_CHECKING:
    from tagger.learning.evaluation import Evaluation
    from tagger.learning.model import Model
    from tagger.learning.resampling import Figure
    from tagger.settings import Settings


_MEANINGS: dict[str, tuple[str, str]] = {
    "precision": ("%.3f", "Of the paragraphs given this topic, how many have it."),
    "recall": ("%.3f", "Of the paragraphs that have this topic, how many are given it."),
    "F1": ("%.3f", "Precision and recall in one figure; the lower of the two weighs more."),
    "labelled": ("%d", "Paragraphs of the test that have this topic."),
    "given": ("%d", "Paragraphs of the test that the model gives it to."),
    "given from": ("percent", "The model gives the topic from this probability on."),
}


def draw(model: Model) -> None:
    """Draw the figures of a model, or why there are none."""
    if not has_test(session.settings()):
        st.info(
            "This desk has no frozen test (labeled/test.jsonl), so quality is not measured. The "
            "**[Audit](audit)** page measures it on what editors decide."
        )
        return
    evaluation = _evaluation(model.version, model, session.settings())
    _totals(evaluation)
    _topics(evaluation)
    _reliability(evaluation)


@st.cache_resource(show_spinner="Judging the model on the frozen test …", max_entries=2)
def _evaluation(version: str, _model: Model, _settings: Settings) -> Evaluation:  # noqa: ARG001 - the key
    return evaluate_file(_settings, _model)


def _totals(evaluation: Evaluation) -> None:
    quality = evaluation.quality
    shown = {
        "Macro-F1": (quality.macro_f1, "The mean of all topics' F1: each topic counts the same."),
        "Micro-F1": (quality.micro_f1, "F1 over all tags: frequent topics count more."),
        "Exactly right": (quality.exact_match, "The share of paragraphs with no tag wrong."),
        "F1 of “none”": (quality.none_f1, "How well it sees that no topic fits."),
    }
    with st.container(horizontal=True):
        for name, (figure, meaning) in shown.items():
            st.metric(
                name,
                f"{figure.value:.3f}",
                _range(figure),
                delta_color="off",
                delta_arrow="off",
                width=155,
                help=meaning,
            )
    st.caption(
        f"Measured on the frozen test: {counted(quality.n, 'paragraph')}, never trained on. "
        "1 is perfect, 0 is all wrong. Ranges are 95% bootstrap intervals."
    )


def _range(figure: Figure) -> str:
    return f"{figure.low:.3f} to {figure.high:.3f}"


def _topics(evaluation: Evaluation) -> None:
    taxonomy = session.taxonomy()
    st.subheader("By topic")
    st.dataframe(
        [
            {
                "topic": taxonomy.label(topic.topic),
                "precision": topic.precision.value,
                "recall": topic.recall.value,
                "F1": topic.f1.value,
                "F1, 95%": _range(topic.f1),
                "labelled": topic.support,
                "given": topic.given,
                "given from": round(topic.threshold, 2),
            }
            for topic in evaluation.quality.topics
        ],
        column_config={
            name: st.column_config.NumberColumn(format=form, help=meaning)
            for name, (form, meaning) in _MEANINGS.items()
        },
    )


def _reliability(evaluation: Evaluation) -> None:
    st.subheader("Do the percentages mean what they say?")
    st.caption(
        "Of the decisions the model gave 80%, about 80 in 100 should be right: dots on the line."
    )
    bins = [
        {"said": b.predicted, "came true": b.observed, "decisions": b.count}
        for b in reliability_of(evaluation)
    ]
    line = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}])).mark_line(
        strokeDash=[4, 4], color="#888"
    )
    dots = alt.Chart(alt.InlineData(values=bins)).mark_circle(color="#0072B2", opacity=0.9)
    percent = alt.Axis(format="%")
    chart = line.encode(x="x:Q", y="y:Q") + dots.encode(
        x=alt.X("said:Q", title="probability said", axis=percent, scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("came true:Q", title="came true", axis=percent, scale=alt.Scale(domain=[0, 1])),
        size=alt.Size("decisions:Q", scale=alt.Scale(type="log", range=[40, 500]), legend=None),
        tooltip=["said:Q", "came true:Q", "decisions:Q"],
    )
    with st.container(width=460):
        st.altair_chart(chart.properties(height=320), width="stretch")
