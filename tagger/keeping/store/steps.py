"""The steps that made the tables, from the first version's on."""

from __future__ import annotations

from dataclasses import dataclass

from tagger.keeping.store.chain import BEGINNING


@dataclass(frozen=True, slots=True)
class Migration:
    """One step. In its statements, words in braces differ between the databases.

    A step that was released is never edited: a change to the tables is a new step.
    """

    number: int
    name: str
    statements: tuple[str, ...]
    sqlite: tuple[str, ...] = ()
    postgres: tuple[str, ...] = ()


_LOG = Migration(
    1,
    "the log of corrections",
    (
        """CREATE TABLE corrections (
            sequence {int} PRIMARY KEY,
            action TEXT NOT NULL CHECK (action IN ('decide', 'undo')),
            undoes {int} REFERENCES corrections (sequence),
            paragraph TEXT NOT NULL,
            text TEXT NOT NULL,
            topics TEXT NOT NULL CHECK ({json_topics}),
            editor TEXT NOT NULL,
            reason TEXT NOT NULL,
            shown TEXT NOT NULL CHECK ({json_shown}),
            seconds {real} CHECK (seconds >= 0),
            key TEXT NOT NULL UNIQUE,
            batch TEXT NOT NULL,
            time TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL,
            CHECK ((action = 'undo') = (undoes IS NOT NULL))) {strict}""",
        # Unique: a decision is undone at most once, whoever asks.
        """CREATE UNIQUE INDEX corrections_undoes ON corrections (undoes)
            WHERE undoes IS NOT NULL""",
        "CREATE INDEX corrections_paragraph ON corrections (paragraph, sequence)",
        "CREATE INDEX corrections_editor ON corrections (editor, sequence)",
        "CREATE INDEX corrections_time ON corrections (time)",
        "CREATE INDEX corrections_batch ON corrections (batch) WHERE batch <> ''",
        """CREATE TABLE chain_head (one {int} PRIMARY KEY CHECK (one = 1),
            sequence {int} NOT NULL, hash TEXT NOT NULL) {strict}""",
        f"INSERT INTO chain_head VALUES (1, 0, '{BEGINNING}')",  # noqa: S608  # a constant of ours
    ),
    sqlite=(
        """CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections
            BEGIN SELECT RAISE(ABORT, 'corrections only grow'); END""",
        """CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections
            BEGIN SELECT RAISE(ABORT, 'corrections only grow'); END""",
    ),
    postgres=(
        """CREATE FUNCTION corrections_only_grow() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'corrections only grow'; END $$""",
        """CREATE TRIGGER corrections_no_change BEFORE UPDATE OR DELETE ON corrections
            FOR EACH ROW EXECUTE FUNCTION corrections_only_grow()""",
        """CREATE TRIGGER corrections_no_truncate BEFORE TRUNCATE ON corrections
            FOR EACH STATEMENT EXECUTE FUNCTION corrections_only_grow()""",
    ),
)

_QUEUE = Migration(
    2,
    "the queue",
    (
        """CREATE TABLE documents (id {int} PRIMARY KEY, digest TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL, title TEXT, date TEXT, source TEXT, added TEXT NOT NULL)
            {strict}""",
        """CREATE TABLE items (
            id {int} PRIMARY KEY,
            copies_of TEXT NOT NULL UNIQUE,
            paragraph TEXT NOT NULL UNIQUE,
            lane TEXT NOT NULL,
            priority {real} NOT NULL,
            scores TEXT NOT NULL CHECK ({json_scores}),
            topics TEXT NOT NULL CHECK ({json_topics}),
            model TEXT,
            leased_by TEXT,
            leased_until TEXT,
            closed_by {int} REFERENCES corrections (sequence)) {strict}""",
        "CREATE INDEX items_open ON items (priority DESC, id) WHERE closed_by IS NULL",
        "CREATE INDEX items_lane ON items (lane, priority DESC, id) WHERE closed_by IS NULL",
        """CREATE INDEX items_second ON items (priority DESC, id)
            WHERE lane = 'second' AND closed_by IS NOT NULL""",
        "CREATE INDEX items_closed ON items (closed_by) WHERE closed_by IS NOT NULL",
        "CREATE INDEX items_leased ON items (leased_by) WHERE leased_by IS NOT NULL",
        """CREATE TABLE paragraphs (id TEXT PRIMARY KEY, text TEXT NOT NULL,
            item {int} REFERENCES items (id)) {strict}""",
        "CREATE INDEX paragraphs_item ON paragraphs (item)",
        """CREATE TABLE occurrences (
            document {int} NOT NULL REFERENCES documents (id),
            position {int} NOT NULL,
            paragraph TEXT NOT NULL REFERENCES paragraphs (id),
            role TEXT NOT NULL,
            furniture TEXT,
            PRIMARY KEY (document, position)) {strict}""",
        "CREATE INDEX occurrences_paragraph ON occurrences (paragraph, document)",
        """CREATE TABLE skips (item {int} NOT NULL REFERENCES items (id), editor TEXT NOT NULL,
            time TEXT NOT NULL, PRIMARY KEY (editor, item)) {strict}""",
        # Counting 200,000 rows takes PostgreSQL 15 ms and more, reading this row none.
        """CREATE TABLE tally (one {int} PRIMARY KEY CHECK (one = 1),
            total {int} NOT NULL, decided {int} NOT NULL) {strict}""",
        "INSERT INTO tally VALUES (1, 0, 0)",
    ),
)

_STRIKES = Migration(
    3,
    "struck words",
    (
        """CREATE TABLE strikes (
            sequence {int} PRIMARY KEY,
            action TEXT NOT NULL CHECK (action IN ('strike', 'restore')),
            restores {int} REFERENCES strikes (sequence),
            word TEXT NOT NULL,
            topic TEXT NOT NULL,
            editor TEXT NOT NULL,
            why TEXT NOT NULL,
            time TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL,
            CHECK ((action = 'restore') = (restores IS NOT NULL))) {strict}""",
        # Unique: a word is restored at most once, whoever asks.
        """CREATE UNIQUE INDEX strikes_restores ON strikes (restores)
            WHERE restores IS NOT NULL""",
        """CREATE TABLE strike_head (one {int} PRIMARY KEY CHECK (one = 1),
            sequence {int} NOT NULL, hash TEXT NOT NULL) {strict}""",
        f"INSERT INTO strike_head VALUES (1, 0, '{BEGINNING}')",  # noqa: S608  # a constant of ours
    ),
    sqlite=(
        """CREATE TRIGGER strikes_no_update BEFORE UPDATE ON strikes
            BEGIN SELECT RAISE(ABORT, 'strikes only grow'); END""",
        """CREATE TRIGGER strikes_no_delete BEFORE DELETE ON strikes
            BEGIN SELECT RAISE(ABORT, 'strikes only grow'); END""",
    ),
    postgres=(
        """CREATE FUNCTION strikes_only_grow() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'strikes only grow'; END $$""",
        """CREATE TRIGGER strikes_no_change BEFORE UPDATE OR DELETE ON strikes
            FOR EACH ROW EXECUTE FUNCTION strikes_only_grow()""",
        """CREATE TRIGGER strikes_no_truncate BEFORE TRUNCATE ON strikes
            FOR EACH STATEMENT EXECUTE FUNCTION strikes_only_grow()""",
    ),
)

_LOANS = Migration(
    4,
    "loans of what is asked again",
    (
        # No reference: what only a labelled file holds is asked again, too.
        """CREATE TABLE loans (paragraph TEXT PRIMARY KEY, editor TEXT NOT NULL,
            until TEXT NOT NULL) {strict}""",
        "CREATE INDEX loans_editor ON loans (editor)",
    ),
)

STEPS = (_LOG, _QUEUE, _STRIKES, _LOANS)
