"""What the Audit page says under its card."""

from tagger.desk.models import load_model
from tagger.desk.queue import store_of
from tagger.keeping.store import Decision, Shown
from tagger.paragraphs import paragraph_id

FLOOD = "The river stood a metre above the quay on Friday, and the lower market was closed."


def answer(desk, *topics, number):
    text = f"{FLOOD} Reader {number} sent a picture of it to us."
    model = load_model(desk)
    seen = Shown(topics=topics, model=model.version, hidden=True)
    with store_of(desk) as store:
        store.decide(Decision(paragraph_id(text), text, topics, "Ines", f"{number}", "audit", seen))


def test_nothing_is_claimed_before_the_first_answer(visit, queued):
    page = visit(queued, "audit")
    assert not page.exception
    assert "Nothing has been audited yet, so there is no honest figure." in page.words


def test_the_result_stands_under_the_card_in_one_sentence_and_by_topic(visit, queued):
    for number in range(6):
        answer(queued, "floods", number=number)
    page = visit(queued, "audit")
    assert not page.exception
    assert "On 6 audited paragraphs:" in page.words
    table = page.dataframe[0].value
    assert list(table["topic"]) == ["talks", "energy", "floods", "none of them"]
    assert table["due"].tolist() == [0, 0, 6, 0]
    assert "Over time" in page.words
    assert list(page.dataframe[1].value["audited"]) == [6]
