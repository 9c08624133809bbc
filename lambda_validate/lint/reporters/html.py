"""Report findings as an HTML page, for example to attach to a review. The page loads nothing from elsewhere.

All strings from linted files are escaped. In addition, the content security policy of the page allows only its own
style and script, identified by their hashes. So no content of a linted file can run. The script filters findings.
Without scripts, all findings are shown.
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from html import escape

from ...base.terminal import printable
from ...base.version import VERSION
from ...validator.rule_pages import page
from ..documents.places import Excerpt
from ..files import Failure
from ..findings.finding import LintFinding, LintOutcome
from .listing import listed
from .stated import known_rules

CODE = re.compile("`([^`]+)`")
"""Code in a message, which is between backticks."""
EPOCH = re.compile("[0-9]{1,10}")
"""A valid value of the variable `SOURCE_DATE_EPOCH`: Unix seconds."""

STYLE = """
:root { color-scheme: light dark; --ink: #1c2128; --paper: #fff; --shade: #f4f5f7; --dim: #57606a; --line: #d0d7de;
 --error: #b42318; --warning: #7a4b00; --mark: #fbd5d0; --good: #17663a; --link: #0b57b0 }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --paper: #12161c; --shade: #1b212a; --dim: #9fabb9;
 --line: #343d49; --error: #ff9a90; --warning: #f2c063; --mark: #6b2722; --good: #7fd6a0; --link: #79b8ff } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 68rem; padding: 1rem; background: var(--paper); color: var(--ink);
 font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.7rem }
h2 { font: 600 1rem/1.5 ui-monospace, monospace; margin: 2rem 0 .5rem; overflow-wrap: anywhere }
.totals { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; list-style: none }
.totals li { border: 1px solid var(--line); border-radius: 8px; padding: .4rem .9rem; color: var(--dim) }
.totals b { display: block; font-size: 1.4rem; color: var(--ink) }
form { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: end; padding: .75rem; background: var(--shade);
 border-radius: 8px } form[hidden] { display: none }
label { display: grid; grid-template-columns: minmax(0, 1fr); color: var(--dim); font-size: .875rem;
 max-width: 100%; min-width: 0 }
select, button { font: inherit; font-size: 1rem; color: var(--ink); background: var(--paper); max-width: 100%;
 border: 1px solid var(--dim); border-radius: 6px; padding: .25rem .5rem }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
article { border: 1px solid var(--line); border-left: 4px solid var(--error); border-radius: 6px; margin: .5rem 0;
 padding: .5rem .8rem; overflow-wrap: anywhere }
article.warning { border-left-color: var(--warning) } p { margin: .2rem 0 } .dim { color: var(--dim) }
.error b { color: var(--error) } .warning b { color: var(--warning) } .help { color: var(--good) }
code, pre { font: .875rem/1.5 ui-monospace, monospace }
pre { background: var(--shade); border-radius: 4px; padding: .4rem .6rem; margin: .4rem 0; overflow-x: auto;
 tab-size: 4 }
.n { color: var(--dim); user-select: none } .at { font-weight: 700 } h3 { font-size: 1rem; margin: 1.5rem 0 .25rem }
.rule:target { box-shadow: 0 0 0 2px var(--link); border-radius: 6px }
@media (max-width: 40rem) { pre { white-space: pre-wrap } }
mark { background: var(--mark); color: inherit; border-radius: 2px }
[hidden] { display: none }
"""

SCRIPT = """
"use strict";
const form = document.querySelector("form");
const status = document.querySelector("[role=status]");
const articles = [...document.querySelectorAll("article")];
const sections = [...document.querySelectorAll("section")];
const filter = () => {
  const wanted = Object.fromEntries(new FormData(form));
  let shown = 0;
  for (const article of articles) {
    article.hidden = Object.entries(wanted).some(([name, value]) => value && article.dataset[name] !== value);
    shown += !article.hidden;
  }
  for (const section of sections) section.hidden = !section.querySelector("article:not([hidden])");
  const [some, all] = [shown, articles.length].map((count) => count.toLocaleString("en-US"));
  const rest = shown < articles.length ? "; the button \\u201cShow all\\u201d shows the rest" : "";
  status.textContent = `${some} of ${all} shown${rest}`;
};
form.addEventListener("change", filter);
form.addEventListener("reset", () => setTimeout(filter));
form.hidden = !articles.length;
filter();
"""


def report(outcome: LintOutcome, colour: bool) -> Iterator[str]:
    """Yield the lines of the page, in ASCII."""
    for line in _lines(outcome):
        yield line.encode("ascii", "xmlcharrefreplace").decode()  # ASCII is valid in every encoding of the output


def _lines(outcome: LintOutcome) -> Iterator[str]:
    sections = list(listed(outcome))
    findings = [finding for section in sections for finding in section.findings]
    yield from _head()
    yield "<h1>lambda-validate</h1>"
    yield f'<p class="dim">Version {VERSION}, edition {_text(outcome.edition)}, {_now()}</p>'
    yield from _totals(outcome)
    yield from _filters(findings, [section.file for section in sections])
    if outcome.failures:
        yield from _failures(outcome.failures)
    if not findings:
        yield "<p>No findings.</p>"
    for number, section in enumerate(sections):
        yield f"<section><h2>{_text(section.file)}</h2>"
        for finding in section.findings:
            yield from _finding(finding, number)
        if section.more:
            yield f'<p class="dim">{section.more}</p>'
        yield "</section>"
    yield from _rules(findings, outcome.edition)
    yield "</main>"
    yield f"<script>{SCRIPT}</script>"
    yield "</body></html>"


def _head() -> Iterator[str]:
    policy = f"default-src 'none'; style-src '{_hash(STYLE)}'; script-src '{_hash(SCRIPT)}'; img-src data:"
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>lambda-validate: findings</title>'
    yield f"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}; base-uri 'none'; form-action 'none'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
    yield f"<style>{STYLE}</style></head><body><main>"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _totals(outcome: LintOutcome) -> Iterator[str]:
    """Yield the list of totals, such as the number of errors. Zeros are left out, except for the first three totals."""
    counts = {
        "errors": outcome.count("error"),
        "warnings": outcome.count("warning"),
        "checked files": outcome.checked,
        "files in all": outcome.files,
        "ignored": outcome.ignored,
        "in the baseline": outcome.known,
        "not readable": len(outcome.failures),
        "not checked": len(outcome.unfilled),
    }
    shown = [(name, count) for index, (name, count) in enumerate(counts.items()) if count or index < 3]
    yield f'<ul class="totals">{"".join(f"<li><b>{count:,}</b>{name}</li>" for name, count in shown)}</ul>'


def _filters(findings: list[LintFinding], files: list[str]) -> Iterator[str]:
    rules = Counter(finding.rule for finding in findings)
    by_file = Counter(finding.file for finding in findings)
    severities = Counter(finding.severity for finding in findings)
    yield '<form hidden aria-label="Filter">'
    yield from _choice("rule", "Rule", "Every rule", ((name, name, rules[name]) for name in sorted(rules)))
    named = ((str(number), file, by_file[file]) for number, file in enumerate(files))
    yield from _choice("file", "File", "Every file", named)
    yield from _choice("severity", "Severity", "Any", ((name, name, severities[name]) for name in sorted(severities)))
    yield '<button type="reset">Show all</button></form><p role="status" class="dim"></p>'


def _choice(name: str, label: str, every: str, options: Iterable[tuple[str, str, int]]) -> Iterator[str]:
    yield f'<label>{label}<select name="{name}" autocomplete="off"><option value="">{every}</option>'
    for value, text, count in options:
        yield f'<option value="{_text(value)}">{_text(text)} ({count:,})</option>'
    yield "</select></label>"


def _now() -> str:
    """Return the current time, or that of the variable `SOURCE_DATE_EPOCH` if it is set, for reproducible reports."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(given), UTC) if EPOCH.fullmatch(given) else datetime.now(UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _rules(findings: list[LintFinding], edition: str) -> Iterator[str]:
    """Yield a section for each rule of the findings: what it states, why, how to fix a violation, how to ignore it."""
    known = known_rules(findings, edition)
    if findings:
        yield "<h2>Rules</h2>"
    for name in sorted({finding.rule for finding in findings}):
        rule, about = _text(name), page(name, edition)
        yield f'<div class="rule" id="rule-{rule}" tabindex="-1"><h3><code>{rule}</code></h3>'
        parts = (known[name].statements if name in known else ()) if about is None else about[:3]
        yield from (f"<p>{_message_html(paragraph)}</p>" for part in parts for paragraph in part.split("\n\n"))
        yield f'<p class="dim">To ignore a finding: <code># lambda-validate: ignore[{rule}]</code> beside it.</p></div>'


def _failures(failures: tuple[Failure, ...]) -> Iterator[str]:
    yield "<h2>Not readable</h2><ul>"
    for failure in failures:
        place = "".join(f":{part}" for part in (failure.line, failure.column) if part is not None)
        yield f"<li><code>{_text(failure.file)}{place}</code> {_text(failure.message)}</li>"
    yield "</ul>"


def _finding(finding: LintFinding, number: int) -> Iterator[str]:
    place = ":".join(str(part) for part in (finding.line, finding.column) if part is not None)
    kind, rule = _text(finding.severity), _text(finding.rule)
    yield f'<article class="{kind}" data-rule="{rule}" data-file="{number}" data-severity="{kind}">'
    link = f'<a href="#rule-{rule}"><code>{rule}</code></a>'
    yield f"<p><code>{place or 'whole'}</code> <b>{kind}</b> {_message_html(finding.message)} {link}</p>"
    if finding.excerpt is not None:
        label = _text(f"{finding.file}, line {finding.line}, {finding.rule}")
        lines = "\n".join(_excerpt(finding.excerpt, finding.line or 1))
        yield f'<pre tabindex="0" role="group" aria-label="{label}">{lines}</pre>'
    if finding.help:
        yield f'<p class="help">{_message_html(finding.help)}</p>'
    about = f"{finding.operation} {finding.direction}"
    source = _text(finding.source)
    stated = f'<a href="{_text(finding.url)}">{source}</a>' if finding.url else source
    yield f'<p class="dim">{_text(about)} · stated: {stated}</p></article>'


def _excerpt(excerpt: Excerpt, line: int) -> Iterator[str]:
    """Yield the lines of an excerpt with their line numbers. The characters that the finding is about are marked."""
    before, meant, after = (
        excerpt.text[: excerpt.start], excerpt.text[excerpt.start : excerpt.end], excerpt.text[excerpt.end :],
    )  # fmt: skip
    left, right = "…" * excerpt.before, "…" * excerpt.after
    marked = f"{left}{_line(before)}<mark>{_line(meant) or ' '}</mark>{_line(after)}{right}"
    first, wide = line - len(excerpt.above), len(str(line + len(excerpt.below)))
    for number, markup in enumerate((*map(_line, excerpt.above), marked, *map(_line, excerpt.below)), first):
        kind = "n at" if number == line else "n"
        yield f'<span class="{kind}">{number:>{wide}}</span> {markup}'


def _line(text: str) -> str:
    """Return a part of a line, escaped for HTML. Tabs are not escaped."""
    return "\t".join(map(_text, text.split("\t")))


def _text(text: str) -> str:
    return escape(printable(text))


def _message_html(text: str) -> str:
    """Return a message, escaped for HTML, with `<code>` elements for code in backticks."""
    return CODE.sub(r"<code>\1</code>", _text(text))
