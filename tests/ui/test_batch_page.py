"""Many confident suggestions at once, and all of them back at once."""

from tagger.ui.batch_page import _row_height


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


def test_rows_are_as_high_as_the_longest_paragraph_needs_within_reason():
    headline, usual, long, endless = map(_row_height, (40, 300, 430, 20_000))
    assert headline < usual < long == endless


def test_no_row_of_a_page_is_cut_where_the_paragraphs_are_short(visit, queued):
    page = visit(queued, "batch")
    letters = max(map(len, page.dataframe[0].value["paragraph"]))
    assert page.dataframe[0].proto.row_height == _row_height(letters)
