from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagger.learning.evaluation import Bin, Evaluation, evaluate, worst_mistakes
from tagger.learning.explanation import explain
from tagger.learning.terms import Block
from tagger.learning.training import Recipe, train, truth_table
from tagger.records import LabeledExample, TopicId, Version
from tagger.taxonomy import make_taxonomy
from tagger.writing.report import LONGEST, percent, render_report
from tagger.writing.svg import (
    CURVE,
    LARGEST_DOT,
    SMALLEST_DOT,
    Frame,
    draw_curves,
    draw_dots,
    polylines,
)

PLACES = ("Oakham", "Millbrook", "Eastport", "Larkfield", "Dunmore", "Ashby", "Kelso", "Fairview")
TEMPLATES = {
    "harvest": (
        "Farmers around {} brought in the barley harvest before the storm.",
        "A dry spring has cut the wheat harvest near {} by a third, growers say.",
    ),
    "harbour": (
        "Two cargo ships waited outside the harbour of {} for a free berth.",
        "Dockers unloaded containers at the harbour in {} through the night.",
    ),
    "": ("The town hall in {} opened its new library to readers on Monday.",),
}
EXAMPLES = [
    LabeledExample(sentence.format(place), frozenset({TopicId(topic)} if topic else ()))
    for topic, sentences in TEMPLATES.items()
    for sentence in sentences
    for place in PLACES
]
TOPICS = (TopicId("harvest"), TopicId("harbour"), TopicId("rivers"))  # rivers is never learned
TAXONOMY = make_taxonomy(
    [{"id": "harvest", "label": "Crops & harvests"}, {"id": "harbour"}, {"id": "rivers"}]
)
QUICK = Recipe(blocks=(Block("word", 1, 1, min_df=1),), folds=3, workers=1)
BARLEY = "The barley harvest near Kelso began a week early."
SHIPS = "Cargo ships lay at anchor off the harbour of Ashby."
LIBRARY = "Readers filled the new library of Larkfield on Monday."
JUDGED = [
    (BARLEY, {"harvest"}),
    (SHIPS, {"harbour"}),
    (LIBRARY, ()),
    ("The harbour bar at Dunmore serves containers of soup.", ()),
    ("Meltwater swept away bridges.", {"rivers"}),
]


@cache
def the_model():
    return replace(train(EXAMPLES, TOPICS, QUICK).model, version=Version("20261122T1200-abc"))


def judge(rows, model=None, *, file="desk/labeled/test.jsonl", by_part=None, seen=0, resamples=50):
    """An Evaluation of a model on (text, topics) rows."""
    model = model or the_model()
    examples = [
        LabeledExample(text, frozenset(topics), f"{file}:{n}")
        for n, (text, topics) in enumerate(rows, 1)
    ]
    probabilities = model.probabilities(text for text, _ in rows)
    truth = truth_table(examples, model.topics)

    def on(numbers):
        return evaluate(
            model.topics,
            probabilities[numbers],
            model.thresholds,
            truth[numbers],
            resamples=resamples,
        )

    parts = {value: on(numbers) for value, numbers in (by_part or {}).items()}
    quality = on(list(range(len(rows))))
    return Evaluation(model, file, examples, probabilities, truth, quality, parts, seen)


def render(evaluation, taxonomy=TAXONOMY):
    """The page as a tree: it is well-formed, so every tag is closed and every attribute quoted."""
    return ElementTree.fromstring(render_report(evaluation, taxonomy))


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def find(page, css_class):
    return [e for e in page.iter() if css_class in e.get("class", "").split()]


def section(page, name):
    return next(e for e in page.iter("section") if e.get("id") == name)


def row_of(page, name, heading):
    """The cells of the row with a heading, as text."""
    for row in section(page, name).iter("tr"):
        cells = [text_of(cell) for cell in row]
        if cells[0] == heading:
            return cells
    raise AssertionError(heading)


def test_the_first_sentence_says_in_plain_words_how_often_the_model_is_exactly_right():
    evaluation = judge(JUDGED)
    exact = ((evaluation.probabilities >= the_model().thresholds) == evaluation.truth).all(axis=1)
    assert exact.tolist() == [True, True, True, False, False]
    lead = text_of(find(render(evaluation), "lead")[0])
    assert lead.startswith("Of 100 paragraphs, 60 get exactly the topics people gave them (95%")


def test_without_bootstrap_samples_no_interval_is_claimed():
    page = render(judge(JUDGED, resamples=0))
    lead = text_of(find(page, "lead")[0])
    assert lead == "Of 100 paragraphs, 60 get exactly the topics people gave them."
    assert not find(page, "interval")


@pytest.mark.parametrize(
    ("probability", "shown"),
    [(0.0, "0.0%"), (0.0001, "<0.1%"), (0.4256, "42.6%"), (0.9999, ">99.9%"), (1.0, "100.0%")],
)
def test_a_probability_is_called_certain_only_where_it_is(probability, shown):
    assert percent(probability) == shown


def test_the_summary_names_the_best_and_the_worst_topic_with_their_labels():
    summary = text_of(next(render(judge(JUDGED)).iter("header")))
    assert "Of 100 topics that the model gives, people agree with 67." in summary
    assert "Of 100 topics that people gave, the model finds 67." in summary
    assert "It agrees best about Crops & harvests (F1 1.00, 1 labelled)" in summary
    assert "least about rivers (F1 0.00, 1 labelled)" in summary


def test_a_model_that_is_nearly_always_right_is_not_called_perfect():
    rows = [(BARLEY, {"harvest"})] * 300 + [(BARLEY, ())]
    lead = text_of(find(render(judge(rows)), "lead")[0])
    assert lead == (
        "Of 100 paragraphs, 99 get exactly the topics people gave them (95% interval: 99 to 100)."
    )


def test_the_page_tells_what_was_judged_by_the_name_of_the_file_without_its_folder():
    page = render_report(judge(JUDGED, file="/secret/place/test.jsonl"), TAXONOMY)
    said = text_of(ElementTree.fromstring(page))
    assert "Judged on test.jsonl: 5 labelled texts. Model 20261122T1200-abc." in said
    assert "secret" not in page


def test_figures_on_texts_that_the_model_was_trained_on_come_with_a_warning():
    assert "2 of these texts stand in the training files too" in text_of(
        render(judge(JUDGED, seen=2))
    )
    assert not find(render(judge(JUDGED)), "beware")


def test_every_topic_has_its_row_with_figures_intervals_counts_and_threshold():
    evaluation = judge(JUDGED)
    topic = evaluation.quality.topics[1]
    _, precision, recall, _, labelled, gave, threshold = row_of(
        render(evaluation), "topics", "harbour"
    )
    assert precision.startswith(f"0.50 {topic.precision.low:.2f}–{topic.precision.high:.2f}")
    assert recall.startswith("1.00")
    assert (labelled, gave) == ("1", "2")
    assert threshold == f"{topic.threshold:.1%}"


def test_the_bar_of_a_figure_spans_its_interval():
    evaluation = judge(JUDGED)
    span = find(section(render(evaluation), "overall"), "span")[2]
    exact = evaluation.quality.exact_match
    assert float(span.get("x1")) == pytest.approx(4 + 88 * exact.low, abs=0.06)
    assert float(span.get("x2")) == pytest.approx(4 + 88 * exact.high, abs=0.06)


def test_an_undefined_figure_is_a_dash():
    page = render(judge([(LIBRARY, ())]))
    assert row_of(page, "topics", "harbour")[1:4] == ["–", "–", "–"]
    assert "nan" not in text_of(page)


def test_a_topic_that_was_never_learned_has_the_threshold_never():
    page = render(judge(JUDGED))
    assert row_of(page, "topics", "rivers")[-1] == "never"
    assert "Never learned: the training files hold too few" in text_of(section(page, "cuts"))
    assert "(never learned and so never given)" in text_of(section(page, "mistakes"))
    assert "inf" not in {word.strip("(),.%") for word in text_of(page).split()}


def test_the_overall_figures_are_all_there():
    evaluation = judge(JUDGED)
    page, quality = render(evaluation), evaluation.quality
    for heading, figure in (
        ("Macro-F1", quality.macro_f1),
        ("Micro-F1", quality.micro_f1),
        ("Exact match", quality.exact_match),
        ("None of them", quality.none_f1),
    ):
        assert row_of(page, "overall", heading)[1].startswith(f"{figure.value:.2f} ")
    error = f"{quality.calibration_error:.3f}"
    assert row_of(page, "overall", "Calibration error")[1] == error


def test_parts_are_shown_when_they_were_asked_for():
    evaluation = judge(JUDGED, by_part={"2026": [0, 1, 2, 3], "2025": [4]})
    page, part = render(evaluation), evaluation.parts["2026"]
    figures = (part.macro_f1, part.micro_f1, part.exact_match, part.none_f1)
    assert [cell[:4] for cell in row_of(page, "parts", "2026")[1:]] == [
        *(f"{figure.value:.2f}" for figure in figures),
        "4",
    ]
    assert row_of(page, "parts", "2025")[3].startswith("0.00")
    assert "Part by part" not in text_of(render(judge(JUDGED)))


def test_a_dot_of_the_reliability_plot_grows_with_its_count():
    few, many, one = Bin(0.9, 0.8, 25, 0.2), Bin(0.1, 0.1, 100, 0.8), Bin(0.5, 1.0, 1, 0.0)
    dots = draw_dots([few, many, one])
    assert [dot.bin for dot in dots] == [many, few, one]
    assert [dot.radius for dot in dots] == [LARGEST_DOT, LARGEST_DOT / 2, SMALLEST_DOT]
    assert dots[0].y > dots[1].y  # SVG counts downwards


def test_the_reliability_plot_draws_every_bin_and_tells_its_figures():
    evaluation = judge(JUDGED)
    plot = section(render(evaluation), "probabilities")
    tenths = {int(p * 10) for p in evaluation.probabilities.ravel()}
    assert len(find(plot, "dot")) == len(tenths)
    assert len(next(plot.iter("table")).findall("tbody/tr")) == len(tenths)
    assert len(find(plot, "diagonal")) == 1


def test_the_threshold_in_force_is_marked_on_the_curve():
    page = render(judge(JUDGED))
    cut = find(find(page, "curve")[0], "cut")[0]
    threshold = the_model().thresholds[0]  # the topic of most labels comes first, then model order
    assert float(cut.get("x1")) == CURVE.x(threshold) == float(cut.get("x2"))


def test_a_curve_shows_its_topics_precision_recall_and_f1():
    curve = draw_curves(judge(JUDGED))[1]
    everywhere = [line[0].split(" ")[0] for line in (curve.precision, curve.recall, curve.f1)]
    # Cut at 0 the topic is given to all five texts, one of them rightly: F1 is 2 / (1 + 5).
    assert curve.topic.topic == "harbour"
    assert everywhere == [f"{CURVE.x(0.0)},{CURVE.y(y)}" for y in (0.2, 1.0, 1 / 3)]


def test_a_curve_stops_where_its_figure_is_not_defined():
    frame = Frame(100, 100)
    points = [(0, 0.5), (0.5, math.nan), (0.6, 0.2), (0.7, 0.3), (0.8, math.nan), (1, 1)]
    assert polylines(frame, points) == [
        "0,50.0 0,50.0",
        "60.0,80.0 70.0,70.0",
        "100,0 100,0",
    ]
    assert polylines(frame, [(0, math.nan)]) == []


def test_the_confusion_table_counts_what_was_taken_for_what():
    page = render(judge(JUDGED))
    assert row_of(page, "confusion", "harbour")[1:] == ["0", "1", "0", "0"]
    assert row_of(page, "confusion", "rivers")[1:] == ["0", "0", "0", "1"]
    assert row_of(page, "confusion", "none of them")[1:] == ["0", "1", "0", "1"]


def test_right_answers_and_mistakes_are_tinted_apart_the_more_the_stronger():
    rows = [(BARLEY, {"harvest"})] * 4 + [(SHIPS, {"harbour"})] * 2 + [(SHIPS, {"harvest"})]
    table = find(render(judge(rows)), "heat")[0]
    harvest, harbour = (list(row.iter("td")) for row in list(table.iter("tr"))[1:3])
    assert [cell.get("class") for cell in harvest] == ["right", None, None, None]
    tints = [float(c.get("style").removeprefix("--tint:")) for c in (*harvest[:3], harbour[1])]
    assert tints == [0.45, 0.45, 0.0, 0.23]


def test_mistakes_come_worst_first_with_what_people_and_the_model_say():
    evaluation = judge(JUDGED)
    found = find(render(evaluation), "mistake")
    quotes = [find(mistake, "quote")[0].text for mistake in found]
    assert quotes == [evaluation.examples[row].text for row in worst_mistakes(evaluation, 9)]
    soup = text_of(found[quotes.index(JUDGED[3][0])])
    harbour = f"{evaluation.probabilities[3, 1]:.1%}"
    assert "line 4" in soup
    assert f"People none of them Model harbour {harbour}" in soup
    assert f"Wrongly given: harbour at {harbour}" in soup


def test_a_mistake_names_the_words_that_misled():
    evaluation = judge([JUDGED[3]])
    misled = explain(the_model(), JUDGED[3][0])[1].strongest(1)[0]
    said = text_of(find(render(evaluation), "mistake")[0])
    assert f"Words that misled: {misled.text} +{misled.contribution:.2f}" in said


def test_a_missed_topic_names_the_words_against_it_and_those_too_weak_for_it():
    said = text_of(find(render(judge([(BARLEY, {"harbour"})])), "mistake")[0])
    against = explain(the_model(), BARLEY)[1].strongest(1, against=True)[0]
    assert "Missed: Crops" not in said
    assert f"Words that misled: {against.text} −{-against.contribution:.2f}" in said
    assert "Words for it, too weak:" in said


def test_the_topics_of_a_mistake_stand_in_the_order_of_their_probability():
    mistake = find(render(judge([(BARLEY, set(TOPICS))])), "mistake")[0]
    people = [text_of(chip) for chip in find(mistake.find("dl"), "chip")][:3]
    shares = [float(chip.split()[-1].strip("%<>")) for chip in people]
    assert people[0].startswith("Crops & harvests")
    assert shares == sorted(shares, reverse=True)


def test_only_the_thirty_worst_mistakes_are_shown_and_all_are_counted():
    page = render(judge([(f"{BARLEY} No. {n}", ()) for n in range(40)]))
    assert len(find(page, "mistake")) == 30
    assert "The 30 worst of 40 mistakes" in text_of(page)


def test_a_model_without_mistakes_is_said_to_have_none():
    page = render(judge([(BARLEY, {"harvest"}), (SHIPS, {"harbour"})]))
    assert "None: every text got exactly the topics people gave it." in text_of(page)
    assert not find(page, "mistake")


def test_a_whole_article_is_shortened_and_the_page_says_by_how_much():
    article = "barley harvest " * 1000
    mistake = find(render(judge([(article, ())])), "mistake")[0]
    assert find(mistake, "quote")[0].text == article[:LONGEST]
    assert f"{len(article) - LONGEST:,} more characters are not shown" in text_of(mistake)


@pytest.fixture(scope="module")
def many_topics():
    """An evaluation with 14 topics, all learned; the last ones have the most labels."""
    goods = ["tin", "zinc", "oats", "rye", "rice", "wool", "jute", "hemp", "salt", "coal", "beef"]
    topics = [TopicId(name) for name in [*goods, "milk", "eggs", "fish"]]
    examples = [
        LabeledExample(f"{topic} dearer: {place}", frozenset({topic}))
        for topic in topics
        for place in PLACES[:4]
    ]
    model = train(examples, topics, QUICK).model
    rows = [(f"Traders sold {t} again.", {t}) for n, t in enumerate(topics) for _ in range(n + 1)]
    rows += [("Traders sold tin again.", {"zinc"})] * 3
    rows += [("Traders sold tin again.", {"oats"})] * 5
    return judge(rows, model)


def test_of_many_topics_the_twelve_with_most_labels_show_their_curves_at_once(many_topics):
    cuts = section(render(many_topics), "cuts")
    folded = find(next(cuts.iter("details")), "curve")
    shown = [curve for curve in find(cuts, "curve") if curve not in folded]
    assert [text_of(next(c.iter("bdi"))) for c in shown[:3]] == ["fish", "eggs", "milk"]
    assert (len(shown), len(folded)) == (12, 2)


def test_many_topics_get_a_list_of_confused_pairs_instead_of_a_huge_table(many_topics):
    confusion = section(render(many_topics), "confusion")
    assert not find(confusion, "heat")
    pairs = [[text_of(cell) for cell in row] for row in confusion.iter("tr")]
    assert pairs[1:3] == [["oats", "tin", "5"], ["zinc", "tin", "3"]]


def test_the_page_needs_no_network_and_runs_no_script():
    page = render(judge(JUDGED))
    tags = {e.tag for e in page.iter()}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "use"}
    assert all(e.get("src") is None and e.get("href", "#").startswith("#") for e in page.iter())
    style = text_of(next(page.iter("style")))
    assert "url(" not in style
    assert "@import" not in style
    policy = next(e for e in page.iter("meta") if e.get("http-equiv"))
    assert policy.get("content").startswith("default-src 'none';")


HOSTILE = '<script>alert(\'x\')</script>" onload="y" {{ 7 * 7 }} &amp; \u202eharbour\u2066 harvest'


def hostile_page():
    taxonomy = make_taxonomy([{"id": "harvest", "label": HOSTILE}, {"id": "harbour"}])
    model = replace(the_model(), version=Version(HOSTILE))
    rows = [(HOSTILE, {"rivers"}), (BARLEY, ()), (HOSTILE + BARLEY, {"harbour"}), *JUDGED]
    name = HOSTILE.replace("/", "")  # no file name holds a slash
    return render(judge(rows, model, file=name, by_part={HOSTILE: [0, 1]}), taxonomy)


def test_hostile_texts_topics_and_names_are_shown_as_text():
    page = hostile_page()
    assert not list(page.iter("script"))
    assert not [e for e in page.iter() if any(name.startswith("on") for name in e.attrib)]
    assert HOSTILE in {quote.text for quote in find(page, "quote")}
    assert HOSTILE in {e.text for e in section(page, "topics").iter("bdi")}
    assert HOSTILE in {e.text for e in section(page, "parts").iter("bdi")}
    assert "49" not in row_of(page, "topics", " ".join(HOSTILE.split()))[0]


def test_a_foreign_writing_direction_does_not_spread_over_the_page():
    apart = {e for e in hostile_page().iter() if "\u202e" in (e.text or "")}
    assert {e.tag for e in apart} == {"bdi", "p", "title"}
    assert all(e.get("dir") == "auto" for e in apart if e.tag == "p")
    assert not [e for e in hostile_page().iter() if "\u202e" in (e.tail or "")]


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=60))
def test_any_text_comes_through_unchanged(text):
    chosen = the_model().chosen(the_model().probabilities([text]))[0]
    page = render(judge([(text, set(TOPICS) - set(chosen))]))
    assert find(page, "quote")[0].text == text


def test_control_characters_do_not_stop_the_report():
    page = render_report(judge([(f"{BARLEY}\x00\x1b[2J\ud800", ())]), TAXONOMY)
    assert "1 labelled text." in page


def test_every_drawing_has_a_title_and_the_plots_a_description():
    page = render(judge(JUDGED))
    drawings = list(page.iter("svg"))
    assert drawings
    assert all(svg[0].tag == "title" and svg[0].text for svg in drawings)
    plots = [svg for svg in drawings if svg.get("role") == "img"]
    assert len(plots) == 3  # the reliability plot and the curves of the two learned topics
    for svg in plots:
        assert svg.get("aria-labelledby").split() == [svg[0].get("id"), svg[1].get("id")]
        assert svg[1].tag == "desc"
    ids = [e.get("id") for e in page.iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_the_lines_of_a_curve_differ_in_more_than_colour():
    style = text_of(next(render(judge(JUDGED)).iter("style")))
    dashes = [
        re.search(rf"\.{kind} {{[^}}]*dasharray: ([^;]+);", style)
        for kind in ("precision", "recall", "f1")
    ]
    assert [dash and dash.group(1) for dash in dashes] == ["7 4", "1 4", None]


def colours(style):
    """The colours of each mode, as name -> (r, g, b)."""
    light, dark = (
        {
            name: tuple(int(value[i : i + 2], 16) for i in (0, 2, 4))
            for name, value in re.findall(r"--([\w-]+): #([0-9a-f]{6})", block)
        }
        for block in re.findall(r":root \{([^}]*)\}", style)
    )
    heats = dict(re.findall(r"--(heat-\w+): (\d+ \d+ \d+)", style))
    heat = {name: tuple(map(int, value.split())) for name, value in heats.items()}
    return [light | heat, {**light, **dark} | heat]


def contrast(one, other):
    """The contrast of two colours after WCAG 2.2, from 1 to 21."""
    lights = []
    for colour in (one, other):
        shares = [c / 255 for c in colour]
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares
        )
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
    return max(lights) / min(lights)


@pytest.mark.parametrize("mode", [0, 1], ids=["light", "dark"])
def test_all_text_stands_out_from_its_ground(mode):
    page = render(judge(JUDGED))
    used = colours(text_of(next(page.iter("style"))))[mode]
    for text in ("ink", "muted", "blue", "orange"):
        for ground in ("ground", "panel"):
            assert contrast(used[text], used[ground]) >= 4.5, (text, ground)
    tints = [
        float(td.get("style").removeprefix("--tint:")) for td in page.iter("td") if td.get("style")
    ]
    for heat in ("heat-right", "heat-wrong"):
        tinted = np.array(used["ground"]) * (1 - max(tints)) + np.array(used[heat]) * max(tints)
        assert contrast(used["ink"], tinted) >= 4.5, heat


def test_the_same_evaluation_gives_the_same_page():
    assert render_report(judge(JUDGED), TAXONOMY) == render_report(judge(JUDGED), TAXONOMY)
