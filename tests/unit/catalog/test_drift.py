"""Test `drift`: how a newer service model differs from an edition, as rows and as printed output."""

from __future__ import annotations

import configparser
import copy
import json
import pickle
import sys
from collections.abc import Callable
from typing import Any

import botocore
import pytest
import yaml
from support.paths import ROOT

from lambda_validate import catalog
from lambda_validate.catalog import Catalog, services
from lambda_validate.catalog.models.drift import Difference, differences, refuses
from lambda_validate.catalog.models.edition import edition
from lambda_validate.catalog.models.shipped import service_model
from lambda_validate.cli import main

Change = Callable[[Any], object]
Doctored = Callable[[Change], tuple[Difference, ...]]


@pytest.fixture(scope="module")
def lambdas() -> Any:
    return service_model("lambda", own=False)


@pytest.fixture(scope="module")
def before(lambdas: Any) -> dict[str, Any]:
    return edition("current", lambdas, {})


@pytest.fixture(scope="module")
def pickled(lambdas: Any) -> bytes:
    """Return the pickled model, because unpickling takes a fraction of the time of `deepcopy`."""
    return pickle.dumps(lambdas)


@pytest.fixture
def doctored(pickled: bytes, before: dict[str, Any]) -> Doctored:
    """Return a function that changes the model and returns the differences."""

    def compare(change: Change) -> tuple[Difference, ...]:
        model = pickle.loads(pickled)
        change(model)
        return differences(before.__getitem__, edition("current", model, {}).__getitem__)

    return compare


def row(each: Difference) -> tuple[Any, ...]:
    return each.kind, each.operations[0], each.place, each.fact, each.ours, each.theirs


TOO_MUCH = {"shape": "CodeStorageExceededException"}
Changes = list[tuple[str, Change, list[tuple[Any, ...]]]]
CHANGES: Changes = [
    ("nothing", lambda model: None, []),
    ("words", lambda model: model["shapes"]["Runtime"].update(documentation="other"), []),
    ("an operation added", lambda model: model["operations"].update(Paint=model["operations"]["GetAlias"]),
     [("operation", "Paint", "", "Paint", None, "Paint")]),
    ("an operation removed", lambda model: model["operations"].pop("InvokeAsync"),
     [("operation", "InvokeAsync", "", "InvokeAsync", "InvokeAsync", None)]),
    ("a member added", lambda model: model["shapes"]["CreateAliasRequest"]["members"].update(New={"shape": "Runtime"}),
     [("member", "CreateAlias", "request", "New", None, "New")]),
    ("a member removed", lambda model: model["shapes"]["CreateAliasRequest"]["members"].pop("Description"),
     [("member", "CreateAlias", "request", "Description", "Description", None)]),
    ("a choice added", lambda model: model["shapes"]["InvocationType"]["enum"].append("Later"),
     [("choice", "Invoke", "request/InvocationType", "Later", None, "Later")]),
    ("a maximum moved", lambda model: model["shapes"]["MaxListItems"].update(max=5),
     [("bound", "ListAliases", "request/MaxItems", "maximum", 10_000, 5)]),
    ("a bound of a length", lambda model: model["shapes"]["Description"].update(max=65),
     [("bound", "CreateAlias", "request/Description", "maxLength", 256, 65)]),
    ("a pattern", lambda model: model["shapes"]["Handler"].update(pattern="[a-z]+"),
     [("pattern", "CreateFunction", "request/Handler", "pattern", r"[^\s]+", "[a-z]+")]),
    ("what is required", lambda model: model["shapes"]["CreateAliasRequest"]["required"].append("Description"),
     [("required", "CreateAlias", "request", "Description", None, "Description")]),
    ("a route", lambda model: model["operations"]["ListLayers"]["http"].update(requestUri="/new"),
     [("route", "ListLayers", "", "path", "/2018-10-31/layers", "/new")]),
    ("a status", lambda model: model["operations"]["GetAlias"]["http"].update(responseCode=202),
     [("route", "GetAlias", "", "success", 200, 202)]),
    ("a place", lambda model: model["shapes"]["GetAliasRequest"]["members"]["Name"].update(location="querystring"),
     [("route", "GetAlias", "request", "Name", "path", "query")]),
    ("an exception", lambda model: model["operations"]["GetAlias"]["errors"].append(TOO_MUCH),
     [("exception", "GetAlias", "", "CodeStorageExceededException", None, 400)]),
    ("a type", lambda model: model["shapes"]["Enabled"].update(type="string"),
     [("type", "CreateEventSourceMapping", "request/Enabled", "type", "boolean", "string")]),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rows"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_a_change_of_the_model_is_a_row(doctored: Doctored, change: Change, rows: list[tuple[Any, ...]]) -> None:
    assert [row(each) for each in doctored(change)] == rows


def shape(name: str, **facts: Any) -> Change:
    return lambda model: model["shapes"][name].update(facts)


DIRECTIONS: list[tuple[str, Change, bool]] = [
    ("an operation added", lambda model: model["operations"].update(Paint=model["operations"]["GetAlias"]), True),
    ("an operation removed", lambda model: model["operations"].pop("InvokeAsync"), False),
    ("a member added", lambda model: model["shapes"]["CreateAliasRequest"]["members"].update(New={"shape": "Runtime"}),
     True),
    ("a member removed", lambda model: model["shapes"]["CreateAliasRequest"]["members"].pop("RoutingConfig"), False),
    ("a choice added", lambda model: model["shapes"]["InvocationType"]["enum"].append("Later"), True),
    ("a choice removed", lambda model: model["shapes"]["InvocationType"]["enum"].remove("DryRun"), False),
    ("a choice of an answer added", lambda model: model["shapes"]["StateReasonCode"]["enum"].append("Later"), True),
    ("a maximum raised", shape("MaxListItems", max=20_000), True),
    ("a maximum lowered", shape("MaxListItems", max=5), False),
    ("a maximum dropped", lambda model: model["shapes"]["MaxListItems"].pop("max"), True),
    ("a minimum raised", shape("MaxListItems", min=2), False),
    ("a minimum lowered", shape("MaxListItems", min=0), True),
    ("a length raised", shape("Description", max=300), True),
    ("a length lowered", shape("Description", max=200), False),
    ("a bound that is new", shape("Handler", min=2), False),
    ("a wider pattern", shape("Handler", pattern="[\\s\\S]+"), True),
    ("a narrower pattern", shape("Handler", pattern="[a-z]+"), False),
    ("another pattern", shape("Handler", pattern="[a-z ]+"), True),
    ("a pattern dropped", lambda model: model["shapes"]["Handler"].pop("pattern"), True),
    ("a pattern that cannot be read", shape("Handler", pattern="(?<name>a)"), True),
    ("required no more", lambda model: model["shapes"]["CreateAliasRequest"]["required"].remove("FunctionVersion"),
     True),
    ("newly required", lambda model: model["shapes"]["CreateAliasRequest"]["required"].append("Description"), False),
    ("a route", lambda model: model["operations"]["ListLayers"]["http"].update(requestUri="/new"), True),
    ("an exception added", lambda model: model["operations"]["GetAlias"]["errors"].append(TOO_MUCH), True),
    ("an exception removed", lambda model: model["operations"]["GetAlias"]["errors"].pop(), False),
    ("a type", shape("Enabled", type="string"), True),
]  # fmt: skip


@pytest.mark.parametrize(("change", "is_refused"), [row[1:] for row in DIRECTIONS], ids=[row[0] for row in DIRECTIONS])
def test_only_changes_that_the_edition_rejects_exit_with_one(
    sdk: Sdk, capsys: pytest.CaptureFixture[str], change: Change, is_refused: bool
) -> None:
    sdk(change)
    ran = Ran(capsys, "drift", "--output-format", "json")
    rows = json.loads(ran.out)["drift"]
    assert rows
    assert (any(each["refused"] for each in rows), ran.code) == (is_refused, int(is_refused))
    assert ("python tools/current.py" in ran.err) is is_refused


def test_a_change_of_a_type_is_one_row_for_all_its_operations(doctored: Doctored) -> None:
    found = doctored(lambda model: model["shapes"]["Runtime"]["enum"].append("python9"))
    assert {each.place.partition("/")[0] for each in found} == {"request", "response"}
    assert len(found) == 2
    assert {"CreateFunction", "UpdateFunctionConfiguration"} <= set(found[0].operations)


def test_common_limits_rows_to_common_operations(before: dict[str, Any]) -> None:
    found = differences(catalog.find("documents").document, before.__getitem__, common=True)
    assert {each.kind for each in found} >= {"bound", "pattern", "member", "required"}
    assert {name for each in found for name in each.operations} <= set(catalog.operations("documents"))
    newer = next(each for each in found if each.fact == "BisectBatchOnFunctionError")
    assert (newer.kind, newer.ours, newer.theirs) == ("member", None, "BisectBatchOnFunctionError")


def test_differences_are_immutable_values() -> None:
    one = Difference("bound", ("A",), "request/B", "maximum", 1, 2)
    assert one == Difference("bound", ("A",), "request/B", "maximum", 1, 2)
    with pytest.raises(AttributeError):
        one.ours = 3  # type: ignore[misc]  # wrong on purpose


def test_recursive_shapes_are_compared_once(doctored: Doctored) -> None:
    def change(model: Any) -> None:
        model["shapes"]["Tree"] = {"type": "structure", "members": {"Below": {"shape": "Tree"}}}
        model["shapes"]["CreateAliasRequest"]["members"]["Tree"] = {"shape": "Tree"}

    def grown(model: Any) -> None:
        change(model)
        model["shapes"]["Tree"]["members"]["New"] = {"shape": "Runtime"}

    one, other = (copy.deepcopy(service_model("lambda", own=False)) for _ in range(2))
    change(one)
    grown(other)
    found = differences(edition("current", one, {}).__getitem__, edition("current", other, {}).__getitem__)
    assert [row(each) for each in found] == [("member", "CreateAlias", "request/Tree", "New", None, "New")]


# The command.


class Ran:
    def __init__(self, capsys: pytest.CaptureFixture[str], *argv: str) -> None:
        self.code = main(argv)
        self.out, self.err = capsys.readouterr()


Sdk = Callable[..., None]


@pytest.fixture(scope="module")
def made(lambdas: Any) -> dict[str, Any]:
    """Return the edition of the installed model, with the overlays."""
    return edition("current", lambdas, dict(services.overlays(lambdas["operations"])))


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch, pickled: bytes, made: dict[str, Any]) -> Sdk:
    """Return a function that builds the edition from the installed model, and then changes the model of the SDK."""

    def use(change: Change = lambda model: None) -> None:
        model = pickle.loads(pickled)
        editions = {"documents": catalog.find("documents"), "current": Catalog("current", made.__getitem__)}
        change(model)
        monkeypatch.setattr(catalog, "EDITIONS", editions)
        monkeypatch.setattr(services, "service_model", lambda *_, **__: model)

    return use


def later(model: Any) -> None:
    model["shapes"]["InvocationType"]["enum"].append("Later")


def test_overlays_and_the_own_model_give_no_drift(sdk: Sdk) -> None:
    sdk()
    assert services.compared().drift == ()


def test_drift_shows_both_comparisons_as_tables(capsys: pytest.CaptureFixture[str], sdk: Sdk) -> None:
    sdk()
    ran = Ran(capsys, "drift")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("The edition current allows all that botocore ")
    lines = ran.out.splitlines()
    assert ["required", "CreateEventSourceMapping", "request", *["EventSourceArn"] * 2, "-"] in map(str.split, lines)
    assert all(len(line) < 200 for line in ran.out.splitlines())


def test_the_concise_and_json_forms_have_no_refused_difference_either(
    capsys: pytest.CaptureFixture[str], sdk: Sdk
) -> None:
    sdk(lambda model: model["shapes"]["InvocationType"]["enum"].remove("DryRun"))
    concise, as_json = (Ran(capsys, "drift", "--output-format", each) for each in ("concise", "json"))
    assert [(each.code, each.err) for each in (concise, as_json)] == [(0, ""), (0, "")]
    assert "drift: choice Invoke request/InvocationType DryRun: DryRun -> -" in concise.out.splitlines()
    assert [(each["fact"], each["refused"]) for each in json.loads(as_json.out)["drift"]] == [("DryRun", False)]


def test_drift_exits_with_one_where_the_sdk_is_newer(capsys: pytest.CaptureFixture[str], sdk: Sdk) -> None:
    sdk(later)
    full, concise, as_json = (Ran(capsys, "drift", "--output-format", each) for each in ("full", "concise", "json"))
    assert [each.code for each in (full, concise, as_json)] == [1, 1, 1]
    assert "choice  Invoke request/InvocationType" in full.out
    assert "drift: choice Invoke request/InvocationType Later: - -> Later" in concise.out.splitlines()
    data = json.loads(as_json.out)
    assert data["edition"] == "current"
    assert data["drift"] == [
        {"kind": "choice", "operations": ["Invoke"], "place": "request/InvocationType", "fact": "Later", "ours": None,
         "theirs": "Later", "refused": True}
    ]  # fmt: skip
    assert data["regenerate"] == "python tools/current.py"
    installed = botocore.__version__
    assert [each.err for each in (full, concise, as_json)] == 3 * [
        f"lambda-validate: in 1 difference, the edition current refuses what botocore {installed} allows; "
        "to regenerate the edition, run in a checkout: "
        f"python -m pip install botocore=={installed} && python tools/current.py\n"
    ]
    assert data["documents"] != []


def test_long_patterns_are_shown_from_their_first_difference(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line for line in Ran(capsys, "drift").out.splitlines() if line.startswith("pattern")]
    cells = [line.rsplit("  ", 1) for line in lines]
    assert any(cell[-1].strip().startswith("...") for cell in cells)


def test_without_botocore_one_line_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "botocore.loaders", None)
    ran = Ran(capsys, "drift")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        "lambda-validate: botocore, which ships the services' models, is not installed; install lambda-validate[boto]"
    ]


def test_drift_takes_no_edition(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "drift", "--edition", "documents")
    assert ran.code == 2
    assert "--edition" in ran.err


# Where the command runs.


def test_the_scheduled_workflow_runs_the_environment_that_takes_the_newest_botocore() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "drift.yml").read_text("utf-8"))
    triggers = workflow[True]  # YAML 1.1 reads the key `on` like this
    assert [each["cron"].split()[2:] for each in triggers["schedule"]] == [["*", "*", "1"]]
    assert "workflow_dispatch" in triggers
    assert "tox -e drift" in [each.get("run") for each in workflow["jobs"]["drift"]["steps"]]
    settings = configparser.ConfigParser()
    settings.read(ROOT / "tox.ini", "utf-8")
    environment = settings["testenv:drift"]
    assert environment["commands"] == "lambda-validate drift {posargs}"
    assert environment["commands_pre"] == "python -m pip install --quiet --upgrade botocore"


@pytest.mark.parametrize("theirs", [None, "lots", True, [], {}])
def test_an_unreadable_bound_counts_as_missing(theirs: Any) -> None:
    assert refuses("bound", "maximum", 10, theirs)
    assert not refuses("bound", "maximum", None, theirs)
    assert refuses("bound", "maximum", 10, 11)
    assert not refuses("bound", "minimum", 1, 2)
