"""Tag the paragraphs of news articles with a newsroom's own topics."""

__version__ = "0.1.0"
