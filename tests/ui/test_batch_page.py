"""Many confident suggestions at once, and all of them back at once."""


def test_a_batch_is_accepted_as_one_press_and_taken_back_as_one(visit, queued, rows):
    page = visit(queued, "batch")
    (accept,) = [b for b in page.button if b.label.startswith("Accept")]
    count = int(accept.label.split()[1])
    assert count > 1
    page.press("Accept", wait=5.0)
    made = rows(queued)
    assert len(made) == count
    assert len({row.batch for row in made}) == 1
    page.press("Undo")
    assert [row.action for row in rows(queued)] == ["decide"] * count + ["undo"] * count


def test_a_batch_that_nobody_can_have_read_is_not_accepted(visit, queued, rows):
    page = visit(queued, "batch")
    page.press("Accept", wait=1.0)
    assert rows(queued) == []
