"""A desk is set up whole or not at all."""

from functools import partial
from itertools import count

from tagger.desk.init import init_from_labels


def content(home):
    return {str(p.relative_to(home)): p.read_bytes() for p in home.rglob("*") if p.is_file()}


def test_wherever_it_is_interrupted_nothing_half_made_is_left_and_it_can_be_done_again(
    tmp_path, interrupted_at
):
    labels = tmp_path / "labels.jsonl"
    rows = [("The river rose.", "floods"), ("Envoys met.", "talks"), ("Gas became dearer.", "gas")]
    labels.write_text("".join(f'{{"text": "{text}", "topics": ["{t}"]}}\n' for text, t in rows))
    init_from_labels(tmp_path / "whole", labels, test_share=0)
    for line in count():
        home = tmp_path / f"desk{line}"
        set_up = partial(init_from_labels, home, labels, test_share=0)
        if not interrupted_at(line, ["desk/init.py", "files.py"], set_up):
            break
        if not (home / "labeled").exists():
            assert not list(home.glob(".*"))
            set_up()
        assert content(home) == content(tmp_path / "whole")
    assert line > 50
