"""The desk's aims follow the topics they were set for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tagger.desk.automation import aims_of, set_aim
from tagger.desk.models import taxonomy_of
from tagger.desk.topics import Request, apply, plan, plan_revert
from tagger.keeping.automation import FILE, Aims
from tagger.settings import Settings
from tagger.taxonomy import make_taxonomy, write_taxonomy

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def aimed(tmp_path: Path) -> Settings:
    """A desk of war, floods and talks that aims at 95 times in 100, and at 98 for war."""
    desk = Settings(tmp_path / "desk")
    desk.labeled.mkdir(parents=True)
    taxonomy = make_taxonomy([{"id": "war"}, {"id": "floods"}, {"id": "talks"}])
    (desk.labeled / "taxonomy.toml").write_text(write_taxonomy(taxonomy), encoding="utf-8")
    aim(desk, 95)
    aim(desk, 98, "war")
    return desk


def aim(desk: Settings, value: float | None, name: str | None = None) -> None:
    set_aim(desk, value, name, taxonomy_of(desk).ids)


def change(desk: Settings, kind: Any, *old: str, new: tuple[str, ...] = ()) -> None:
    request = Request(kind, old, tuple({"id": one} for one in new))
    apply(desk, plan(desk, request, now=NOON), by="ann", now=NOON)


def revert(desk: Settings) -> None:
    apply(desk, plan_revert(desk, now=NOON), by="ann", now=NOON)


def test_an_aim_goes_on_under_the_new_name_and_comes_back_with_the_old_one(
    aimed: Settings,
) -> None:
    written = (aimed.labeled / FILE).read_bytes()
    change(aimed, "rename", "war", new=("front",))
    assert aims_of(aimed) == Aims(95, {"front": 98})
    revert(aimed)
    assert aims_of(aimed) == Aims(95, {"war": 98})
    assert (aimed.labeled / FILE).read_bytes() == written


def test_a_topic_of_that_name_which_comes_later_has_no_aim_of_its_own(aimed: Settings) -> None:
    change(aimed, "rename", "war", new=("front",))
    change(aimed, "add", new=("war",))
    assert aims_of(aimed) == Aims(95, {"front": 98})
    aim(aimed, 90, "war")
    assert aims_of(aimed) == Aims(95, {"front": 98, "war": 90})
    change(aimed, "rename", "war", new=("trade",))
    assert aims_of(aimed) == Aims(95, {"front": 98, "trade": 90})


def test_topics_put_together_keep_the_strictest_aim_and_parts_that_of_the_whole(
    aimed: Settings,
) -> None:
    change(aimed, "merge", "war", "talks", new=("conflict",))
    assert aims_of(aimed) == Aims(95, {"conflict": 98})
    aim(aimed, None, "conflict")
    change(aimed, "split", "conflict", new=("ground", "air"))
    assert aims_of(aimed) == Aims(95, {"ground": None, "air": None})


def test_the_aim_of_a_retired_topic_is_gone_until_it_comes_back(aimed: Settings) -> None:
    change(aimed, "retire", "war")
    assert aims_of(aimed) == Aims(95)
    revert(aimed)
    assert aims_of(aimed) == Aims(95, {"war": 98})


def test_what_is_written_by_hand_before_any_change_follows_too(aimed: Settings) -> None:
    (aimed.labeled / FILE).write_text("[only]\nwar = 97\nnone = 90\n", encoding="utf-8")
    change(aimed, "rename", "war", new=("front",))
    assert aims_of(aimed) == Aims(None, {"front": 97, "none": 90})
