"""Render pages from Jinja2 templates. Jinja2 escapes all values except the markup that this module's filters make."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..base.spelling import counted

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

FOLDER = files(__package__)
CODE = re.compile("`([^`]+)`")
"""Matches code in backticks in a message."""


def asset(name: str) -> bytes:
    """Return the content of a file of the folder `static`, such as `site.css`."""
    return FOLDER.joinpath("static").joinpath(name).read_bytes()


def samples() -> list[tuple[str, str]]:
    """Return the sample files of the playground, each as its name and its content."""
    found = FOLDER.joinpath("playground_samples").iterdir()
    return sorted((file.name, file.read_text("utf-8")) for file in found)


@cache
def environment() -> Environment:
    """Return the Jinja2 environment with all templates. It needs the extra `docs`."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    texts = {file.name: file.read_text("utf-8") for file in FOLDER.joinpath("templates").iterdir()}
    made = Environment(
        loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(coded=coded, counted=counted, quoted=quoted, slashed=slashed)
    return made


def rendered(template: str, **facts: Any) -> str:
    """Render the template with a name, with values for its variables, and return the HTML page."""
    return environment().get_template(template).render(**facts)


def quoted(text: str) -> Markup:
    """Escape a string as the content of an HTML element.

    Quotes stay unescaped, which saves a third of a page's size.
    """
    from markupsafe import Markup

    return Markup(escape(text, quote=False))


def coded(text: str) -> Markup:
    """Escape a message as the content of an HTML element, and convert code in backticks to `<code>`."""
    from markupsafe import Markup

    return Markup(CODE.sub(r"<code>\1</code>", escape(text, quote=False)))


def slashed(path: str) -> Markup:
    """Escape a path as the content of an HTML element, and allow a line break after each slash."""
    from markupsafe import Markup

    return Markup(escape(path, quote=False).replace("/", "/<wbr>"))
