"""The part of the Model page that sets what is tagged by itself."""

import re
import tomllib

import pytest
from streamlit.testing.v1 import AppTest

AIMS = "automation.toml"


def in_the_app():
    """What AppTest runs: the section as the Model page draws it."""
    from tagger.ui import automation_section, session

    with session.told_errors():
        automation_section.section(session.model())


@pytest.fixture
def section(stores, monkeypatch):
    """Opens the section alone."""

    def go(desk):
        monkeypatch.setenv("TAGGER_HOME", str(desk.home))
        return AppTest.from_function(in_the_app, default_timeout=60).run()

    return go


def words(app):
    said = "\n".join(e.value for kind in (app.markdown, app.caption) for e in kind)
    return re.sub(r"\\(\W)", r"\1", said)


def test_the_preview_follows_the_slider_before_anything_is_set(section, home):
    app = section(home)
    assert not app.exception
    assert "Every paragraph is asked" in words(app)
    assert "On the 13 paragraphs of the frozen test:" in words(app)
    app.slider(key="aim-all").set_value(70.0).run()
    assert not (home.labeled / AIMS).exists()


def test_an_aim_is_set_for_all_and_for_single_topics_and_taken_away(section, home):
    app = section(home)
    app.slider(key="aim-all").set_value(90.0).run()
    app.multiselect(key="aims-own").select("floods").run()
    app.number_input(key="aim-floods").set_value(98.0).run()
    app.multiselect(key="aims-asked").select("none").run()
    app.button(key="aims-use").click().run()
    kept = tomllib.loads((home.labeled / AIMS).read_text(encoding="utf-8"))
    assert kept == {"all": 90, "only": {"floods": 98, "none": "ask"}}
    assert "at least 90 times in 100 (floods: 98, none: always asked)" in words(app)
    assert app.button(key="aims-use").disabled
    app.button(key="aims-off").click().run()
    assert not (home.labeled / AIMS).exists()
    assert not app.exception


def test_a_broken_file_of_aims_is_named(section, home):
    (home.labeled / AIMS).write_text("all = much", encoding="utf-8")
    app = section(home)
    assert not app.exception
    assert "is no list of aims" in app.error[0].value
