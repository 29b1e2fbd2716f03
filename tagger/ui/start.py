"""What ``tagger app`` hands to Streamlit."""

from tagger.ui import run

run()
