from __future__ import annotations

import errno
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tagger.errors import ModelError, NoModel, OutputError
from tagger.files import digest_file
from tagger.keeping import registry as registry_module
from tagger.keeping.model_files import write_model
from tagger.keeping.registry import Registry
from tagger.learning.model import Model
from tagger.learning.terms import Block
from tagger.records import TopicId, Version

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def tiny(number: int) -> Model:
    """A model that answers with its own number."""
    return Model(
        topics=(TopicId("rain"),),
        blocks=(Block("word", 1, 1),),
        terms=(["rain"],),
        idf=np.ones(1),
        weights=np.zeros((1, 1)),
        intercepts=np.array([float(number)]),
        thresholds=np.array([0.5]),
    )


def number_of(model: Model) -> int:
    return int(model.scores([""])[0, 0])


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def save(registry: Registry, number: int) -> Version:
    now = NOON + timedelta(hours=number)
    return registry.save(tiny(number), {"quality": number}, by="Ada", now=now)


def promoted(registry: Registry, *numbers: int) -> list[Version]:
    versions = [save(registry, number) for number in numbers]
    for version in versions:
        registry.promote(version, by="Ada", now=NOON)
    return versions


def litter(registry: Registry) -> list[str]:
    known = {*registry.versions(), "current", "history.jsonl"}
    return [path.name for path in registry.folder.iterdir() if path.name not in known]


# --- saving and loading


def test_an_empty_registry_has_no_model_and_says_how_to_get_one(registry: Registry) -> None:
    assert (registry.versions(), registry.current(), registry.history()) == ([], None, [])
    with pytest.raises(NoModel) as caught:
        registry.load()
    assert "tagger retrain" in caught.value.cure


def test_a_loaded_model_predicts_to_the_last_bit_as_the_saved_one(
    registry: Registry, model: Model
) -> None:
    version = registry.save(model, {}, by="Ada", now=NOON)
    loaded = registry.load(version)
    texts = ["Gas became dearer.", "İstanbul talks", "", "flood " * 500]
    assert np.array_equal(loaded.probabilities(texts), model.probabilities(texts))
    assert loaded.version == version
    assert loaded.chosen(loaded.probabilities(texts)) == model.chosen(model.probabilities(texts))


def test_a_version_is_named_by_its_time_and_content(registry: Registry) -> None:
    version = save(registry, 1)
    assert version.startswith("20261122-130000-")
    other = registry.save(tiny(2), {}, by="Ada", now=NOON + timedelta(hours=1))
    assert other[:-8] == version[:-8]
    assert other != version


def test_the_card_tells_where_a_model_came_from(registry: Registry) -> None:
    version = save(registry, 1)
    card = registry.card(version)
    assert (card["version"], card["by"], card["quality"]) == (version, "Ada", 1)
    assert card["created"] == "2026-11-22T13:00:00+00:00"
    assert set(card["files"]) == {"model.json", "idf.npy", "weights.npy", "terms-0.txt"}


def test_versions_come_oldest_first(registry: Registry) -> None:
    versions = [save(registry, number) for number in (3, 1, 2)]
    assert registry.versions() == [versions[1], versions[2], versions[0]]


def test_the_same_model_in_the_same_second_is_one_version(registry: Registry) -> None:
    assert save(registry, 1) == save(registry, 1)
    assert len(registry.versions()) == 1
    assert litter(registry) == []


def test_the_same_model_saved_again_mends_a_damaged_one(registry: Registry) -> None:
    version = save(registry, 1)
    (registry.folder / version / "idf.npy").unlink()
    assert save(registry, 1) == version
    assert registry.problems(version) == []
    assert litter(registry) == []


def test_a_current_that_is_no_file_is_told_with_a_cure(registry: Registry) -> None:
    save(registry, 1)
    (registry.folder / "current").mkdir()
    with pytest.raises(ModelError, match=r"current cannot be read: Is a directory\.\n\w+"):
        registry.load()


def test_two_people_may_save_models_in_the_same_second(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    others: list[Version] = []

    def while_another_saves(folder: Path, model: Model) -> list[str]:
        if not others:
            others.append(Version(""))
            others[0] = registry.save(tiny(2), {}, by="Ben", now=NOON)
        return write_model(folder, model)

    monkeypatch.setattr(registry_module, "write_model", while_another_saves)
    mine = registry.save(tiny(1), {}, by="Ada", now=NOON)
    assert sorted(registry.versions()) == sorted([mine, *others])
    assert number_of(registry.load(mine)) == 1
    assert number_of(registry.load(others[0])) == 2


def test_a_saved_model_does_not_serve_until_it_is_promoted(registry: Registry) -> None:
    version = save(registry, 1)
    assert registry.current() is None
    assert registry.promote(version, by="Ada", now=NOON) == version
    assert registry.current() == version
    assert registry.load().version == version


def test_a_version_is_found_by_a_unique_beginning(registry: Registry) -> None:
    first, second = save(registry, 1), save(registry, 2)
    assert registry.find("20261122-13") == first
    assert registry.find(second) == second
    for name, message in {"20261122": "2 models begin", "2027": "no model begins"}.items():
        with pytest.raises(ModelError, match=message):
            registry.find(name)


@pytest.mark.parametrize("name", ["..", "../models", "/etc", ".", "*"])
def test_a_path_is_no_version(registry: Registry, name: str) -> None:
    save(registry, 1)
    with pytest.raises(ModelError, match="no model begins"):
        registry.load(name)


def test_a_folder_left_over_from_a_crash_is_no_model_and_in_nobodys_way(
    registry: Registry,
) -> None:
    version = save(registry, 1)
    left_over = registry.folder / ".20261122-120000-0badcafe.part"
    left_over.mkdir()
    (left_over / "card.json").write_text("{}", encoding="utf-8")
    assert registry.versions() == [version]
    assert registry.save(tiny(2), {}, by="Ada", now=NOON) in registry.versions()


# --- damage


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def alter(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", ["model.json", "idf.npy", "weights.npy", "terms-0.txt"])
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (alter, "was altered"),
        (lengthen, "was altered"),
        (lambda path: path.write_bytes(b""), "was altered"),
        (lambda path: path.unlink(), "is missing"),
    ],
    ids=["a bit flipped", "a byte added", "emptied", "deleted"],
)
def test_a_damaged_file_is_named_and_the_model_does_not_load(
    registry: Registry, name: str, damage: Callable[[Path], None], message: str
) -> None:
    version = save(registry, 1)
    damage(registry.folder / version / name)
    assert registry.problems(version) == [f"{name} {message}"]
    with pytest.raises(ModelError, match=f"{version} is damaged: {name} {message}") as caught:
        registry.load(version)
    assert "rollback" in caught.value.cure


def test_a_sound_model_has_no_problems(registry: Registry) -> None:
    assert registry.problems(save(registry, 1)) == []


@pytest.mark.parametrize(
    "card",
    ["", '{"version": "2026', "[]", "null", '"card"', "[1, 2]", "\xff", '[["files", {}]]'],
)
def test_a_card_that_is_cut_off_or_no_card_is_refused(registry: Registry, card: str) -> None:
    version = save(registry, 1)
    (registry.folder / version / "card.json").write_bytes(card.encode("latin-1"))
    with pytest.raises(ModelError, match="card"):
        registry.load(version)
    with pytest.raises(ModelError, match=r"card of model .* cannot be read"):
        registry.card(version)


@pytest.mark.parametrize("files", [None, [], {}, "x", ["model.json"], {"model.json": 7}, 3])
def test_a_card_with_other_sums_does_not_belong_to_the_model(
    registry: Registry, files: object
) -> None:
    version = save(registry, 1)
    path = registry.folder / version / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "files": files}), encoding="utf-8")
    assert registry.problems(version) == ["card.json does not belong to it"]
    with pytest.raises(ModelError, match="does not belong"):
        registry.load(version)


def test_sums_mended_by_hand_after_a_change_are_refused(registry: Registry) -> None:
    version = save(registry, 1)
    folder = registry.folder / version
    alter(folder / "weights.npy")
    card = json.loads((folder / "card.json").read_text())
    card["files"]["weights.npy"] = digest_file(folder / "weights.npy")
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    with pytest.raises(ModelError, match="does not belong"):
        registry.load(version)


def test_the_card_of_another_model_is_refused(registry: Registry) -> None:
    one, other = save(registry, 1), save(registry, 2)
    card = (registry.folder / other / "card.json").read_bytes()
    (registry.folder / one / "card.json").write_bytes(card)
    with pytest.raises(ModelError, match="does not belong"):
        registry.load(one)


def test_a_damaged_model_is_not_promoted_and_the_old_one_serves_on(registry: Registry) -> None:
    (old,) = promoted(registry, 1)
    new = save(registry, 2)
    alter(registry.folder / new / "weights.npy")
    with pytest.raises(ModelError, match="damaged"):
        registry.promote(new, by="Ada", now=NOON)
    assert registry.current() == old
    assert [event.action for event in registry.history()] == ["train", "promote", "train"]


@pytest.mark.parametrize(
    "content",
    [b"../../etc/passwd", b"/etc", b"..", b".hidden", b"", b"a\nb", b"a b", b"\xff\xfe", b"a/b"],
)
def test_a_current_line_that_is_no_version_is_refused(registry: Registry, content: bytes) -> None:
    promoted(registry, 1)
    (registry.folder / "current").write_bytes(content)
    with pytest.raises(ModelError, match="names no model") as caught:
        registry.load()
    assert "tagger models promote" in caught.value.cure


def test_a_current_line_of_a_version_that_is_gone_is_refused(registry: Registry) -> None:
    promoted(registry, 1)
    (registry.folder / "current").write_text("20200101-000000-abcdefab\n", encoding="utf-8")
    with pytest.raises(ModelError, match="20200101-000000-abcdefab"):
        registry.load()


def test_a_bad_current_line_is_mended_by_promoting(registry: Registry) -> None:
    (version,) = promoted(registry, 1)
    (registry.folder / "current").write_bytes(b"\xff")
    registry.promote(version, by="Ada", now=NOON)
    assert registry.current() == version


# --- promoting and rolling back


def roll_back(registry: Registry) -> Version:
    return registry.roll_back(by="Ben", now=NOON, reason="too many misses")


def test_rolling_back_goes_to_the_model_that_served_before(registry: Registry) -> None:
    one, two, _ = promoted(registry, 1, 2, 3)
    assert roll_back(registry) == two
    assert number_of(registry.load()) == 2
    assert roll_back(registry) == one


def test_after_a_rollback_a_promoted_model_falls_back_to_the_one_that_served(
    registry: Registry,
) -> None:
    one, _ = promoted(registry, 1, 2)
    roll_back(registry)
    promoted(registry, 3)
    assert roll_back(registry) == one


def test_a_model_may_serve_again_and_again(registry: Registry) -> None:
    one, two = promoted(registry, 1, 2)
    registry.promote(one, by="Ada", now=NOON)
    assert [roll_back(registry), roll_back(registry)] == [two, one]


def test_promoting_the_current_model_once_more_changes_no_order(registry: Registry) -> None:
    one, two = promoted(registry, 1, 2)
    registry.promote(two, by="Ada", now=NOON)
    assert roll_back(registry) == one


@pytest.mark.parametrize("numbers", [(), (1,)])
def test_without_an_earlier_model_there_is_nothing_to_go_back_to(
    registry: Registry, numbers: tuple[int, ...]
) -> None:
    promoted(registry, *numbers)
    with pytest.raises(ModelError, match="no earlier model"):
        roll_back(registry)


def test_rolling_back_past_the_first_model_is_refused_and_it_serves_on(
    registry: Registry,
) -> None:
    one, _ = promoted(registry, 1, 2)
    roll_back(registry)
    with pytest.raises(ModelError, match="no earlier model"):
        roll_back(registry)
    assert registry.current() == one


def test_a_damaged_earlier_model_is_not_gone_back_to(registry: Registry) -> None:
    one, two = promoted(registry, 1, 2)
    alter(registry.folder / one / "idf.npy")
    with pytest.raises(ModelError, match="damaged"):
        roll_back(registry)
    assert registry.current() == two


def test_the_history_tells_who_did_what_when_and_why(registry: Registry) -> None:
    one, two = promoted(registry, 1, 2)
    later = NOON + timedelta(days=1)
    registry.roll_back(by="Inès", now=later, reason="zu viele\u2028Fehler \udcff")
    events = [(event.action, event.version, event.by) for event in registry.history()]
    assert events == [
        ("train", one, "Ada"),
        ("train", two, "Ada"),
        ("promote", one, "Ada"),
        ("promote", two, "Ada"),
        ("rollback", one, "Inès"),
    ]
    last = registry.history()[-1]
    assert (last.time, last.reason) == ("2026-11-23T12:00:00+00:00", "zu viele\u2028Fehler \udcff")


# --- crashes


def append(registry: Registry, data: bytes) -> None:
    with (registry.folder / "history.jsonl").open("ab") as file:
        file.write(data)


@pytest.mark.parametrize(
    "cut_off",
    [
        b'{"time": "2026',
        b'{"by": "In\xc3',
        b"null\n",
        b"[]\n",
        b'{"action": "promote"}\n',
        b"\xff\n",
    ],
)
def test_a_line_cut_off_by_a_crash_is_passed_over(registry: Registry, cut_off: bytes) -> None:
    one, two = promoted(registry, 1, 2)
    append(registry, cut_off)
    assert len(registry.history()) == 4
    assert roll_back(registry) == one
    assert registry.history()[-1].action == "rollback"
    registry.promote(two, by="Ada", now=NOON)
    assert roll_back(registry) == one


def crash_before_serving(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something that stops between the history's line and the change of the current one."""

    def crash(target: Path, **options: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(registry_module, "write_beside", crash)
        with pytest.raises(KeyboardInterrupt):
            act()


def test_a_promotion_that_a_crash_cut_short_never_served(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = promoted(registry, 1, 2)
    three = save(registry, 3)
    crash_before_serving(monkeypatch, lambda: registry.promote(three, by="Ada", now=NOON))
    assert registry.current() == two
    assert roll_back(registry) == one


def test_a_rollback_that_a_crash_cut_short_can_be_repeated(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = promoted(registry, 1, 2, 3)
    crash_before_serving(monkeypatch, lambda: roll_back(registry))
    assert registry.current() == three
    assert roll_back(registry) == two
    four = save(registry, 4)
    registry.promote(four, by="Ada", now=NOON)
    assert [roll_back(registry), roll_back(registry)] == [two, one]


def full(*args: object, **options: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full_as_numpy_says_it(*args: object, **options: object) -> None:
    message = "800 requested and 0 written"
    raise OSError(message)  # ndarray.tofile knows no errno


@pytest.mark.parametrize(
    ("where", "disk", "reason"),
    [
        ("numpy.save", full, "No space left"),
        ("numpy.save", full_as_numpy_says_it, "800 requested and 0 written"),
        ("pathlib.Path.write_text", full, "No space left"),
        ("pathlib.Path.mkdir", full, "No space left"),
        ("pathlib.Path.rename", full, "No space left"),
        ("os.fsync", full, "No space left"),
    ],
)
def test_on_a_full_disk_nothing_is_saved_and_the_old_model_serves_on(
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    disk: Callable[..., None],
    reason: str,
) -> None:
    (old,) = promoted(registry, 1)
    with monkeypatch.context() as patch:
        patch.setattr(where, disk)
        with pytest.raises(ModelError, match=f"could not be saved .*{reason}"):
            save(registry, 2)
    assert registry.versions() == [old]
    assert litter(registry) == []
    assert number_of(registry.load()) == 1


def test_on_a_full_disk_nothing_is_promoted_and_the_old_model_serves_on(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old,) = promoted(registry, 1)
    new = save(registry, 2)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises((ModelError, OutputError), match="No space left"):
            registry.promote(new, by="Ada", now=NOON)
    assert registry.current() == old
    assert litter(registry) == []
    assert registry.promote(new, by="Ada", now=NOON) == new
    assert roll_back(registry) == old


# --- security and form


def test_loading_a_model_runs_no_code(registry: Registry) -> None:
    version = save(registry, 1)
    stored = b"".join(p.read_bytes() for p in (registry.folder / version).iterdir())
    assert b"\x80\x04" not in stored  # how pickles of today begin
    assert {p.suffix for p in (registry.folder / version).iterdir()} == {".json", ".npy", ".txt"}


def test_a_model_of_a_newer_tagger_is_refused_by_that_reason(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("tagger.keeping.model_files.FORMAT", 2)
        version = save(registry, 1)
    assert registry.problems(version) == []
    with pytest.raises(ModelError, match="newer tagger"):
        registry.load(version)


def test_the_files_of_a_model_may_be_read_as_the_umask_says(registry: Registry) -> None:
    before = os.umask(0o022)
    try:
        version = save(registry, 1)
    finally:
        os.umask(before)
    folder = registry.folder / version
    assert folder.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


def test_a_model_named_in_the_card_is_the_saved_one_not_the_unsaved(registry: Registry) -> None:
    version = registry.save(replace(tiny(1), version=Version("other")), {}, by="Ada", now=NOON)
    assert registry.load(version).version == version


def test_wherever_saving_is_interrupted_there_is_a_whole_model_or_none(
    tmp_path: Path, interrupted_at: Callable[..., bool]
) -> None:
    for line in count():
        registry = Registry(tmp_path / f"models{line}")
        if not interrupted_at(line, ["keeping/registry.py"], partial(save, registry, 1)):
            break
        assert not list(registry.folder.glob(".*"))
        assert all(registry.problems(version) == [] for version in registry.versions())
    assert line > 20
