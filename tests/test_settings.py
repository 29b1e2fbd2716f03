from __future__ import annotations

from pathlib import Path

import pytest

from tagger.errors import TaggerError
from tagger.settings import (
    DATABASE_VARIABLE,
    HOME_VARIABLE,
    TAXONOMY,
    Settings,
    environment_for,
    find_settings,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three desks, ``flag``, ``environment`` and ``here``, and nothing above them."""
    for name in ("flag", "environment", "here"):
        (tmp_path / name / TAXONOMY).parent.mkdir(parents=True)
        (tmp_path / name / TAXONOMY).write_text("", encoding="utf-8")
    (tmp_path / "here" / "deep" / "down").mkdir(parents=True)
    return tmp_path.resolve()


def test_a_flag_wins_over_the_environment_and_the_current_folder(folder: Path) -> None:
    environ = {HOME_VARIABLE: str(folder / "environment")}
    assert find_settings(folder / "flag", environ, folder / "here").home == folder / "flag"


def test_the_environment_wins_over_the_current_folder(folder: Path) -> None:
    environ = {HOME_VARIABLE: str(folder / "environment")}
    assert find_settings(None, environ, folder / "here").home == folder / "environment"


def test_an_empty_variable_says_nothing(folder: Path) -> None:
    assert find_settings(None, {HOME_VARIABLE: ""}, folder / "here").home == folder / "here"


def test_a_desk_is_found_from_any_folder_inside_it(folder: Path) -> None:
    start = folder / "here" / "deep" / "down"
    assert find_settings(None, {}, start) == Settings(folder / "here")


def test_the_nearest_desk_upwards_is_taken(folder: Path) -> None:
    inner = folder / "here" / "deep"
    (inner / TAXONOMY).parent.mkdir()
    (inner / TAXONOMY).write_text("", encoding="utf-8")
    assert find_settings(None, {}, inner / "down").home == inner


def test_the_environment_and_current_folder_of_the_process_are_the_default(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    monkeypatch.chdir(folder / "here" / "deep")
    assert find_settings().home == folder / "here"
    monkeypatch.setenv(HOME_VARIABLE, str(folder / "environment"))
    assert find_settings().home == folder / "environment"


def test_a_relative_home_is_meant_from_the_current_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "here")
    assert find_settings(Path("../flag"), {}).home == folder / "flag"
    assert find_settings(None, {HOME_VARIABLE: "."}).home == folder / "here"


def test_a_tilde_is_the_users_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert find_settings(None, {HOME_VARIABLE: "~/flag"}).home == folder / "flag"


def test_labels_and_models_stand_in_the_home() -> None:
    settings = Settings(Path("desk"))
    assert settings.labeled == Path("desk/labeled")
    assert settings.models == Path("desk/models")


@pytest.mark.parametrize(
    "home", ["nowhere", "here/deep", "~no-such-user/desk", "x" * 300, "here/labeled/taxonomy.toml"]
)
def test_a_home_that_is_no_desk_is_refused_by_name_with_both_cures(
    folder: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.chdir(folder)
    for said, environ in ((Path(home), {}), (None, {HOME_VARIABLE: home})):
        with pytest.raises(TaggerError) as caught:
            find_settings(said, environ, folder / "here")
        assert f"{home} is no desk" in caught.value.message
        assert "tagger init" in caught.value.cure
        assert HOME_VARIABLE in caught.value.cure
        assert "--home" in caught.value.cure


def test_where_there_is_no_desk_upwards_the_search_says_where_it_began(folder: Path) -> None:
    with pytest.raises(TaggerError, match="No desk found") as caught:
        find_settings(None, {}, folder)
    assert str(folder) in caught.value.message
    assert "tagger init" in caught.value.cure
    assert HOME_VARIABLE in caught.value.cure


def test_corrections_are_kept_in_a_file_of_the_desk_unless_a_server_is_named(folder: Path) -> None:
    here = folder / "here"
    assert find_settings(None, {}, here).database == here / "labeled" / "corrections.db"
    server = {DATABASE_VARIABLE: "postgresql://archive/corrections"}
    assert find_settings(None, server, here).database == "postgresql://archive/corrections"
    assert find_settings(folder / "flag", server).database == "postgresql://archive/corrections"
    assert find_settings(None, {DATABASE_VARIABLE: ""}, here).database_url is None


def test_another_process_finds_the_same_desk_and_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)
    monkeypatch.setenv(HOME_VARIABLE, "elsewhere")
    monkeypatch.setenv("PATH_OF_OURS", "kept")
    for url in (None, "postgresql://archive/corrections"):
        settings = Settings(folder / "here", url)
        environment = environment_for(settings)
        assert find_settings(None, environment, folder) == settings
        assert environment["PATH_OF_OURS"] == "kept"
