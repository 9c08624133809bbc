"""Render templates as pages: Jinja2, which escapes everything except our own markup."""

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
"""Code in a message."""


def asset(name: str) -> bytes:
    """Return a file of `static/`."""
    return FOLDER.joinpath("static").joinpath(name).read_bytes()


def samples() -> list[tuple[str, str]]:
    """Return the samples of the playground: the name of each file, and its text."""
    found = FOLDER.joinpath("playground_samples").iterdir()
    return sorted((file.name, file.read_text("utf-8")) for file in found)


@cache
def environment() -> Environment:
    """Return the environment of the templates. It needs the extra `docs`."""
    from jinja2 import DictLoader, Environment, StrictUndefined

    texts = {file.name: file.read_text("utf-8") for file in FOLDER.joinpath("templates").iterdir()}
    made = Environment(
        loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(coded=coded, counted=counted, quoted=quoted, slashed=slashed)
    return made


def rendered(template: str, **facts: Any) -> str:
    """Return a page."""
    return environment().get_template(template).render(**facts)


def quoted(text: str) -> Markup:
    """Return a string as content of an element. Quotes are not escaped there, which saves a third of the size."""
    from markupsafe import Markup

    return Markup(escape(text, quote=False))


def coded(text: str) -> Markup:
    """Return a message as content of an element, with an element for code in backticks."""
    from markupsafe import Markup

    return Markup(CODE.sub(r"<code>\1</code>", escape(text, quote=False)))


def slashed(path: str) -> Markup:
    """Return a path as the content of an element, which may be broken after each slash."""
    from markupsafe import Markup

    return Markup(escape(path, quote=False).replace("/", "/<wbr>"))
