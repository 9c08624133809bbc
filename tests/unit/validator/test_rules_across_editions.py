"""Test that rule ids of every edition are accepted everywhere. An edition without a rule ignores its id."""

from __future__ import annotations

import json
import shutil
from functools import cache
from typing import Any

import pytest
from support.linting import Project
from support.paths import TESTS

import lambda_validate as lv
from lambda_validate.catalog import EDITIONS, Catalog
from lambda_validate.gateway.asgi import Middleware
from lambda_validate.gateway.wsgi import Middleware as WsgiMiddleware
from lambda_validate.http import boundary
from lambda_validate.pytest_plugin import Wanted, cases
from lambda_validate.validator import rules as rules_module
from lambda_validate.validator.rules import ids, require

TAKERS = {
    "Validator": lambda edition, names: lv.Validator(edition, disable=names),
    "boundary": lambda edition, names: boundary(edition=edition, disable=names),
    "asgi": lambda edition, names: Middleware(None, edition=edition, disable=names),
    "wsgi": lambda edition, names: WsgiMiddleware(None, edition=edition, disable=names),
}
"""Python functions with parameters for rule names."""

taker = pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
SERVICE = {
    "metadata": {"protocol": "json", "apiVersion": "2020-01-01", "serviceId": "Shop", "endpointPrefix": "shop",
                 "jsonVersion": "1.1", "targetPrefix": "Shop", "signatureVersion": "v4"},
    "operations": {"Buy": {"name": "Buy", "http": {"method": "POST", "requestUri": "/"},
                           "input": {"shape": "BuyRequest"}}},
    "shapes": {"BuyRequest": {"type": "structure", "required": ["Item"], "members": {"Item": {"shape": "Text"}}},
               "Text": {"type": "string"}},
}  # fmt: skip


@cache
def of_documents() -> list[str]:
    return sorted(ids("documents") - ids("current"))


@cache
def of_current() -> list[str]:
    return sorted(ids("current") - ids("documents"))


@pytest.fixture
def names(edition: str) -> list[str]:
    """Return the rules that an edition lacks. This is not done at collection, because it compiles every operation."""
    return of_documents() if edition == "current" else [of_current()[0], of_current()[-1]]


def test_each_edition_has_rules_that_the_other_lacks() -> None:
    assert of_documents()
    assert of_current()


class TestPython:
    @taker
    @pytest.mark.parametrize("edition", EDITIONS)
    def test_a_rule_of_another_edition_is_accepted(self, take: Any, edition: str, names: list[str]) -> None:
        for name in names:
            take(edition, [name])

    @taker
    @pytest.mark.parametrize("edition", EDITIONS)
    def test_a_rule_of_no_edition_is_an_error_with_the_nearest_of_all(self, take: Any, edition: str) -> None:
        with pytest.raises(lv.UnknownNameError, match=r"did you mean 'batch-size\.dynamodb'"):
            take(edition, ["batch-size.dynamodbs"])

    def test_disabling_a_rule_of_another_edition_has_no_effect(self) -> None:
        payload = {"FunctionName": "a b"}
        one, other = lv.Validator("current", disable=of_documents()), lv.Validator("current")
        call = ("GetFunctionEventInvokeConfig", payload)
        assert one.validate_request(*call).violations == other.validate_request(*call).violations != ()

    def test_a_catalog_accepts_its_own_rules_and_those_of_the_editions(self) -> None:
        shop = Catalog.from_service_model(SERVICE)
        lv.Validator(shop, disable=["item.required", of_documents()[0], of_current()[0]])
        with pytest.raises(lv.UnknownNameError, match=r"did you mean 'item\.required'"):
            lv.Validator(shop, disable=["item.requird"])

    def test_an_edition_s_own_rules_do_not_need_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        looked_up: list[object] = []

        def noted(edition: Any, *rest: Any) -> frozenset[str]:
            looked_up.append(edition)
            return ids(edition, *rest)

        monkeypatch.setattr(rules_module, "ids", noted)
        require(["batch-size.sqs"], "documents")
        assert looked_up == ["documents"]
        require(["batch-size.sqs", of_current()[0]], "documents")
        assert "current" in looked_up

    def test_attach_accepts_rules_of_other_editions(self) -> None:
        session = pytest.importorskip("botocore.session", reason="the library does not need botocore").get_session()
        from lambda_validate.boto import attach

        attach(session, edition="current", disable=of_documents())()
        with pytest.raises(lv.UnknownNameError, match=r"did you mean 'batch-size\.dynamodb'"):
            attach(session, edition="current", disable="batch-size.dynamodbs")

    def test_a_rule_that_an_edition_lacks_names_the_one_that_has_it(self) -> None:
        with pytest.raises(lv.UnknownNameError, match=r"the edition 'documents' has it; pass edition='documents'$"):
            rules_module.rule("batch-size.dynamodb", "current")

    def test_a_marker_of_pytest_finds_no_case_of_such_a_rule(self) -> None:
        with pytest.raises(LookupError, match="there is no such case") as caught:
            cases(Wanted(GET, rule="batch-size.dynamodb", edition="current"))
        assert not isinstance(caught.value, lv.UnknownNameError)


GOOD_REQUEST = '{"FunctionName": "orders", "EventSourceArn": "arn:aws:sqs:us-west-2:123456789012:orders"}'
CREATE, GET = "CreateEventSourceMapping", "GetFunctionEventInvokeConfig"
COMMANDS = {
    "lint": ("lint", "-"),
    "request": ("request", CREATE),
    "response": ("response", CREATE, "--status", "404", "--error", "ResourceNotFoundException"),
    "fuzz": ("fuzz", GET, "--corpus", "--minimal"),
    "serve": ("serve",),
}
"""The commands with options for rule names."""


@pytest.fixture
def _served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop `serve` before it starts."""
    server = pytest.importorskip("lambda_validate.serve.server", reason="the extra serve is not installed")
    monkeypatch.setattr(server, "run", lambda plan: 0)


@pytest.mark.usefixtures("_served")
class TestCommands:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("edition", EDITIONS)
    def test_a_rule_of_another_edition_is_accepted(
        self, project: Project, command: str, edition: str, names: list[str]
    ) -> None:
        name, *rest = COMMANDS[command]
        ran = project.run(*rest, "--edition", edition, "--disable", ",".join(names), stdin=GOOD_REQUEST, command=name)
        assert (ran.code, "there is no rule" in ran.err) == (0, False)

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("edition", EDITIONS)
    def test_a_rule_of_no_edition_is_an_error_with_the_nearest(
        self, project: Project, command: str, edition: str
    ) -> None:
        name, *rest = COMMANDS[command]
        ran = project.run(*rest, "--edition", edition, "--disable", "batch-size.dynamodbs", command=name)
        assert (ran.code, ran.out) == (2, "")
        assert (
            ran.err == "lambda-validate: there is no rule 'batch-size.dynamodbs'; did you mean 'batch-size.dynamodb'?\n"
        )

    def test_disabled_rules_are_applied_by_serve_and_fuzz(
        self, monkeypatch: pytest.MonkeyPatch, project: Project
    ) -> None:
        plans: list[Any] = []
        monkeypatch.setattr("lambda_validate.serve.server.run", plans.append)
        assert project.run("--disable", "batch-size.sqs,member.newer", command="serve").code == 0
        assert plans[0].settings["disable"] == {"batch-size.sqs", "member.newer"}
        printed = project.run(GET, "--corpus", "--minimal", "--disable", "function-name.pattern", command="fuzz").out
        rules = {json.loads(line)["rule"] for line in printed.splitlines()}
        assert "function-name.pattern" not in rules
        assert "function-name.length" in rules

    def test_a_rule_that_an_edition_lacks_is_explained_by_the_other(self, project: Project) -> None:
        ran = project.run("batch-size.dynamodb", "--edition", "current", command="explain")
        assert ran.code == 0
        assert ran.out.startswith("batch-size.dynamodb (error)\n")
        assert "what the edition 'documents' states" in ran.err
        assert project.run("batch-size.dynamodb", "--edition", "documents", command="explain").err == ""


IGNORES = [
    ("a.yaml", "BatchSize: 5 # lambda-validate: ignore[{}]\nFunctionName: f\nEventSourceArn: {}\n"),
    ("a.yaml", "# lambda-validate: ignore-file[{}]\nFunctionName: f\nEventSourceArn: {}\n"),
    ("a.json", '{{"Resources": {{"A": {{"Type": "AWS::Lambda::EventSourceMapping", "Metadata": {{"lambda-validate": '
     '{{"ignore": ["{}"]}}}}, "Properties": {{"FunctionName": "f", "EventSourceArn": "{}"}}}}}}}}'),
    ("a.tf.json", '{{"resource": {{"aws_lambda_event_source_mapping": {{"a": {{"//": "lambda-validate: ignore[{}]", '
     '"function_name": "f", "event_source_arn": "{}"}}}}}}}}'),
    ("a.tf", 'resource "aws_lambda_event_source_mapping" "a" {{\n# lambda-validate: ignore[{}]\nfunction_name = "f"\n'
     'event_source_arn = "{}"\n}}\n'),
]  # fmt: skip
QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"


class TestIgnores:
    @pytest.mark.parametrize(("file", "text"), IGNORES)
    @pytest.mark.parametrize("edition", EDITIONS)
    def test_a_rule_of_another_edition_is_neither_unknown_nor_unused(
        self, project: Project, file: str, text: str, edition: str, names: list[str]
    ) -> None:
        for name in names:
            project.write({file: text.format(name, QUEUE)})
            ran = project.json("--edition", edition)
            assert (json.loads(ran.out)["summary"]["checked"], ran.rules) == (1, [])

    @pytest.mark.parametrize(("file", "text"), IGNORES)
    def test_a_rule_of_this_edition_is_unused(self, project: Project, file: str, text: str) -> None:
        project.write({file: text.format("batch-size.dynamodb", QUEUE)})
        assert project.json("--edition", "documents").rules == ["ignore.unused"]

    def test_only_some_unknown_names_are_compared(self, project: Project) -> None:
        names = ", ".join(f"batch-size.sqs{number}" for number in range(30))
        project.write({"a.yaml": IGNORES[1][1].format(names, QUEUE)})
        found = json.loads(project.json().out)["findings"]
        assert [each["rule"] for each in found] == ["ignore.unknown"] * 30
        assert sum("did you mean" in each["message"] for each in found) == 20


OLD = TESTS / "data" / "written-for-documents"


class TestOldFiles:
    """Settings, a baseline and ignores of version 0.1.0 with the edition `documents`."""

    @pytest.fixture
    def old(self, project: Project) -> Project:
        shutil.copytree(OLD, project.folder, dirs_exist_ok=True)
        return project

    def test_the_baseline_names_rules_that_current_lacks(self) -> None:
        known = {each["rule"] for each in json.loads((OLD / "known.json").read_text())["findings"]}
        assert known & set(of_documents())

    def test_with_documents_all_findings_are_ignored_or_in_the_baseline(self, old: Project) -> None:
        ran = old.run("--edition", "documents")
        assert (ran.code, ran.out) == (0, "")
        assert "0 errors, 0 warnings (4 ignored, 3 in the baseline)" in ran.err

    def test_with_current_no_ignore_is_unused_or_unknown(self, old: Project) -> None:
        ran = old.json("--edition", "current")
        assert (ran.code, ran.rules) == (0, ["scaling-config.source"])  # no version before 0.2.0 reported it

    @pytest.mark.parametrize("edition", EDITIONS)
    def test_request_accepts_rules_of_other_editions(self, old: Project, edition: str) -> None:
        ran = old.run(CREATE, "request.json", "--edition", edition, command="request")
        assert ran.code in (0, 1)
        assert "there is no" not in ran.err
