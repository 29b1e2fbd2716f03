"""Retraining from a page: what would be learned, how far it is, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from tagger.desk.models import registry_of
from tagger.desk.retrain_due import news
from tagger.desk.retrain_job import AT_WORK, close_job, job_of, order_retrain, stop_job
from tagger.desk.wording import counted
from tagger.ui import card, paint, session, verdict, who

if TYPE_CHECKING:
    from tagger.desk.retrain_due import News
    from tagger.desk.retrain_job import Job

_SECONDS = 2.0  # between two looks at a retrain that runs
_IDLE = 15.0  # and where none runs: a colleague may start or promote one
_UNTOUCHED = "What serves is not touched meanwhile."
_AFRESH = "What serves was not touched; the next retrain begins from the beginning."
_STAGES = {
    "comparing tags": "Comparing tags with the current model",
    "scoring": "Judging the queue anew",
}


def panel(label: str = "Retrain") -> None:
    """Draw the state of retraining; looks for itself what colleagues do.

    Args:
        label: of the button that starts one.
    """
    editor, seen = who.need_editor(), _what_stands()
    draw = st.fragment(_draw, run_every=_SECONDS if seen[1] in AT_WORK else _IDLE)
    with st.container(border=True):
        draw(editor, label, seen)


def no_model_yet() -> None:
    """Say that there is no model, and offer to train one."""
    st.info(
        "No model has been trained yet, so there is nothing to suggest. The first one learns from "
        "the labelled paragraphs in labeled/train and from what editors decided; that takes about "
        "half a minute. On the command line: `tagger retrain`"
    )
    panel("Train the first model")


def _what_stands() -> tuple[str, str, str]:
    """The latest job with its state, and the model that serves: what the page was drawn for."""
    job = job_of(session.settings(), datetime.now(UTC))
    serving = registry_of(session.settings()).current()
    return (job.id if job else "", job.state if job else "", serving or "")


def _draw(editor: str, label: str, seen: tuple[str, str, str]) -> None:
    with session.told_errors(stop=False):
        if st.session_state.pop("anew", False) or _what_stands() != seen:
            st.rerun()  # the whole page: another model may serve now, and looking starts or ends
        card.told()
        job = job_of(session.settings(), datetime.now(UTC))
        if job is None:
            _offer(editor, label)
        elif job.state == "running":
            _progress(job, editor)
        elif job.state == "stopping":
            st.markdown(f"Stopping: {paint.plain(job.stopped_by)} pressed Stop. {_UNTOUCHED}")
        elif job.state == "judged":
            verdict.draw(job, editor)
        else:
            _ended(job, editor, label)


def _offer(editor: str, label: str) -> None:
    found = news(session.settings(), session.store())
    st.markdown(_what_is_new(found))
    _order(editor, label, urged=not found.since or found.has_lessons)


def _order(editor: str, label: str, *, urged: bool) -> None:
    def start() -> None:
        job = order_retrain(session.settings(), by=editor, now=datetime.now(UTC))
        if job.by != editor:
            card.tell(f"{job.by} was faster: this is the progress of that retrain.")

    looks: Literal["primary", "secondary"] = "primary" if urged else "secondary"
    st.button(label, key="retrain", type=looks, on_click=session.careful(start))


def _what_is_new(found: News) -> str:
    """What a retrain would learn, in words."""
    fresh = counted(found.learns, "new decision")
    if found.since is None:
        words = "Learns the labelled paragraphs"
        words += f" and **{fresh}**" if found.learns else ""
    elif found.learns or found.taken_back:
        words = f"Learns **{fresh}** since the last model"
    else:
        words = "Nothing new was decided since the last model"
    if found.taken_back:
        words += f"; unlearns {found.taken_back:,} that were taken back since"
    if found.words:
        words += f"; honours {counted(found.words, 'word')} struck or restored since"
    if found.measures:
        one, many = "answer to an audit or check", "answers to audits and checks"
        answers = counted(found.measures, f"{one} only measures", f"{many} only measure")
        words += f"; {answers}"
    return words + "."


def _progress(job: Job, editor: str) -> None:
    stage = job.waits_for.rstrip(" .…") or _STAGES.get(job.pace.stage, job.pace.stage.capitalize())
    words = f"{stage} · {_left(job.pace.left)} · {paint.plain(job.by)}'s, {_clock(job.since)}"
    st.progress(job.pace.share, text=words)
    st.caption(f"It runs beside the desk: go on working, or close this page. {_UNTOUCHED}")
    st.button("Stop", key="stop-retrain", on_click=session.careful(partial(_stop, job, editor)))


def _stop(job: Job, editor: str) -> None:
    if not stop_job(session.settings(), job, by=editor, now=datetime.now(UTC)):
        card.tell("It had ended already: nothing was stopped.")


def _left(seconds: float | None) -> str:
    if seconds is None:
        return "begins as soon as that one has ended"
    if seconds < 4:
        return "a few seconds left"
    if seconds < 90:
        return f"about {round(seconds)} s left"
    return f"about {round(seconds / 60)} min left"


def _clock(time: datetime) -> str:
    return f"{time.astimezone():since %H:%M}"


def _ended(job: Job, editor: str, label: str) -> None:
    if job.state == "serves":
        news_ = "is trained and serves now" if job.fresh else "serves already: nothing is new since"
        st.success(f"Model {paint.plain(str(job.version))} {news_}.")
    elif job.state == "stopped":
        st.info(f"{paint.plain(job.stopped_by)} stopped the retrain. {_AFRESH}")
    else:
        st.error(f"{paint.plain(job.message)}\n\n**{paint.plain(job.cure)}**", icon="⚠️")
    with st.container(horizontal=True):
        if job.state != "serves":
            _order(editor, label, urged=job.state != "stopped")
        st.button(
            "OK" if job.state in {"serves", "stopped"} else "Put away",
            on_click=session.careful(partial(_close, job, editor)),
        )


def _close(job: Job, editor: str) -> None:
    close_job(session.settings(), job, by=editor, now=datetime.now(UTC))
