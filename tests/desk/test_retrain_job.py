"""A retrain in the background, as the pages order and watch it."""

import os
import shutil
import signal
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from tagger.desk import retrain_job
from tagger.desk.models import registry_of, taxonomy_of
from tagger.desk.retrain_job import close_job, flips_of, job_of, order_retrain, stop_job
from tagger.desk.serving import promote_judged, roll_back_from
from tagger.errors import Refused
from tagger.keeping.diary import Diary
from tagger.keeping.labeled import read_examples, train_files
from tagger.keeping.store import Decision, open_store
from tagger.keeping.turn import retrain_turn
from tagger.paragraphs import paragraph_id
from tagger.settings import Settings
from tagger.taxonomy import make_taxonomy, write_taxonomy

PATIENCE = 120.0  # seconds; a tiny desk takes three


def now():
    return datetime.now(UTC)


@pytest.fixture
def home(tmp_path, desk_with_model):
    """A desk of one's own with a model."""
    return Settings(shutil.copytree(desk_with_model.home, tmp_path / "home"))


@pytest.fixture
def jobs():
    """Nothing that a test started outlives it."""
    before = set(retrain_job._STARTED)
    yield
    for id_ in set(retrain_job._STARTED) - before:
        retrain_job._STARTED[id_].kill()
        retrain_job._STARTED.pop(id_).wait()


pytestmark = pytest.mark.usefixtures("jobs")


def finished(desk, until="running"):
    """The job once it is in another state."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        job = job_of(desk, now())
        if job is None or job.state != until:
            return job
        time.sleep(0.05)
    raise AssertionError(Diary(desk.models).log.read_text(errors="replace"))


def decide(desk, answers, editor="ann"):
    decisions = [
        Decision(paragraph_id(text), text, topics, editor, f"{editor} {text}", "doubt")
        for text, topics in answers
    ]
    with open_store(desk.database) as store:
        store.decide_many(decisions, f"batch of {editor}")


def test_the_first_model_of_a_desk_serves_when_it_is_trained(desk):
    order_retrain(desk, by="Olha", now=now())
    job = finished(desk)
    assert (job.state, job.by, job.fresh) == ("serves", "Olha", True)
    assert registry_of(desk).current() == job.version
    assert registry_of(desk).card(job.version)["by"] == "Olha"


def test_a_later_model_waits_for_a_yes_and_its_flips_are_listed(home):
    current = registry_of(home).current()
    decide(home, [(f"The flood reached house number {n} on the river.", ()) for n in range(12)])
    order_retrain(home, by="Olha", now=now())
    job = finished(home)
    assert job.state == "judged"
    assert registry_of(home).current() == current
    changed = registry_of(home).card(job.version)["flips"]["changed"]
    assert changed
    assert len(flips_of(home, job.version)) == changed
    done = promote_judged(home, job, by="Oleh", now=now())
    assert done.version == registry_of(home).current() == job.version
    assert job_of(home, now()) is None
    event = registry_of(home).history()[-1]
    assert (event.action, event.by) == ("promote", "Oleh")
    assert promote_judged(home, job, by="Ines", now=now()) is None
    assert registry_of(home).history()[-1] == event


def spoil(desk):
    """Answer every labelled sentence with floods."""
    examples = read_examples(train_files(desk.labeled), taxonomy_of(desk).ids)
    decide(desk, [(e.text, ("floods",) if i % 4 else ()) for i, e in enumerate(examples)])


def test_a_refused_model_serves_only_with_a_reason(home):
    spoil(home)
    order_retrain(home, by="Olha", now=now())
    job = finished(home)
    assert job.state == "judged"
    assert registry_of(home).card(job.version)["gate"]["passed"] is False
    with pytest.raises(Refused):
        promote_judged(home, job, by="Olha", now=now(), reason=" ")
    assert job_of(home, now()).state == "judged"
    assert promote_judged(home, job, by="Olha", now=now(), reason="the topic has changed")
    assert "the topic has changed (against the gate)" in registry_of(home).history()[-1].reason


def test_a_discarded_model_stays_on_the_list_and_does_not_serve(home):
    current = registry_of(home).current()
    decide(home, [("A flood of letters reached the museum.", ())])
    order_retrain(home, by="Olha", now=now())
    job = finished(home)
    assert close_job(home, job, by="Oleh", now=now())
    assert job_of(home, now()) is None
    assert not close_job(home, job, by="Ines", now=now())
    assert promote_judged(home, job, by="Ines", now=now()) is None
    assert registry_of(home).current() == current
    assert job.version in registry_of(home).versions()


def test_who_orders_while_one_runs_gets_that_one(home):
    with retrain_turn(home.models, by="night job", now=now()):  # so that it cannot end
        first = order_retrain(home, by="Olha", now=now())
        second = order_retrain(home, by="Oleh", now=now())
        assert (second.id, second.by, second.state) == (first.id, "Olha", "running")
        assert not close_job(home, first, by="Oleh", now=now())
        deadline = time.monotonic() + PATIENCE
        while not job_of(home, now()).waits_for and time.monotonic() < deadline:
            time.sleep(0.05)
        assert "night job" in job_of(home, now()).waits_for
    assert finished(home).state in {"judged", "serves"}


def test_a_killed_job_is_said_to_be_killed_and_the_next_one_runs(home):
    with retrain_turn(home.models, by="night job", now=now()):
        first = order_retrain(home, by="Olha", now=now())
        process = retrain_job._STARTED[first.id]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        job = job_of(home, now())
        assert (job.id, job.state) == (first.id, "killed")
        assert "Retrain again" in job.cure
        assert job_of(home, now() + timedelta(days=1)).state == "killed"
    second = order_retrain(home, by="Oleh", now=now())
    assert second.id != first.id
    assert finished(home).state in {"judged", "serves"}


def stopped(desk):
    return finished(desk, until="stopping")


def test_a_retrain_that_is_stopped_before_it_awoke_is_stopping_and_then_trains_nothing(home):
    diary = Diary(home.models)
    with diary.my_turn():
        diary.begin(ordered="x", by="Ines", at=now().isoformat(), expected={})
    assert stop_job(home, job_of(home, now()), by="Oleh", now=now())
    assert job_of(home, now()).state == "stopping"
    assert order_retrain(home, by="Ines", now=now()).id == "x"
    retrain_job._start(home, diary, "x")
    assert finished(home, until="stopping").state == "stopped"
    assert not any("stage" in line for line in diary.lines())


def test_a_stopped_job_leaves_what_serves_and_the_next_one_begins_anew(home):
    current, versions = registry_of(home).current(), registry_of(home).versions()
    decide(home, [("A flood of letters reached the museum.", ())])
    with retrain_turn(home.models, by="night job", now=now()):  # so that it cannot end by itself
        first = order_retrain(home, by="Olha", now=now())
        assert stop_job(home, first, by="Oleh", now=now())
        assert not stop_job(home, first, by="Ines", now=now())
        job = stopped(home)
        assert (job.id, job.state, job.stopped_by) == (first.id, "stopped", "Oleh")
    assert registry_of(home).current() == current
    assert registry_of(home).versions() == versions
    second = order_retrain(home, by="Ines", now=now())
    assert second.id != first.id
    assert finished(home).state == "judged"


def test_a_job_at_work_ends_within_seconds_of_a_stop(home):
    with retrain_turn(home.models, by="night job", now=now()):
        job = order_retrain(home, by="Olha", now=now())
        while not job_of(home, now()).waits_for:
            time.sleep(0.05)
        assert stop_job(home, job, by="Olha", now=now())
        process = retrain_job._STARTED[job.id]
        assert process.wait(timeout=PATIENCE) == 0
    assert job_of(home, now()).state == "stopped"
    assert [line for line in Diary(home.models).lines() if "failed" in line] == []


def test_who_stops_what_has_ended_stops_nothing(home):
    job = order_retrain(home, by="Olha", now=now())
    ended = finished(home)
    assert not stop_job(home, job, by="Olha", now=now())
    assert job_of(home, now()).state == ended.state
    assert job_of(home, now()).stopped_by == ""


def test_a_stop_that_comes_as_the_model_is_done_hides_no_model(home):
    order_retrain(home, by="Olha", now=now())
    ended = finished(home)
    Diary(home.models).add(stop="Oleh", at=now().isoformat())
    assert (job_of(home, now()).state, job_of(home, now()).version) == (ended.state, ended.version)


def test_a_stopping_job_is_neither_closed_nor_doubled(home):
    diary = Diary(home.models)
    with diary.at_work():  # a worker that hears nothing for a while
        diary.begin(ordered="x", by="Olha", at=now().isoformat(), expected={})
        diary.add(awake=True, at=now().isoformat())
        job = job_of(home, now())
        assert stop_job(home, job, by="Oleh", now=now())
        assert job_of(home, now()).state == "stopping"
        assert not close_job(home, job, by="Oleh", now=now())
        assert order_retrain(home, by="Ines", now=now()).id == "x"
    assert job_of(home, now()).state == "stopped"
    assert close_job(home, job, by="Oleh", now=now())
    assert job_of(home, now()) is None


def test_a_job_of_an_app_that_is_gone_is_missed_after_a_minute(home):
    diary, begun = Diary(home.models), now()
    with diary.my_turn():
        diary.begin(ordered="x", by="Olha", at=begun.isoformat(), expected={})
    assert job_of(home, begun + timedelta(seconds=5)).state == "running"
    assert job_of(home, begun + timedelta(seconds=90)).state == "killed"


def test_a_job_that_begins_in_the_middle_of_a_look_is_not_said_to_be_killed(home, monkeypatch):
    diary, look = Diary(home.models), Diary.is_at_work
    diary.begin(ordered="x", by="Olha", at=now().isoformat(), expected={})
    with ExitStack() as work:

        def just_before_it_begins(diary):
            seen = look(diary)
            monkeypatch.undo()
            work.enter_context(diary.at_work())
            diary.add(stage="training", done=0, total=1, at=now().isoformat())
            return seen

        monkeypatch.setattr(Diary, "is_at_work", just_before_it_begins)
        assert job_of(home, now()).state == "running"
    assert job_of(home, now()).state == "killed"


def test_a_process_of_this_app_that_is_slow_to_begin_is_not_said_to_be_killed(home):
    with retrain_turn(home.models, by="night job", now=now()):  # so that it cannot end
        order_retrain(home, by="Olha", now=now())
        assert job_of(home, now() + timedelta(minutes=5)).state == "running"
    assert finished(home).state in {"judged", "serves"}


def test_an_error_is_told_with_its_cure(desk):
    for path in train_files(desk.labeled):
        path.write_text('{"text": "A text.", "topics": ["typo"]}\n', encoding="utf-8")
    order_retrain(desk, by="Olha", now=now())
    job = finished(desk)
    assert job.state == "failed"
    assert "typo" in job.message
    assert job.cure


def test_for_new_topics_the_retrained_model_serves_at_once_as_none_else_can(home):
    topics = [{"id": "talks"}, {"id": "energy"}, {"id": "floods"}, {"id": "strikes"}]
    path = home.labeled / "taxonomy.toml"
    path.write_text(write_taxonomy(make_taxonomy(topics)), encoding="utf-8")
    order_retrain(home, by="Olha", now=now())
    job = finished(home)
    assert job.state == "serves"
    assert registry_of(home).current() == job.version


def test_where_nothing_is_new_nothing_is_trained(home):
    order_retrain(home, by="Olha", now=now())
    first = finished(home)
    if first.state == "judged":
        promote_judged(home, first, by="Olha", now=now())
    order_retrain(home, by="Olha", now=now())
    second = finished(home)
    assert (second.state, second.fresh) == ("serves", False)


def test_a_rollback_counts_once_and_gives_the_model_of_before(home):
    before = registry_of(home).current()
    decide(home, [("A flood of letters reached the museum.", ())])
    order_retrain(home, by="Olha", now=now())
    job = finished(home)
    promote_judged(home, job, by="Olha", now=now())
    done = roll_back_from(home, job.version, by="Olha", now=now(), reason="it flooded")
    assert done.version == registry_of(home).current() == before
    assert roll_back_from(home, job.version, by="Olha", now=now()) is None
    assert registry_of(home).history()[-1].reason == "it flooded"
