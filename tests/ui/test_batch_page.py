"""Many confident suggestions at once, and all of them back at once."""

from tagger.desk.queue import counts, store_of


def test_a_batch_is_accepted_as_one_press_and_taken_back_as_one(visit, queued, rows):
    page = visit(queued, "batch")
    (accept,) = [b for b in page.button if b.label.startswith("Accept")]
    count = int(accept.label.split()[1])
    assert count > 1
    page.press("Accept", wait=5.0)
    made = rows(queued)
    assert len(made) == count
    assert len({row.batch for row in made}) == 1
    assert page.has(f"Undo {count}\\: ")  # first, since the end of a long label is cut off
    page.press("Undo")
    assert [row.action for row in rows(queued)] == ["decide"] * count + ["undo"] * count


def test_a_batch_that_nobody_can_have_read_is_not_accepted(visit, queued, rows):
    page = visit(queued, "batch")
    page.press("Accept", wait=1.0)
    assert rows(queued) == []
    assert "Read the page first" in page.words


def ticks(page):
    return [box for box in page.checkbox if box.key.startswith("tick-")]


def test_every_suggestion_says_its_topics_how_sure_and_why(visit, queued):
    page = visit(queued, "batch")
    assert ticks(page)
    for box in ticks(page):
        assert box.value is True
        assert box.label.startswith("**")
        assert box.label.endswith("%")
    told = [body for body in page.html if "nt-row" in body]
    assert len(told) == len(ticks(page))
    assert any("<mark" in body for body in told)
    assert all("whole story" in body for body in told)


def test_what_is_unticked_is_not_accepted_not_offered_again_and_stays_in_the_queue(
    visit, queued, rows
):
    page = visit(queued, "batch")
    offered = [box.key.removeprefix("tick-") for box in ticks(page)]
    ticks(page)[1].uncheck().run()
    assert page.has(f"Accept {len(offered) - 1} of {len(offered)}")
    page.press("Accept", wait=5.0)
    assert {row.paragraph for row in rows(queued)} == {*offered} - {offered[1]}
    assert f"tick-{offered[1]}" not in {box.key for box in ticks(page)}
    with store_of(queued) as store:
        assert store.queue.item(offered[1]).decision is None
        assert counts(store).left == 32 - len(rows(queued))


def test_a_clicked_tick_lets_go_of_the_keys(visit, queued):
    assert any("onpointerup" in body for body in visit(queued, "batch").html)


def test_with_nothing_ticked_there_is_nothing_to_press(visit, queued):
    page = visit(queued, "batch")
    for number in range(len(ticks(page))):
        ticks(page)[number].uncheck().run()
    (accept,) = [b for b in page.button if b.label.startswith("Accept")]
    assert accept.disabled
    assert accept.label.startswith("Accept 0 of")
