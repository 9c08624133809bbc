"""Test that the documentation, the code, `--help` and the docstrings state the same default editions."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
import yaml
from support.paths import ROOT
from support.sdk_calls import VALID, Wire, made

import lambda_validate as lv
from lambda_validate import boto, export, http, pytest_plugin, strategies
from lambda_validate.catalog import reference
from lambda_validate.cli import arguments
from lambda_validate.cli import docs as docs_command
from lambda_validate.cli import export as export_command
from lambda_validate.cli import fuzz as fuzz_command
from lambda_validate.cli import serve as serve_command
from lambda_validate.cli.table import COMMANDS
from lambda_validate.gateway import asgi, envoy, wsgi
from lambda_validate.http.boundary import Boundary
from lambda_validate.http.events import Event
from lambda_validate.serve import playground

PAGE = (ROOT / "docs/explanation/editions.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("<!-- defaults:begin -->\n")[2].partition("<!-- defaults:end -->")[0]
HOOKS = {each["id"]: each["entry"].split() for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())}

PYTHON: Mapping[str, Any] = {
    **{name: getattr(lv, name) for name in lv.__all__},
    "http": http,
    "strategies": strategies,
    "export": export,
    "boto": boto,
    "gateway.asgi": asgi,
    "gateway.wsgi": wsgi,
    "gateway.envoy": envoy,
    "docs.playground": playground,
    "reference": reference,
}
"""The objects with a default edition, and the modules with such objects, by the names that the page uses."""
PUBLIC = (lv, http, strategies, export)
"""The modules whose `__all__` is searched for functions with an edition."""


class Row(NamedTuple):
    """A row of the table, about a command or an object in Python."""

    name: str
    edition: str
    route: str


def _rows() -> Iterator[tuple[str, Row]]:
    """Yield each name of the table, and whether it is a command, a hook or an object in Python."""
    for line in TABLE.splitlines()[2:]:
        what, edition, route = (each.strip() for each in line.strip("|").split("|"))
        for segment in what.split("; "):
            kind = re.match(r"the (command|hook)", segment)
            for name in re.findall("`(.*?)`", segment):
                yield kind[1] if kind else "python", Row(name, edition.strip("`"), route.strip("`"))


ROWS = list(_rows())


def _listed(kind: str) -> list[Row]:
    return [row for each, row in ROWS if each == kind]


def _found(name: str) -> Any:
    """Return the object for a dotted name of the page."""
    module, _, rest = name.rpartition(".")
    return attrgetter(rest)(PYTHON[module]) if module else PYTHON[name]


def _every(row: Row) -> list[Row]:
    """Return a row for each function of a module, if the row is about all of them."""
    module, _, rest = row.name.rpartition(".")
    return [row._replace(name=f"{module}.{name}") for name in _takers(PYTHON[module])] if rest == "*" else [row]


def _takers(module: Any) -> list[str]:
    """Return the public names of a module that have an edition parameter."""
    found = {name: getattr(module, name) for name in module.__all__}
    return [name for name, each in found.items() if callable(each) and "edition" in _parameters(each)]


def _parameters(of: Any) -> Mapping[str, inspect.Parameter]:
    try:
        made_with = inspect.signature(of).parameters
    except ValueError:  # a class with an unknown signature
        return {}
    return {} if isinstance(of, type) and issubclass(of, (tuple, Exception)) else made_with


MARKER = "pytest.mark.lambda_validate"
IN_PYTHON = [each for row in _listed("python") for each in _every(row)]
SIGNED = [row for row in IN_PYTHON if row.name != MARKER and "edition" in _parameters(_found(row.name))]

BOUNDARIES: Mapping[str, Callable[..., Boundary]] = {
    "gateway.asgi.Middleware": lambda **settings: asgi.Middleware(None, **settings).boundary,  # type: ignore[arg-type]  # never called
    "gateway.wsgi.Middleware": lambda **settings: wsgi.Middleware(None, **settings).boundary,  # type: ignore[arg-type]  # never called
    "gateway.envoy.Service": lambda **settings: envoy.Service(**settings).boundary,
    "http.boundary": http.boundary,
}
CALLS: Mapping[str, Callable[..., http.RequestCheck]] = {
    "http.boundary": lambda *call, **settings: http.boundary(**settings).check_request(*call),
    "http.check_request": http.check_request,
}
DEFAULT_EDITIONS = {
    name: row.settings["edition"].default for name, row in COMMANDS.items() if "edition" in row.settings
}
"""The default edition of each command."""
NEWER = {
    "FunctionName": "f",
    "EventSourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/a/stream/2024-01-01T00:00:00.000",
    "BatchSize": 5000,
    "StartingPosition": "LATEST",
}
"""A request that the document rejects and the current API accepts."""


def test_the_table_lists_every_command_once() -> None:
    assert (
        sorted(row.name for row in _listed("command"))
        == sorted(set(COMMANDS) - {"completion", "drift", "help"})
        == sorted(DEFAULT_EDITIONS)
    )


def test_the_table_lists_every_python_function_with_an_edition() -> None:
    prefixes = {lv: "", http: "http.", strategies: "strategies.", export: "export."}
    public = {f"{prefixes[module]}{name}" for module in PUBLIC for name in _takers(module)}
    assert public - {row.name for row in IN_PYTHON} == set()
    assert len(IN_PYTHON) == len({row.name for row in IN_PYTHON}) > len(public) > 20


@pytest.mark.parametrize("row", _listed("command"), ids=lambda row: row.name)
class TestCommands:
    def test_the_default_in_code_matches_the_table(self, row: Row) -> None:
        assert DEFAULT_EDITIONS[row.name] == row.edition

    def test_the_help_states_the_default(self, row: Row, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("COLUMNS", "200")
        shown = " ".join(arguments.command(row.name).format_help().split())
        match = re.search(r"--edition EDITION (?P<help>.*?\(default: (?P<default>\w+)(?P<words>.*?)\)) --", shown)
        assert match
        assert match["default"] == row.edition
        assert ("warnings where the documents differ" in match["words"]) is (row.edition == "both")
        assert {"current", "documents"} <= set(re.findall(r"\w+", match["help"]))


@pytest.mark.parametrize(
    "module", [docs_command, export_command, fuzz_command, serve_command], ids=lambda module: module.__name__
)
def test_the_docstring_of_a_command_s_module_says_the_default(module: ModuleType) -> None:
    name = module.__name__.rpartition(".")[2]
    assert f'`edition` is `"{DEFAULT_EDITIONS[name]}"` by default' in " ".join((module.__doc__ or "").split())


def test_the_hooks_use_the_default_of_lint() -> None:
    assert {row.name: row.edition for row in _listed("hook")} == dict.fromkeys(HOOKS, DEFAULT_EDITIONS["lint"])
    assert {(*entry[:2], "--edition" in entry) for entry in HOOKS.values()} == {("lambda-validate", "lint", False)}


@pytest.mark.parametrize("row", SIGNED, ids=lambda row: row.name)
def test_the_default_of_an_argument(row: Row) -> None:
    assert _parameters(_found(row.name))["edition"].default == row.edition


def test_functions_without_a_default_argument_have_their_own_tests() -> None:
    others = {row.name for row in IN_PYTHON} - {row.name for row in SIGNED}
    assert others == {"boto.attach", "http.check_request", "http.check_response", MARKER}


def test_the_default_of_the_marker() -> None:
    [row] = [each for each in IN_PYTHON if each.name == MARKER]
    assert pytest_plugin.Wanted("Invoke").edition == row.edition
    assert f'"{row.edition}" is the default' in pytest_plugin.ARGUMENTS["edition"]


@pytest.mark.parametrize("row", [row for row in IN_PYTHON if row.name != MARKER], ids=lambda row: row.name)
def test_a_docstring_says_the_default(row: Row) -> None:
    words = " ".join((_found(row.name).__doc__ or "").split())
    assert f'"{row.edition}"` by default' in words
    assert f'`"{row.route}"`' in words or not row.route or row.name == "http.check_response"


def test_the_marker_s_docstring_says_the_default() -> None:
    assert '`edition` is `"current"` by default' in " ".join((pytest_plugin.__doc__ or "").split())


@pytest.mark.parametrize("given", [{}, {"edition": "current"}, {"edition": "documents"}], ids=str)
def test_attach_uses_current_by_default(given: dict[str, str]) -> None:
    [row] = [each for each in IN_PYTHON if each.name == "boto.attach"]
    client = made()
    checked: list[Event] = []
    wire = Wire(client, body=b'{"Functions": []}')
    boto.attach(client, "log", on_check=checked.append, **given)
    client.list_functions(MaxItems=10_001)
    is_checked = given.get("edition", row.edition) == "current"
    assert any(event.report.errors for event in checked) is is_checked
    assert len(wire.sent) == 1


@pytest.mark.parametrize("name", CALLS)
def test_requests_are_checked_against_documents_by_default(name: str) -> None:
    body = json.dumps(NEWER)
    call = ("POST", "/2015-03-31/event-source-mappings/", {"content-type": "application/json"}, body)
    assert [each.rule for each in CALLS[name](*call).report.errors] == ["batch-size.dynamodb"]
    assert CALLS[name](*call, edition="current").report.ok


def test_responses_are_checked_against_documents_by_default() -> None:
    answer = ("ListFunctions", 200, [("content-type", "application/json")], b"{}")
    with pytest.raises(lv.UnknownNameError):
        http.check_response(*answer)
    assert http.check_response(*answer, edition="current").report.ok


class TestBoundaries:
    @pytest.mark.parametrize("row", [row for row in IN_PYTHON if row.name in BOUNDARIES], ids=lambda row: row.name)
    def test_edition_and_unknown_routes_match_the_table(self, row: Row) -> None:
        boundary = BOUNDARIES[row.name]()
        assert (boundary.validator.edition, boundary.unknown_route) == (row.edition, row.route)

    @pytest.mark.parametrize("make", BOUNDARIES.values(), ids=BOUNDARIES)
    @pytest.mark.parametrize("edition", ["documents", "current"])
    def test_a_validator_keeps_its_edition(self, make: Callable[..., Boundary], edition: str) -> None:
        assert make(validator=lv.Validator(edition)).validator.edition == edition

    @pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
    def test_an_unknown_route_is_rejected(self, call: Callable[..., http.RequestCheck]) -> None:
        assert call("GET", "/health", [], b"").answer
        assert not call("GET", "/health", [], b"", unknown_route="pass").answer

    def test_serve_has_the_listed_unknown_route(self) -> None:
        [row] = [each for each in _listed("command") if each.route]
        assert row.name == "serve"
        assert arguments.command("serve").parse_args([]).unknown_route == row.route


def test_an_attached_validator_keeps_its_edition() -> None:
    client = made()
    Wire(client)
    boto.attach(client, validator=lv.Validator("documents"))
    with pytest.raises(boto.InvalidParametersError, match="at most 1,000 for a DynamoDB stream"):
        client.create_event_source_mapping(**NEWER)
    client.create_event_source_mapping(**VALID)


def test_settings_do_not_affect_the_python_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".lambda-validate.toml").write_text('edition = "current"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAMBDA_VALIDATE_EDITION", "current")
    assert not lv.is_valid_request("CreateEventSourceMapping", NEWER)
    assert lv.Validator().edition == "documents"
    monkeypatch.setenv("LAMBDA_VALIDATE_EDITION", "documents")
    assert asgi.Middleware(None).boundary.validator.edition == "current"  # type: ignore[arg-type]  # never called
