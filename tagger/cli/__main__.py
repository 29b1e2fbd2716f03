"""``python -m tagger.cli`` is the command line too."""

from tagger.cli import main

main()
