"""The tables as today's code sees them; :mod:`.migrations` makes them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, MetaData, Table, Text

metadata = MetaData()

MIGRATIONS = Table(
    "tagger_schema",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("name", Text),
    Column("applied", Text),
)

CORRECTIONS = Table(
    "corrections",
    metadata,
    Column("sequence", BigInteger, primary_key=True),
    Column("action", Text),
    Column("undoes", BigInteger),
    Column("paragraph", Text),
    Column("text", Text),
    Column("topics", Text),  # JSON
    Column("editor", Text),
    Column("reason", Text),
    Column("shown", Text),  # JSON
    Column("seconds", Double),
    Column("key", Text),
    Column("batch", Text),
    Column("time", Text),
    Column("previous", Text),
    Column("hash", Text),
)

CHAIN_HEAD = Table(
    "chain_head",
    metadata,
    Column("one", BigInteger, primary_key=True),
    Column("sequence", BigInteger),
    Column("hash", Text),
)

STRIKES = Table(
    "strikes",
    metadata,
    Column("sequence", BigInteger, primary_key=True),
    Column("action", Text),
    Column("restores", BigInteger),
    Column("word", Text),
    Column("topic", Text),
    Column("editor", Text),
    Column("why", Text),
    Column("time", Text),
    Column("previous", Text),
    Column("hash", Text),
)

STRIKE_HEAD = Table(
    "strike_head",
    metadata,
    Column("one", BigInteger, primary_key=True),
    Column("sequence", BigInteger),
    Column("hash", Text),
)

DOCUMENTS = Table(
    "documents",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("digest", Text),
    Column("name", Text),
    Column("title", Text),
    Column("date", Text),
    Column("source", Text),
    Column("added", Text),
)

ITEMS = Table(
    "items",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("copies_of", Text),  # the name of the group of near-copies
    Column("paragraph", Text),  # the one that stands for the group
    Column("lane", Text),
    Column("priority", Double),
    Column("scores", Text),  # JSON
    Column("topics", Text),  # JSON
    Column("model", Text),
    Column("leased_by", Text),
    Column("leased_until", Text),
    Column("closed_by", BigInteger),  # the sequence of the decision that stands
)

PARAGRAPHS = Table(
    "paragraphs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("text", Text),
    Column("item", BigInteger),  # null while it is only page furniture
)

OCCURRENCES = Table(
    "occurrences",
    metadata,
    Column("document", BigInteger, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("paragraph", Text),
    Column("role", Text),
    Column("furniture", Text),
)

SKIPS = Table(
    "skips",
    metadata,
    Column("item", BigInteger, primary_key=True),
    Column("editor", Text, primary_key=True),
    Column("time", Text),
)

LOANS = Table(
    "loans",
    metadata,
    Column("paragraph", Text, primary_key=True),
    Column("editor", Text),
    Column("until", Text),
)

TALLY = Table(
    "tally",
    metadata,
    Column("one", BigInteger, primary_key=True),
    Column("total", BigInteger),
    Column("decided", BigInteger),
)
