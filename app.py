"""``streamlit run app.py`` starts the editors' desk, as ``tagger app`` does."""

from tagger.ui import run

run()
