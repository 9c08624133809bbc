"""Write the summary of an audit as an HTML page. The page loads nothing from elsewhere, and contains no scripts."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from typing import Any

from ..base.version import VERSION
from .outcome import CAUGHT, MISSED, SUSPECTED
from .summary import Summary
from .tables import ANSWERS, INCOMPLETE, cell, tables, totals

STYLE = """
:root { color-scheme: light dark; --ink: #1c2128; --paper: #fff; --shade: #f4f5f7; --dim: #57606a; --line: #d0d7de;
 --caught: #17663a; --missed: #7a4b00; --suspected: #b42318 }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --paper: #12161c; --shade: #1b212a; --dim: #9fabb9;
 --line: #343d49; --caught: #7fd6a0; --missed: #f2c063; --suspected: #ff9a90 } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 68rem; padding: 1rem; background: var(--paper); color: var(--ink);
 font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.7rem } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
.totals { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; list-style: none }
.totals li { border: 1px solid var(--line); border-radius: 8px; padding: .4rem .9rem; color: var(--dim) }
.totals b { display: block; font-size: 1.4rem; color: var(--ink) } .dim { color: var(--dim) }
.scroll { overflow-x: auto } table { border-collapse: collapse; font-size: .9rem }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: left; white-space: nowrap }
td.number { text-align: right; font-variant-numeric: tabular-nums }
svg { display: block; max-width: 100%; height: auto } svg text { fill: var(--ink); font: 12px system-ui, sans-serif }
.caught { fill: var(--caught) } .missed { fill: var(--missed) } .suspected { fill: var(--suspected) }
.axis { stroke: var(--line) }
"""
BARS = 60
"""Maximum number of bars of the chart over time. If there are more days, a bar is a month, or else a year."""
WIDE, HIGH = 960, 200
RULES = 30
"""Maximum number of rules in the chart by rule. The most frequent ones are shown."""
LABEL, ROW = 340, 22
"""In the chart by rule, the width for the names of rules, and the height of a row, in pixels."""
SERIES = (CAUGHT, MISSED, SUSPECTED)


def page(summary: Summary) -> Iterator[str]:
    """Yield the lines of the HTML page for a summary."""
    for line in _lines(summary):
        yield line.encode("ascii", "xmlcharrefreplace").decode()  # whatever encoding the output has


def _lines(summary: Summary) -> Iterator[str]:
    style = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{style}'; img-src data:; base-uri 'none'; form-action 'none'"
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>lambda-validate: audit</title>'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
    yield f"<style>{STYLE}</style></head><body><main><h1>Audit of recorded calls</h1>"
    yield f"<p>{_text(totals(summary))}</p>"
    if not summary.is_complete:
        yield f"<p><strong>{INCOMPLETE}</strong></p>"
    yield '<ul class="totals">'
    for name, (words, meaning) in ANSWERS.items():
        yield f'<li title="{_text(meaning)}"><b>{summary.answers[name]:,}</b>{words}</li>'
    yield "</ul>"
    yield from _over_time(list(summary.days()))
    yield from _by_rule(list(summary.rules())[:RULES])
    outcomes = [[name, number] for name, number in summary.counts.items()]
    found = summary.to_dict()["quarantined"]
    quarantined = [[record["file"], record["index"], record["reason"]] for record in found]
    yield from _table("Records by outcome", ("outcome", "records"), outcomes)
    for title, columns, rows in tables(summary):
        yield from _table(title.capitalize(), columns, rows)
    if quarantined:
        yield from _table("Quarantined", ("file", "record", "reason"), quarantined)
    yield f'<p class="dim">lambda-validate {VERSION}</p></main></body></html>'


def _over_time(days: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of the chart over time. It has a bar for each day, month or year.

    A bar has a segment for refused calls with a finding (caught), one for calls that AWS's validation refused and that
    have none (missed), and one for accepted calls with a finding (suspected).
    """
    known = [row for row in days if row["day"][:1].isdecimal()]
    length = next((cut for cut in (10, 7) if len({row["day"][:cut] for row in known}) <= BARS), 4)
    bars: dict[str, Counter[str]] = {}
    for row in known:
        bars.setdefault(row["day"][:length], Counter()).update({name: row[name] for name in SERIES})
    most = max((sum(bar.values()) for bar in bars.values()), default=0)
    if not most:
        return
    yield "<h2>Over time</h2>"
    yield _legend()
    yield f'<svg viewBox="0 0 {WIDE} {HIGH + 30}" role="img" aria-label="Calls over time, by answer">'
    step = WIDE / max(len(bars), 12)
    for number, (day, counts) in enumerate(bars.items()):
        top = float(HIGH)
        for name in SERIES:
            high = HIGH * 0.95 * counts[name] / most
            top -= high
            label = _text(f"{day}: {counts[name]:,} {ANSWERS[name][0]}")
            if high:
                yield (f'<rect class="{name}" x="{number * step + 1:.1f}" y="{top:.1f}" width="{step - 2:.1f}" '
                       f'height="{high:.1f}"><title>{label}</title></rect>')  # fmt: skip
    yield f'<line class="axis" x1="0" y1="{HIGH}" x2="{WIDE}" y2="{HIGH}"/>'
    first, last = next(iter(bars)), list(bars)[-1]
    yield f'<text x="0" y="{HIGH + 18}">{_text(first)}</text><text x="0" y="10">{most:,}</text>'
    if last != first:
        yield f'<text x="{len(bars) * step:.1f}" y="{HIGH + 18}" text-anchor="end">{_text(last)}</text>'
    yield "</svg>"


def _legend() -> str:
    boxes = (f'<svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect class="{name}" width="12" '
             f'height="12"/></svg>{words}' for name, (words, _) in ANSWERS.items())  # fmt: skip
    return f'<ul class="totals">{"".join(f"<li>{box}</li>" for box in boxes)}</ul>'


def _by_rule(rules: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines of the chart by rule: the numbers of refused and of accepted calls that break each rule."""
    most = max((rule["refused"] + rule["accepted"] for rule in rules), default=0)
    if not most:
        return
    yield "<h2>By rule</h2>"
    yield f'<svg viewBox="0 0 {WIDE} {len(rules) * ROW}" role="img" aria-label="Calls by rule, refused and accepted">'
    for number, rule in enumerate(rules):
        left, top = float(LABEL), number * ROW
        yield f'<text x="{LABEL - 8}" y="{top + 15}" text-anchor="end">{_text(rule["rule"])}</text>'
        for name, answer in (("refused", CAUGHT), ("accepted", SUSPECTED)):
            long = (WIDE - LABEL) * rule[name] / most
            label = _text(f"{rule['rule']}: {rule[name]:,} {name}")
            yield (f'<rect class="{answer}" x="{left:.1f}" y="{top + 3}" width="{long:.1f}" height="{ROW - 6}">'
                   f"<title>{label}</title></rect>")  # fmt: skip
            left += long
    yield "</svg>"


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield f'<h2>{_text(title)}</h2><div class="scroll" tabindex="0" role="group" aria-label="{_text(title)}"><table>'
    heads = "".join(f'<th scope="col">{_text(column)}</th>' for column in columns)
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in rows:
        yield f"<tr>{''.join(map(_cell, row))}</tr>"
    yield "</tbody></table></div>"


def _cell(value: Any) -> str:
    kind = ' class="number"' if isinstance(value, int) else ""
    return f"<td{kind}>{_text(cell(value))}</td>"


def _text(text: str) -> str:
    return escape(text)
