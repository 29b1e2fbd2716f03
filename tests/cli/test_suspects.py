import json
import re

import pytest

from tagger.cli import cli
from tagger.cli.suspects import suspects
from tagger.keeping.store import Decision, open_store
from tagger.paragraphs import paragraph_id

RIVER = "The ferry stayed in harbour on Friday as the river stood above the quay and the market."


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(cli.commands, "suspects", suspects)


@pytest.fixture
def disputed(desk):
    answers = [(RIVER, "ann", "floods"), (RIVER, "bob", "talks")]
    answers.append((RIVER.replace("Friday", "Monday"), "bob", "energy"))
    with open_store(desk.database) as store:
        for number, (text, editor, topic) in enumerate(answers):
            store.decide(Decision(paragraph_id(text), text, (topic,), editor, str(number)))
    return desk


def test_suspects_as_json_keep_their_contract(run_on, disputed):
    done = run_on(disputed, "suspects", "--json", "--limit", "3")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert {"doubted", "contradictions", "disputes", "agreements"} == set(found)
    assert 0 < len(found["doubted"]) <= 3
    beliefs = [one["belief"] for one in found["doubted"]]
    assert beliefs == sorted(beliefs)
    [[first, second]] = found["disputes"]
    assert [first["editor"], second["editor"]] == ["ann", "bob"]
    [group] = found["contradictions"]
    assert {label["topics"][0] for label in group} == {"talks", "energy"}
    [agreement] = found["agreements"]
    assert (agreement["editors"], agreement["shared"]) == (["ann", "bob"], 1)
    assert agreement["kappa"] == 0


def test_suspects_name_files_from_the_desk_s_folder(run_on, desk):
    found = json.loads(run_on(desk, "suspects", "--json").out)["doubted"]
    assert found
    assert all(re.fullmatch(r"labeled/train/sentences\.jsonl:\d+", one["origin"]) for one in found)


def test_suspects_for_people_name_editors_and_counts(run_on, disputed):
    done = run_on(disputed, "suspects")
    assert "Editors who differ" in done.out
    assert "Near-copies with different topics" in done.out
    assert "ann and bob" in done.out
    assert "contradictions between near-copies: 1; between editors: 1." in done.err


def test_a_desk_of_one_voice_has_no_disputes(run_on, desk):
    done = run_on(desk, "suspects")
    assert done.code == 0
    assert "Editors who differ" not in done.out
    assert "between editors: 0." in done.err
