"""``tagger retrain`` as an editor or a nightly job meets it."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest

from tagger.desk.retrain import retrain
from tagger.keeping.store import Decision, open_store
from tagger.paragraphs import paragraph_id

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def spoilt(run_on, desk, examples):
    """A desk whose model serves and whose editors then answered everything with floods."""
    assert run_on(desk, "retrain").code == 0
    texts = [e.text for e in examples if e not in examples[::5]]
    decisions = [
        Decision(paragraph_id(text), text, ("floods",) if i % 4 else (), "ann", str(i), "doubt")
        for i, text in enumerate(texts)
    ]
    with open_store(desk.database) as store:
        store.decide_many(decisions, "spoilt")
    return desk


@pytest.fixture
def at_a_terminal(monkeypatch):
    """Let a command be typed at a terminal, where the person types this."""

    class Typed(io.StringIO):
        def isatty(self):
            return True

    def types(words):
        monkeypatch.setattr(io, "TextIOWrapper", lambda *_, **__: Typed(words))

    return types


def serving(run_on, desk):
    return json.loads(run_on(desk, "models", "show").out)["version"]


def test_a_worse_model_is_refused_with_3_and_figures(run_on, spoilt):
    before = serving(run_on, spoilt)
    done = run_on(spoilt, "retrain")
    assert done.code == 3
    assert "macro-F1 on 13 test paragraphs" in done.err
    assert "Against the current model on 13 test paragraphs:" in done.err
    assert "of 51 stored paragraphs would change tag" in done.err
    assert "tagger models promote" in done.err
    assert serving(run_on, spoilt) == before


def test_a_refusal_as_json_has_gate_and_flips_with_texts(run_on, spoilt):
    done = run_on(spoilt, "retrain", "--json")
    assert done.code == 3
    data = json.loads(done.out)
    assert data["promoted"] is False
    assert data["gate"]["passed"] is False
    assert data["gate"]["comparisons"][0]["macro_f1"]["difference"] < 0
    assert data["corrections"]["taught"] == 51
    assert data["flips"]["changed"] == len(data["flips"]["paragraphs"]) > 0
    assert {"id", "text", "before", "after", "decided"} == set(data["flips"]["paragraphs"][0])


def test_a_reason_promotes_nonetheless_and_stands_in_the_card(run_on, spoilt):
    done = run_on(spoilt, "retrain", "--reason", "floods only from now on", "--json")
    assert done.code == 0
    assert json.loads(done.out)["promoted"] is True
    card = json.loads(run_on(spoilt, "models", "show").out)
    assert card["reason"] == "floods only from now on"


def test_asking_needs_a_terminal(run_on, desk):
    done = run_on(desk, "retrain", "--promote", "ask")
    assert done.code == 2
    assert "needs a terminal" in done.err


@pytest.mark.parametrize(("answer", "promoted"), [("y", True), ("n", False)])
def test_asked_on_a_terminal_a_person_decides(run_on, desk, at_a_terminal, answer, promoted):
    at_a_terminal(f"{answer}\n")
    done = run_on(desk, "retrain", "--promote", "ask", "--json")
    assert done.code == 0, done.err
    assert "serve from now on?" in done.err
    assert json.loads(done.out)["promoted"] is promoted
    assert run_on(desk, "models", "show").code == (0 if promoted else 1)


def test_a_candidate_that_the_gate_refuses_is_not_asked_about(run_on, spoilt, at_a_terminal):
    at_a_terminal("y\n")
    done = run_on(spoilt, "retrain", "--promote", "ask")
    assert done.code == 3
    assert "serve from now on?" not in done.err


def test_the_first_model_is_compared_with_none_and_that_is_said(run_on, desk):
    done = run_on(desk, "retrain")
    assert "Not compared with another model: It is the first model." in done.err


def test_a_damaged_model_is_followed_only_by_one_that_somebody_judged(run_on, desk):
    sound = retrain(desk, by="ann", now=YESTERDAY).version
    (desk.models / sound / "idf.npy").rename(desk.home / "idf.npy")
    done = run_on(desk, "retrain")
    assert (done.code, serving(run_on, desk)) == (3, sound)
    assert f"Model {sound} is damaged: idf.npy is missing." in done.err
    candidate = max(path.name for path in desk.models.iterdir() if path.is_dir())
    assert f"tagger models promote {candidate}" in done.err
    assert run_on(desk, "models", "promote", candidate).code == 0
    assert serving(run_on, desk) == candidate
    (desk.models / candidate / "idf.npy").unlink()
    (desk.home / "idf.npy").rename(desk.models / sound / "idf.npy")
    done = run_on(desk, "retrain", "--again")
    assert done.code == 0
    assert f"{sound}, the best sound model that served, stands in for it." in done.err
    assert f"Against the best sound model that served, {sound}, on 13 test paragraphs:" in done.err


def test_with_nothing_new_nothing_is_trained_unless_asked_for(run_on, desk):
    run_on(desk, "retrain")
    version = serving(run_on, desk)
    done = run_on(desk, "retrain", "--json")
    assert done.code == 0
    words = f"Nothing new since model {version}: same labels, decisions, recipe, and topics."
    assert words in done.err
    assert "serves now" not in done.err
    data = json.loads(done.out)
    assert (data["version"], data["fresh"], data["promoted"]) == (version, False, True)
    assert f"Nothing new since model {version}" not in run_on(desk, "retrain", "--again").err


def test_a_topic_that_is_new_is_named_as_not_judged(run_on, desk):
    run_on(desk, "retrain")
    path = desk.labeled / "taxonomy.toml"
    path.write_text(path.read_text("utf-8") + '\n[[topic]]\nid = "choir"\n', encoding="utf-8")
    songs = [{"text": f"The choir sings mass {n}.", "topics": ["choir"]} for n in range(6)]
    lines = "".join(json.dumps(song) + "\n" for song in songs)
    (desk.labeled / "train" / "songs.jsonl").write_text(lines, encoding="utf-8")
    done = run_on(desk, "retrain", "--promote", "never")
    assert "New topics, not judged since the current model does not know them: choir." in done.err
    assert "Against the current model on 13 test paragraphs:" in done.err


def test_promoted_is_told_with_the_queue_scored_anew(run_on, spoilt, tmp_path):
    story = tmp_path / "story.txt"
    story.write_text("The river rose by a metre.\n\nEnvoys met in the old town hall.\n", "utf-8")
    run_on(spoilt, "queue", "add", story)
    done = run_on(spoilt, "retrain", "--reason", "floods only from now on")
    assert "serves now. 2 queued paragraphs were scored anew." in done.err


def test_a_nightly_retrain_does_not_bring_back_what_was_rolled_back(run_on, desk):
    run_on(desk, "retrain")
    first = (desk.models / "current").read_text()
    with (desk.labeled / "train" / "sentences.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"text": "Envoys signed a truce in the harbour.", "topics": ["talks"]}\n')
    run_on(desk, "retrain", "--reason", "a test")
    second = (desk.models / "current").read_text()
    assert second != first
    assert run_on(desk, "models", "rollback").code == 0
    done = run_on(desk, "retrain")
    assert done.code == 0
    assert "It was rolled back, and nothing is new since" in done.err
    assert (desk.models / "current").read_text() == first
    run_on(desk, "retrain", "--reason", "the trouble was elsewhere")
    assert (desk.models / "current").read_text() == second
