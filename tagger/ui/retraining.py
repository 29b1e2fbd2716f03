"""Retraining from a page: what would be learned, how far it is, and what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

import streamlit as st

from tagger.desk.retrain_due import news
from tagger.desk.retrain_job import close_job, job_of, order_retrain
from tagger.ui import card, paint, session, verdict, who

if TYPE_CHECKING:
    from tagger.desk.retrain_due import News
    from tagger.desk.retrain_job import Job

_SECONDS = 2.0  # between two looks at a retrain that runs
_STAGES = {
    "comparing tags": "Comparing tags with the current model",
    "scoring": "Judging the queue anew",
}


def panel(label: str = "Retrain") -> None:
    """Draw the state of retraining; looks for itself while one runs.

    Args:
        label: of the button that starts one.
    """
    editor = who.need_editor()
    running = _is_running()
    draw = st.fragment(_draw, run_every=_SECONDS if running else None)
    with st.container(border=True):
        draw(editor, label, polling=running)


def no_model_yet() -> None:
    """Say that there is no model, and offer to train one."""
    st.info(
        "No model has been trained yet, so there is nothing to suggest. The first one learns from "
        "the labelled paragraphs in labeled/train and from what editors decided; that takes about "
        "half a minute. On the command line: `tagger retrain`"
    )
    panel("Train the first model")


def _is_running() -> bool:
    job = job_of(session.settings(), datetime.now(UTC))
    return job is not None and job.state == "running"


def _draw(editor: str, label: str, *, polling: bool) -> None:
    with session.told_errors(stop=False):
        job = job_of(session.settings(), datetime.now(UTC))
        ended = (job is not None and job.state == "running") != polling
        if st.session_state.pop("anew", False) or ended:
            st.rerun()  # the whole page: another model may serve now, and looking starts or ends
        card.told()
        if job is None:
            _offer(editor, label)
        elif job.state == "running":
            _progress(job)
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
    noun = "new decision" if found.learns == 1 else "new decisions"
    if found.since is None:
        words = "Learns the labelled paragraphs"
        words += f" and **{found.learns:,} {noun}**" if found.learns else ""
    elif found.learns or found.taken_back:
        words = f"Learns **{found.learns:,} {noun}** since the last model"
    else:
        words = "Nothing new was decided since the last model"
    if found.taken_back:
        words += f"; unlearns {found.taken_back:,} that were taken back since"
    if found.words:
        noun = "word" if found.words == 1 else "words"
        words += f"; honours {found.words:,} {noun} struck or restored since"
    if found.measures:
        one = found.measures == 1
        noun = "answer to an audit or check" if one else "answers to audits and checks"
        words += f"; {found.measures:,} {noun} only measure{'s' if one else ''}"
    return words + "."


def _progress(job: Job) -> None:
    stage = job.waits_for.rstrip(" .…") or _STAGES.get(job.pace.stage, job.pace.stage.capitalize())
    words = f"{stage} · {_left(job.pace.left)} · {paint.plain(job.by)}'s, {_clock(job.since)}"
    st.progress(job.pace.share, text=words)
    st.caption(
        "It runs beside the desk: go on working, or close this page. What serves is not touched "
        "meanwhile."
    )


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
    else:
        st.error(f"{paint.plain(job.message)}\n\n**{paint.plain(job.cure)}**", icon="⚠️")
    with st.container(horizontal=True):
        if job.state != "serves":
            _order(editor, label, urged=True)
        st.button(
            "OK" if job.state == "serves" else "Put away",
            on_click=session.careful(partial(_close, job, editor)),
        )


def _close(job: Job, editor: str) -> None:
    close_job(session.settings(), job, by=editor, now=datetime.now(UTC))
