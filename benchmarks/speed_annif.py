"""Annif's part of ``speed.py``, run by the Python of Annif's own environment.

Makes two projects in the folder it is given, with the plainest analyser and Annif's own settings,
then answers one line with one number: ``tfidf train``, ``omikuji size``, ``tfidf all``, ...
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

BACKENDS = ("tfidf", "omikuji")
AT_ONCE = 32  # documents, as Annif's own commands take them


def main(folder: Path) -> None:
    answers = os.fdopen(os.dup(1), "w")  # Omikuji draws its progress on standard output
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    set_up(folder, job)
    annif: Any = importlib.import_module("annif")
    registry, corpus, vocab = (
        importlib.import_module(f"annif.{name}") for name in ("registry", "corpus", "vocab")
    )
    logging.disable(logging.ERROR)
    with annif.create_flask_app().app_context():
        registry.get_vocab("topics").load_vocabulary(vocab.VocabFileCSV(str(folder / "topics.csv")))
        for line in sys.stdin:
            backend, what = line.split()
            project = registry.get_project(backend)
            print(answer(what, project, corpus, folder, job["texts"]), file=answers, flush=True)


def answer(what: str, project: Any, corpus: Any, folder: Path, texts: list[str]) -> float:
    if what == "train":
        lessons = corpus.DocumentFileTSV(str(folder / "lessons.tsv"), project.subjects)
        return cpu_seconds(lambda: project.train(lessons, jobs=1))
    if what == "size":
        kept = folder / "data" / "projects" / project.project_id
        return float(sum(path.stat().st_size for path in kept.rglob("*") if path.is_file()))
    documents = [corpus.Document(text=text) for text in texts]
    if what == "one":
        return cpu_seconds(lambda: suggest(project, documents[:1] * 20, 1)) / 20
    return cpu_seconds(lambda: suggest(project, documents, AT_ONCE))


def suggest(project: Any, documents: list[Any], at_once: int) -> None:
    for start in range(0, len(documents), at_once):
        project.suggest(documents[start : start + at_once])


def cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def set_up(folder: Path, job: dict[str, Any]) -> None:
    topics = sorted({topic for _, topics in job["lessons"] for topic in topics})
    lines = [f"http://topic/{topic},{topic}\n" for topic in topics]
    (folder / "topics.csv").write_text("".join(["uri,label_en\n", *lines]))
    (folder / "lessons.tsv").write_text(
        "".join(
            f"{' '.join(text.split())}\t{' '.join(f'<http://topic/{t}>' for t in topics)}\n"
            for text, topics in job["lessons"]
            if topics
        ),
        encoding="utf-8",
    )
    (folder / "projects.cfg").write_text(
        "".join(
            f"[{backend}]\nname={backend}\nlanguage=en\nbackend={backend}\nanalyzer=simple\n"
            f"vocab=topics\nlimit={len(topics)}\n\n"
            for backend in BACKENDS
        )
    )
    # Without its table of abbreviations, which would be downloaded, NLTK cuts sentences as fast.
    tables = folder / "nltk" / "tokenizers" / "punkt_tab" / "english"
    tables.mkdir(parents=True)
    for name in ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab"):
        (tables / name).touch()
    os.environ |= {
        "NLTK_DATA": str(folder / "nltk"),
        "ANNIF_CONFIG": "annif.default_config.ProductionConfig",
        "ANNIF_DATADIR": str(folder / "data"),
        "ANNIF_PROJECTS": str(folder / "projects.cfg"),
    }
    os.chdir(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
