"""``tagger init``: a desk of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from tagger.cli.common import examples, say
from tagger.desk.wording import counted


@click.command(
    epilog=examples(
        "tagger init desk", "tagger init sports --from paragraphs.jsonl --test-share 0.2"
    )
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help='JSON lines of {"text", "topics"}: the topics found become the desk\'s own.',
)
@click.option(
    "--test-share",
    type=click.FloatRange(0, 0.5),
    default=0.1,
    show_default=True,
    help="How much of FILE is frozen as the test; 0 for none.",
)
def init(folder: Path, source: Path | None, test_share: float) -> None:
    """Set up a desk in DIR, with topics of your own.

    Without --from it has the four topics and the training paragraphs that come with the tool.
    """
    from tagger.desk.init import init_from_labels, init_from_starter  # noqa: PLC0415 - --help stays instant

    if source is None:
        init_from_starter(folder)
        say(f"{folder} has the topics and training paragraphs that come with the tool.")
    else:
        made = init_from_labels(folder, source, test_share=test_share)
        say(
            f"{folder} has {counted(len(made.taxonomy), 'topic')}, "
            f"{counted(made.train, 'training paragraph')} and {made.test:,} frozen as the test. "
            "Describe the topics in labeled/taxonomy.toml."
        )
    say(f"Next: cd {folder} && tagger retrain")
