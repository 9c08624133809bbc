"""Test the URL of a source: the API reference page that states a rule, and where the URL is shown."""

from __future__ import annotations

import json
import pickle
from functools import cache
from typing import Any

import pytest
from support.linting import BAD, GOOD, Project

import lambda_validate as lv
from lambda_validate import catalog
from lambda_validate.catalog import Catalog
from lambda_validate.docs.site import Site
from lambda_validate.lint.findings.lint_rules import own_rules
from lambda_validate.report import LAMBDA_MODEL, PAGE, Source
from lambda_validate.validator.rules import rules

MADE_FROM = catalog.find("current").made_from.removeprefix("botocore ")
MAPPING = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"


@pytest.mark.parametrize(("document", "section", "page"), [
    ("CreateEventSourceMapping", "Request Body", "CreateEventSourceMapping"),
    ("GetFunctionEventInvokeConfig", "URI Request Parameters", "GetFunctionEventInvokeConfig"),
    (LAMBDA_MODEL, "CreateAlias", "CreateAlias"),
    (LAMBDA_MODEL, "CreateAliasRequest", "CreateAlias"),
    (LAMBDA_MODEL, "ListLayersResponse", "ListLayers"),
    (LAMBDA_MODEL, "InvokeWithResponseStreamRequest", "InvokeWithResponseStream"),
    (LAMBDA_MODEL, "InvocationRequest", "Invoke"),
    (LAMBDA_MODEL, "DestinationConfig", "DestinationConfig"),
    (LAMBDA_MODEL, "EnvironmentResponse", "EnvironmentResponse"),
    ("lambda-validate", "Limits", None),
    ("lambda-validate", "RFC 8259, 2", None),
    ("KMS 2014-11-01 service model", "CreateAliasRequest", None),
    ("RFC 8259", "Objects", None),
    ("AWS::Lambda::EventInvokeConfig", "Properties", None),
    ("schema", "", None),
])  # fmt: skip
def test_a_source_has_the_url_of_its_page(document: str, section: str, page: str | None) -> None:
    assert Source(document, section).url == (page and PAGE.format(page))


def test_a_source_is_made_compared_and_pickled_by_its_fields_alone() -> None:
    source = Source("CreateEventSourceMapping", "Request Body", "BatchSize")
    assert source == ("CreateEventSourceMapping", "Request Body", "BatchSize")
    assert source._fields == ("document", "section", "member")
    assert pickle.loads(pickle.dumps(source)) == source
    assert pickle.loads(pickle.dumps(source)).url == MAPPING
    assert str(source) == "CreateEventSourceMapping, Request Body, BatchSize"


def test_a_violation_gives_the_url_of_its_source() -> None:
    report = lv.validate_request("CreateEventSourceMapping", {"FunctionName": "f", "EventSourceArn": "x"})
    assert {each.source.url for each in report} == {MAPPING}


@cache
def model() -> Any:
    """Return the service model of the installed SDK."""
    pytest.importorskip("botocore", reason="the library does not need botocore")
    from botocore.loaders import Loader

    return Loader([Loader.BUILTIN_DATA_PATH], include_default_search_paths=False).load_service_model(
        "lambda", "service-2"
    )


@cache
def pages() -> set[str]:
    """Return the operations and structures of the service model, except the inputs and outputs of operations."""
    inputs = {
        each[side]["shape"] for each in model()["operations"].values() for side in ("input", "output") if side in each
    }
    wrappers = {name for name in inputs if name.endswith(("Request", "Response"))}
    structures = {name for name, each in model()["shapes"].items() if each["type"] == "structure"}
    return {PAGE.format(name) for name in (structures - wrappers) | model()["operations"].keys()}


def is_newer_than_the_sdk(source: Source) -> bool:
    """Return whether the installed SDK is older than the one of `current`, and lacks a source."""
    botocore = pytest.importorskip("botocore", reason="the library does not need botocore")
    known = model()["shapes"] if source.document == LAMBDA_MODEL else model()["operations"]
    name = source.section if source.document == LAMBDA_MODEL else source.document
    return name not in known and release(botocore.__version__) < release(MADE_FROM)


def release(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize("edition", ["documents", "current"])
def test_every_source_that_is_a_page_of_the_reference_has_a_url(edition: str) -> None:
    operations = catalog.operations(edition)
    for source in {source for rule in rules(edition) for source in rule.sources}:
        if source.document in operations or source.document == LAMBDA_MODEL:
            assert source.url in pages() or (source.url and is_newer_than_the_sdk(source)), source
        else:
            assert source.url is None, source


def test_rules_of_linting_have_no_url() -> None:
    assert {source.url for rule in own_rules("current") for source in rule.sources} == {None}


def test_a_rule_of_another_service_has_no_url_although_an_operation_has_the_same_name() -> None:
    loaders = pytest.importorskip("botocore.loaders", reason="the library does not need botocore")
    kms = Catalog.from_service_model(loaders.Loader().load_service_model("kms", "service-2"))
    assert {source.url for rule in rules(kms, ("CreateAlias",)) for source in rule.sources} == {None}
    report = lv.Validator(kms).validate_response("CreateAlias", {}, 418)
    assert [(str(each.source), each.source.url) for each in report] == [
        ("KMS 2014-11-01 service model, CreateAlias, HTTP Status Code", None)
    ]


# Where the URL is shown.


def test_json_has_the_url_of_a_finding(project: Project) -> None:
    project.write({"a.json": BAD})
    (finding,) = json.loads(project.json().out)["findings"]
    assert finding["source"] == "CreateEventSourceMapping, Request Body, BatchSize"
    assert finding["url"] == MAPPING


def test_a_finding_that_no_page_states_has_null_for_a_url(project: Project) -> None:
    project.write({"a.json": BAD[:-1].replace("11", "1") + ', "BatchSize": 1}'})
    (finding,) = json.loads(project.json().out)["findings"]
    assert (finding["rule"], finding["url"]) == ("document.duplicate-member", None)


def test_a_rule_in_sarif_has_the_url_as_its_help(project: Project) -> None:
    project.write({"a.json": BAD, "b.json": GOOD[:-1] + ', "FunctionName": "f"}'})
    found = json.loads(project.run("--output-format", "sarif").out)["runs"][0]["tool"]["driver"]["rules"]
    urls = {each["id"]: each.get("helpUri", "none") for each in found}
    assert urls == {"batch-size.sqs": MAPPING, "document.duplicate-member": "none"}


def test_a_finding_in_html_is_a_link_to_the_page(project: Project) -> None:
    project.write({"a.json": BAD})
    assert (
        f'<a href="{MAPPING}">CreateEventSourceMapping, Request Body, BatchSize</a>'
        in project.run("--output-format", "html").out
    )


def test_explain_gives_the_url_of_each_source(project: Project) -> None:
    lines = project.run("batch-size.sqs", command="explain").out.splitlines()
    assert f"  stated: CreateEventSourceMapping, Request Body, BatchSize ({MAPPING})" in lines
    facts = json.loads(project.json("batch-size.sqs", command="explain").out)
    assert [each["url"] for each in facts["sources"]] == [MAPPING]
    own = project.run("body.depth", command="explain").out
    assert "  stated: lambda-validate, RFC 8259, 9, the operation\n" in own


def test_the_pages_link_to_the_url() -> None:
    site = dict(Site("documents").files())
    assert MAPPING in site["rules.html"].decode()
    assert MAPPING in site["operations/CreateEventSourceMapping.html"].decode()
