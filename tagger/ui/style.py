"""How the pages look beyond what Streamlit gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tagger.taxonomy import Topic

STYLE = """
<style>
.stMainBlockContainer {padding-top: 4.2rem; padding-bottom: 3rem}
[data-testid="stToastContainer"] {top: auto; bottom: 1rem}  /* never over the toggles */
.stElementContainer:has(.nt-unseen) {position: absolute; width: 1px; height: 1px;
  overflow: hidden; clip-path: inset(50%)}  /* a heading for those who hear the page */
/* Streamlit's own greys have a contrast of 3.9 to 1 and less; small print needs 4.5. */
[data-testid="stCaptionContainer"] {opacity: .78}
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] :not(code) {
  color: inherit !important}
button kbd, button :has(> kbd) {color: inherit !important; opacity: 1 !important}
[data-testid="stTab"][aria-selected="true"] p,
[data-testid="stButtonGroup"] [aria-checked="true"] p {color: CanvasText; font-weight: 600}
button:focus-visible, a:focus-visible, summary:focus-visible, [tabindex="0"]:focus-visible {
  outline: 3px solid #E69F00 !important; outline-offset: 2px}
.nt-text {font-size: 1.15rem; line-height: 1.65; max-width: 46rem; overflow-wrap: anywhere;
  max-height: 60vh; overflow-y: auto; unicode-bidi: isolate; white-space: pre-wrap;
  margin: 0 0 .8rem}
.nt-near {opacity: .7; font-size: .95rem; line-height: 1.5; max-width: 46rem; margin: 0 0 .6rem;
  overflow-wrap: anywhere; unicode-bidi: isolate; max-height: 12rem; overflow-y: auto}
.nt-aside {opacity: .7; font-size: .85rem}
.nt-aside a {color: inherit}
.nt-tag {display: inline-block}  /* a chip and its count stay on one line */
.nt-count {opacity: .7; font-size: .85rem; white-space: nowrap; margin-right: .9em}
.nt-text mark, .nt-row mark {background: color-mix(in srgb, var(--c) 22%, transparent);
  color: inherit; text-decoration: underline 2px var(--c); text-underline-offset: 3px;
  border-radius: 3px; padding: 0 .1em}
.nt-text mark.against, .nt-row mark.against {text-decoration-style: dotted;
  background: transparent}
.nt-chip {display: inline-block; border: 1.5px solid var(--c); border-left-width: 8px;
  border-radius: 6px; padding: 0 .5em; margin: 0 .35em .25em 0; font-size: .9rem;
  line-height: 1.6}
.nt-chip.none {border: 1.5px dashed var(--c)}
.nt-chip b {font-variant-numeric: tabular-nums}
.nt-row {border-left: 4px solid transparent; padding: .25rem .7rem; margin: 0 0 .55rem;
  max-width: 50rem; overflow-wrap: anywhere}
.nt-row.here {border-left-color: currentColor}
.nt-row.furniture {opacity: .65; font-size: .85rem}
.nt-row p {margin: 0 0 .2rem; unicode-bidi: isolate; max-height: 24rem; overflow-y: auto}
.nt-row h4 {padding: 0 0 .3rem; margin: 0 !important; font-size: 1.1rem}
.nt-row h4 code, .nt-row h4 kbd {font-size: .8rem; font-weight: 400; opacity: .7;
  background: none; color: inherit; padding: 0 .2em}
.nt-row h4 kbd {border: 1px solid; border-radius: 4px}
.nt-why {font-size: .92rem; line-height: 1.7; max-width: 46rem; margin: 0 0 .6rem}
[class*="st-key-topic-"] button > div, [class*="st-key-topic-"] button > div > span {
  justify-content: flex-start; width: 100%; text-align: left}
[class*="st-key-topic-"] kbd {margin-left: auto}
[class*="st-key-topic-"] button {height: auto; min-height: 2.5rem}
[class*="st-key-topic-"] button p {white-space: normal; overflow: visible}  /* the share counts */
[data-testid="stLayoutWrapper"]:has(> [class*="st-key-bar-"]) {position: sticky; bottom: 0;
  z-index: 90}  /* the wrapper: the bar itself has no room in it to stick */
[class*="st-key-bar-"] {padding: .6rem 0; background: Canvas;
  border-top: 1px solid rgb(128 128 128 / .35)}
@media (max-width: 640px) {  /* a phone: the deciding buttons stay under the thumb */
  [class*="st-key-actions-"] {position: fixed; left: 0; right: 0; bottom: 0; z-index: 90;
    padding: .6rem 1rem; background: Canvas; border-top: 1px solid rgb(128 128 128 / .35)}
  .stMainBlockContainer {padding-bottom: 6rem}
  [data-testid="stHorizontalBlock"]:has([data-testid="stColumn"]) {gap: .5rem}
  [data-testid="stToastContainer"] {bottom: 5rem}
  .nt-text {max-height: none}
}
</style>
"""


def toggle_style(topics: Iterable[Topic]) -> str:
    """Each topic's colour at the edge of its toggle button, whose key ends with its number."""
    rules = [
        f'[class*="st-key-topic-"][class$="-t{number}"] button, '
        f'[class*="st-key-topic-"][class*="-t{number} "] button '
        f"{{border-left: 10px solid {topic.colour}}}"
        for number, topic in enumerate(topics)
    ]
    return f"<style>{''.join(rules)}</style>"
