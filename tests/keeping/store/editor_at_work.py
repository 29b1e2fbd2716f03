"""An editor in a program of their own: started by the tests of many editors at once.

Usage: editor_at_work.py ADDRESS EDITOR decide COUNT SIDE_FILE
       editor_at_work.py ADDRESS EDITOR queue SIDE_FILE
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tagger.keeping.store import Decision, open_store
from tagger.records import ParagraphId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tagger.keeping.store.store import Store


def decide(store: Store, editor: str, count: int) -> Iterator[str]:
    """Decide ``count`` paragraphs; give each key once the store has returned."""
    for number in range(count):
        key = f"{editor} {number}"
        text = f"Delegation {number} arrived in the capital."
        store.decide(Decision(ParagraphId(f"p{number}"), text, (), editor, key))
        yield key


def work_through_queue(store: Store, editor: str) -> Iterator[str]:
    """Lease and decide until nothing is left; give each paragraph once it is decided."""
    while items := store.queue.lease(editor, 3):
        for item in items:
            store.decide(
                Decision(item.paragraph, item.text, (), editor, f"{editor} {item.paragraph}")
            )
            yield item.paragraph


def main() -> None:
    address, editor, verb, *rest = sys.argv[1:]
    with open_store(address) as store, Path(rest[-1]).open("w", encoding="utf-8") as side:
        done = (
            decide(store, editor, int(rest[0]))
            if verb == "decide"
            else work_through_queue(store, editor)
        )
        for word in done:
            side.write(f"{word}\n")
            side.flush()


main()
