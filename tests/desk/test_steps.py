"""Long work tells how far it is."""

from __future__ import annotations

from tagger.desk.steps import in_steps


def test_every_row_comes_once_in_order_and_a_step_is_told_when_it_is_done():
    told, seen = [], []
    for some in in_steps(range(450), "judging", lambda *step: told.append(step)):
        assert len(told) == len(seen) // 200
        seen += some
    assert seen == list(range(450))
    assert told == [("judging", 200, 450), ("judging", 400, 450), ("judging", 450, 450)]


def test_without_rows_nothing_is_told():
    told = []
    assert list(in_steps([], "judging", lambda *step: told.append(step))) == []
    assert told == []
