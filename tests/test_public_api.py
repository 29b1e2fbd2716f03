import subprocess
import sys

import tagger


def test_the_exports_are_a_contract():
    assert sorted(tagger.__all__) == [
        "Archive",
        "Automation",
        "Document",
        "Explanation",
        "Model",
        "Paragraph",
        "Passage",
        "Prediction",
        "TaggerError",
        "__version__",
        "correct",
        "explain_text",
        "load_automation",
        "load_model",
        "serving_version",
        "tag_archive",
        "tag_document",
        "tag_file",
        "tag_frame",
        "tag_html",
        "tag_text",
    ]
    assert all(getattr(tagger, name) for name in tagger.__all__)


def imported_by(code):
    shown = "import sys; print(' '.join(m for m in sys.modules if '.' not in m))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{shown}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_help_waits_for_no_heavy_library():
    heavy = {"numpy", "sklearn", "scipy", "polars", "rich", "trafilatura", "streamlit"}
    assert not imported_by("import tagger.cli") & (heavy | {"sqlalchemy", "numba", "dask"})


def test_tagging_a_text_file_waits_for_no_scikit_learn_nor_polars(tmp_path, desk_with_model):
    story = tmp_path / "story.txt"
    story.write_text("Shells fell on the town.\n\nEnvoys met again.", encoding="utf-8")
    code = (
        "from tagger import load_model, tag_file\n"
        f"model = load_model({str(desk_with_model.home)!r})\n"
        f"assert len(tag_file({str(story)!r}, model)) == 2"
    )
    heavy = {"sklearn", "scipy", "polars", "joblib", "pandas", "trafilatura", "streamlit"}
    heavy |= {"numba", "pyarrow", "sqlalchemy"}
    assert not imported_by(code) & heavy
