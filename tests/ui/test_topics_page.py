"""What the topics mean."""


def test_topics_show_what_they_mean_and_what_they_are_not(visit, home):
    first = '[[topic]]\nid = "talks"\nlabel = "<b>Talks"\ndefinition = "x < y"\nnot = "z & q"\n'
    (home.labeled / "taxonomy.toml").write_text(first, encoding="utf-8")
    page = visit(home, "topics")
    assert "1 topic, from" in page.words
    assert "&lt;b&gt;Talks" in page.words
    assert "<b>Not:</b> z &amp; q" in page.words
