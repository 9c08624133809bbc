"""The configuration of the site: Markdown read by MyST, shown with furo. `tox -e site` builds it into `docs/_build`.

Links between files are relative, so that they work on GitHub as well. On the site, a link to the page of a rule leads
to a copy of the page, and any other link out of `docs/` leads to the repository. A link to a missing file is a warning.
"""

from __future__ import annotations

import re
from os.path import normpath
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

from lambda_validate import __version__ as release
from lambda_validate.cli import main

DOCS = Path(__file__).parent
ROOT = DOCS.parent
RULES = ROOT / "lambda_validate" / "rules"
COPIES = DOCS / "reference" / "rules"
REPOSITORY = "https://github.com/lambda-validate/lambda-validate/blob/main"
LINK = re.compile(r"(?<=\]\()(\.\.?/[^)\s#]+)")
REFERENCE = "<!-- site: link to the reference -->"

project = "lambda-validate"
html_show_copyright = False
html_title = f"lambda-validate {release}"
html_theme = "furo"
html_favicon = "_static/favicon.svg" if (DOCS / "_static").exists() else None
html_static_path = [str(DOCS / "_static")] if (DOCS / "_static").exists() else []
html_js_files = ["keyboard.js"]
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # the lexer of HCL does not know escaped quotation marks
smartquotes = False  # quotation marks stand as they were written


def copy_rule_pages(app: Sphinx) -> None:
    """Copy the pages that the package ships, with a language that can be highlighted for the expected findings."""
    for page in sorted(RULES.glob("*.md")):
        text = re.sub(r"^```(\w+) [\w./+-]+$", r"```\1", page.read_text("utf-8"), flags=re.MULTILINE)
        text = text.replace("```expect", "```text")
        (COPIES / page.name).write_text(text, "utf-8")


def remove_rule_pages(app: Sphinx, error: Exception | None) -> None:
    """Remove the copies, so that they are not mistaken for the pages."""
    for page in RULES.glob("*.md"):
        (COPIES / page.name).unlink(missing_ok=True)


def point_out(app: Sphinx, name: str, source: list[str]) -> None:
    """Let links that leave `docs/` lead to the copies of the rules' pages, or to the repository."""
    page = DOCS / f"{name}.md"
    here = page.parent

    def target(match: re.Match[str]) -> str:
        file = Path(normpath(here / match[1]))
        if not file.exists():
            logging.getLogger(__name__).warning("%s links to %s, which does not exist", name, match[1])
        if file.is_relative_to(RULES) and file.suffix == ".md":
            up = "../" * (len(page.relative_to(DOCS).parts) - 1)
            return f"{up}reference/rules/{file.name}"
        return match[1] if file.is_relative_to(DOCS) else f"{REPOSITORY}/{file.relative_to(ROOT)}"

    up = "../" * name.count("/")
    anchor = f'<a href="{up}api/index.html">The reference of every operation</a> lists the rules of each member.'
    source[0] = LINK.sub(target, source[0]).replace(REFERENCE, anchor)


def write_reference(app: Sphinx, error: Exception | None) -> None:
    """Write what `lambda-validate docs` makes beside the pages."""
    if error is None and app.builder.name == "html":
        main(["docs", "-o", str(Path(app.outdir) / "api")])


def setup(app: Sphinx) -> None:
    """Connect the functions above."""
    app.connect("builder-inited", copy_rule_pages)
    app.connect("source-read", point_out)
    app.connect("build-finished", remove_rule_pages)
    app.connect("build-finished", write_reference)
