"""Test that cached functions compute each result once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lambda_validate import catalog, http
from lambda_validate.catalog import EDITIONS, formats, types
from lambda_validate.compiler import constraints, messages, plan
from lambda_validate.http import heads, members, routes
from lambda_validate.lint.control import selection
from lambda_validate.patterns import tables
from lambda_validate.report import service_words
from lambda_validate.validator import rule_pages, rules

DOCUMENTS = EDITIONS["documents"]
PATTERN, NAME = types()["Qualifier"]["pattern"], types()["FunctionName"]["pattern"]
STATE = tables.shipped(NAME).longest("a")[1]  # type: ignore[union-attr,index]  # the package ships it
OPERATION = catalog.operation("CreateEventSourceMapping")
CACHED: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (service_words._data, ("service_sentences.json",)),
    (rules._rules, (DOCUMENTS, None)), (rules.ids, ("documents",)), (rule_pages._pages, ()),
    (messages._partial, (PATTERN,)), (plan.any_table, ("^(?:ab)$(?!\\n)",)),
    (messages._allowed, (NAME, STATE)), (constraints.kebab, ("FunctionName",)), (http._cached, ((),)),
    (formats._type, ("Qualifier",)), (formats._bare_name, ()),
    (members.wire, (OPERATION,)), (routes._routes, (DOCUMENTS,)), (routes.groups, (DOCUMENTS,)),
    (routes.plain, (DOCUMENTS,)), (heads.reader, (DOCUMENTS,)), (routes._lowered, (DOCUMENTS,)),
    (selection.linted, ("documents",)), (selection._names, ("documents",)),
]  # fmt: skip


@pytest.mark.parametrize(("made", "arguments"), CACHED, ids=[made.__qualname__ for made, _ in CACHED])
def test_repeated_calls_return_the_cached_object(made: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    first = made(*arguments)
    assert first or callable(first)
    assert made(*arguments) is first
