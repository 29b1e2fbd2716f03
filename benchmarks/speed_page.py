"""Figures of ``speed.py`` as a Markdown page and as a plot."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FEATURES = {"words": "words and pairs", "shipped": "as shipped: and character 4-5-grams"}
OURS, SCIKIT, OTHER = "#1f6f5c", "#8a8f98", "#c7cbd1"


def markdown(figures: dict[str, Any], base: str) -> str:
    parts = [head(figures)]
    parts += [throughput(case, base) for case in figures["cases"]]
    parts += [starts(figures["alone"]), growth(figures), learning(figures["training"])]
    return "\n\n".join(parts) + "\n"


def head(figures: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in figures["versions"].items())
    absent = dict.fromkeys(name for case in figures["cases"] for name in case["absent"])
    told = (
        f"{figures['texts']:,} texts of {figures['words a text']} words",
        f"{figures['known words']:.0%} of the words known to the model",
        f"one core, CPU time, medians of {figures['repeats']} rounds",
        f"{figures['machine']}, Python {figures['python']}, {versions}",
        f"model {figures['model']}, {sum(figures['terms']):,} terms",
    )
    lines = ["# Speed, side by side", "", f"`python benchmarks/speed.py` on {figures['date']}:", ""]
    lines += [f"- {line}" for line in told]
    lines += [f"- did not take part: {name}" for name in absent]
    return "\n".join([*lines, "", "Compare within one table only: the machine may be busy."])


def throughput(case: dict[str, Any], base: str) -> str:
    contestants = case["contestants"]
    first = contestants[base]["rate"]
    fasttext = contestants.get("fastText, 10 dimensions", {}).get("rate")
    lines = [
        f"## {FEATURES[case['features']]}; {case['topics']} topics",
        "",
        (
            "| | texts/s | x scikit-learn | x fastText | one text, µs | trained in, s | model, MB "
            "| scikit-learn's bits |"
        ),
        "|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for name, found in contestants.items():
        bits = {True: "yes", False: "NO", None: "another model"}[found["exact"]]
        lines.append(
            f"| {name} | {found['rate']:,.0f} | {found['rate'] / first:.1f} "
            f"| {ratio(found['rate'], fasttext)} | {found['one'] * 1e6:,.0f} "
            f"| {figure(found['training'])} | {megabytes(found['size'])} | {bits} |"
        )
    return "\n".join(lines)


def ratio(rate: float, other: float | None) -> str:
    return f"{rate / other:.2f}" if other else ""


def figure(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def megabytes(size: int | None) -> str:
    return "" if size is None else f"{size / 1e6:.1f}"


def starts(alone: dict[str, dict[str, float]]) -> str:
    lines = [
        "## In a process of its own, as shipped",
        "",
        "| | to the first answer, CPU s | peak private memory over 20,000 texts, MB |",
        "|---|---:|---:|",
    ]
    lines += [
        f"| {name} | {found['start']:.2f} | {memory(found.get('private'))} |"
        for name, found in alone.items()
    ]
    return "\n".join(lines)


def memory(megabytes: float | None) -> str:
    return f"{megabytes:,.0f}" if megabytes else ""


def growth(figures: dict[str, Any]) -> str:
    lines = [
        "## Growth",
        "",
        "| paragraphs of an archive, Parquet to Parquet | CPU s | paragraphs/s | private MB |",
        "|---|---:|---:|---:|",
    ]
    for rows, found in figures["more rows"].items():
        rate = int(rows) / found["cpu"]
        lines.append(
            f"| {int(rows):,} | {found['cpu']:.1f} | {rate:,.0f} | {memory(found['private'])} |"
        )
    lines += ["", "| topics, compiled, as shipped | texts/s |", "|---|---:|"]
    lines += [f"| {topics} | {rate:,.0f} |" for topics, rate in figures["more topics"].items()]
    return "\n".join(lines)


def learning(training: dict[int, dict[str, float]]) -> str:
    lines = [
        "## Training on the desk's labels, CPU s",
        "",
        (
            "| paragraphs | tagger: six fits, calibrated, thresholds | a sixth of it "
            "| plain TfidfVectorizer + LinearSVC, one fit |"
        ),
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {n:,} | {found['tagger']:.1f} | {found['one fit']:.1f} | {found['plain']:.1f} |"
        for n, found in training.items()
    ]
    return "\n".join(lines)


def plot(figures: dict[str, Any]) -> str:
    """Bars of texts a second, a group a case."""
    widest = max(c["rate"] for case in figures["cases"] for c in case["contestants"].values())
    lines, y = ['<text x="8" y="22" font-size="16">Texts scored a second, on one core</text>'], 54
    for case in figures["cases"]:
        title = f"{FEATURES[case['features']]}, {case['topics']} topics"
        lines.append(f'<text x="8" y="{y}" font-weight="600">{escape(title)}</text>')
        for name, found in case["contestants"].items():
            y += 22
            lines += bar(name, found["rate"], found["rate"] / widest, y)
        y += 34
    style = 'font-family="system-ui, sans-serif" font-size="13" fill="#22262b"'
    title = "<title>Texts scored a second, on one core: longer is faster</title>"
    frame = f'<rect width="760" height="{y}" fill="white"/>'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {y}" role="img" {style}>'
    return "\n".join([opening, title, frame, *lines, "</svg>\n"])


def bar(name: str, rate: float, share: float, y: int) -> Iterator[str]:
    colour = OURS if name.startswith("tagger") else SCIKIT if name.startswith("scikit") else OTHER
    width = max(1, round(400 * share))
    yield f'<text x="8" y="{y + 4}">{escape(name)}</text>'
    yield f'<rect x="265" y="{y - 8}" width="{width}" height="15" rx="2" fill="{colour}"/>'
    yield f'<text x="{271 + width}" y="{y + 4}">{rate:,.0f}</text>'
