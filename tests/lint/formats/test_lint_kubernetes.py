"""Test manifests of ACK and Crossplane: objects in documents, names, references, and values that are set later."""

from __future__ import annotations

import io
from typing import Any

import pytest

import lambda_validate as lv
from lambda_validate.lint.documents import yaml_text
from lambda_validate.lint.findings.finding import LintOutcome
from lambda_validate.lint.findings.resource import SETTINGS, Resource
from lambda_validate.lint.formats.kubernetes import ack, crossplane
from lambda_validate.lint.formats.members import seconds
from lambda_validate.lint.runner import lint
from lambda_validate.lint.unresolved.parts import PARTS, Partial, Unknown

QUEUE = "arn:aws:sqs:us-west-2:123456789012:orders"
ACK = "{{apiVersion: lambda.services.k8s.aws/v1alpha1, kind: {kind}, spec: {spec}}}"
CROSSPLANE = "{{apiVersion: lambda.aws.upbound.io/v1beta1, kind: {kind}, spec: {spec}}}"


def read(module: Any, text: str) -> list[Resource]:
    parsed = yaml_text.parse(text, "yaml11")
    assert isinstance(parsed, tuple)
    return [each for document in parsed for each in module.resources(document, "documents")]


def mapping(spec: str) -> Resource:
    (resource,) = read(ack, ACK.format(kind="EventSourceMapping", spec=spec))
    return resource


def composed(spec: str, kind: str = "EventSourceMapping") -> Resource:
    (resource,) = read(crossplane, CROSSPLANE.format(kind=kind, spec=f"{{forProvider: {spec}}}"))
    return resource


def run(text: str) -> LintOutcome:
    return lint(["-"], io.BytesIO(text.encode()), lv.Validator())


@pytest.mark.parametrize(
    ("api", "name"),
    [
        ("EventSourceArn", "eventSourceARN"),
        ("KMSKeyArn", "kmsKeyARN"),
        ("FunctionName", "functionName"),
        ("ConsumerGroupId", "consumerGroupID"),
        ("SchemaRegistryURI", "schemaRegistryURI"),
        ("DocumentDBEventSourceConfig", "documentDBEventSourceConfig"),
        ("URI", "uri"),
        ("Type", "type"),
    ],
)
def test_ack_spells_names_as_go_does(api: str, name: str):
    assert ack.spelt(api) == name


@pytest.mark.parametrize(
    ("terraform", "name"),
    [("kms_key_arn", "kmsKeyArn"), ("document_db_event_source_config", "documentDbEventSourceConfig"), ("uri", "uri")],
)
def test_crossplane_spells_terraform_s_names_in_camel_case(terraform: str, name: str):
    assert crossplane.spelt(terraform) == name


def test_a_specification_becomes_a_mapping():
    spec = (
        f"{{functionName: f, eventSourceARN: '{QUEUE}', filterCriteria: {{filters: [{{pattern: x}}]}}, enabled: yes}}"
    )
    expected = {
        "FunctionName": "f",
        "EventSourceArn": QUEUE,
        "FilterCriteria": {"Filters": [{"Pattern": "x"}]},
        "Enabled": True,
    }
    assert mapping(spec).payload == expected
    spec = (
        f"{{functionName: f, eventSourceArn: '{QUEUE}', filterCriteria: [{{filter: [{{pattern: x}}]}}], enabled: yes}}"
    )
    assert composed(spec).payload == expected
    spec = f"{{functionName: f, eventSourceArn: '{QUEUE}', filterCriteria: {{filter: [{{pattern: x}}]}}, enabled: yes}}"
    assert composed(spec).payload == expected


@pytest.mark.parametrize("kind", ["Function", "Alias", "Version"])
def test_ack_settings_are_read_from_their_parent_resource(kind: str):
    spec = "{name: f, functionEventInvokeConfig: {maximumRetryAttempts: 1}}"
    (resource,) = read(ack, ACK.format(kind=kind, spec=spec))
    assert resource.payload == {"FunctionName": Unknown(), "MaximumRetryAttempts": 1}
    assert resource.direction == SETTINGS


@pytest.mark.parametrize(
    ("reference", "member"),
    [
        ("functionRef: {from: {name: f}}", "FunctionName"),
        ("eventSourceRef: {from: {name: q}}", "EventSourceArn"),
        ("queueRefs: [{from: {name: q}}]", "Queues"),
    ],
)
def test_ack_references_are_unknown_members(reference: str, member: str):
    resource = mapping(f"{{topics: [a], {reference}}}")
    assert resource.payload[member] == Unknown()
    assert not resource.extra


@pytest.mark.parametrize(
    ("reference", "member"),
    [
        ("functionNameRef: {name: f}", "FunctionName"),
        ("functionNameSelector: {matchLabels: {a: b}}", "FunctionName"),
        ("eventSourceArnRef: {name: q}", "EventSourceArn"),
        ("kmsKeyArnSelector: {}", "KMSKeyArn"),
    ],
)
def test_crossplane_references_are_unknown_members(reference: str, member: str):
    resource = composed(f"{{region: us-west-2, {reference}}}")
    assert resource.payload == {member: Unknown()}
    assert not resource.extra


def test_a_value_overrides_a_reference():
    assert composed("{functionName: f, functionNameRef: {name: g}}").payload == {"FunctionName": "f"}
    assert composed("{functionName: null, functionNameRef: {name: g}}").payload == {"FunctionName": Unknown()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$NAME", Unknown()),
        ("${NAME:-a}", Unknown()),
        ("$(NAME)", Unknown()),
        ("'{{ .Values.name }}'", Unknown()),
        ("f:$LATEST", "f:$LATEST"),
        ("f:$LATEST_ONE", Partial(("f:", None), starts=(0, None))),
        ("f-${STAGE}-g", Partial(("f-", None, "-g"), starts=(0, None, 10))),
        ("'f-{{ .Values.stage }}-g'", Partial(("f-", None), starts=(0, None))),
        ("!Ref f", Unknown()),
        ("$ 5", "$ 5"),
    ],
)
def test_placeholders_are_unknown_values(text: str, value: Any):
    (resource,) = read(
        ack, f"apiVersion: {ack.GROUP}/v1alpha1\nkind: EventSourceMapping\nspec:\n  functionName: {text}\n"
    )
    assert resource.payload["FunctionName"] == value


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01T00:00:10Z", 10),
        ("1970-01-01T02:00:00.25+02:00", 0.25),
        ("1969-12-31T23:59:59Z", -1),
        ("1970-01-01 00:00:10Z", None),
        ("1970-01-01T00:00:10", None),
        ("1970-13-01T00:00:10Z", None),
        ("1970-01-01T00:00:10Z\n", None),
        ("1970-01-01T00:00:10." + "0" * 60 + "Z", None),
        (10, None),
        (None, None),
    ],
)
def test_timestamps_are_parsed_as_rfc_3339(text: object, moment: float | None):
    assert seconds(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: lambda.services.k8s.aws/v1alpha1\nkind: EventSourceMapping\nspec:\n  batchSize: {{ .size }}\n",
        "{{- if .Values.on }}\napiVersion: lambda.aws.upbound.io/v1beta1\nspec: {eventSourceArn: x}\n{{- end }}\n",
        "apiVersion: v1\nkind: EventSourceMapping\nspec: {eventSourceARN: 5}\n# lambda.services.k8s.aws",
        "kind: EventSourceMapping\nspec: {eventSourceARN: 5}\n# lambda.services.k8s.aws",
        "apiVersion: lambda.services.k8s.aws/v1alpha1\nkind: EventSourceMapping\n",
        "apiVersion: lambda.services.k8s.aws/v1alpha1\nkind: [EventSourceMapping]\nspec: {}\n",
        "- lambda.services.k8s.aws\n",
    ],
)
def test_files_that_are_not_manifests_are_skipped_silently(text: str):
    outcome = run(text)
    assert not outcome.findings
    assert not outcome.failures
    assert not outcome.checked


def test_a_manifest_that_cannot_be_read_is_a_failure():
    (failure,) = run("apiVersion: lambda.services.k8s.aws/v1alpha1\nspec: {a: [\n").failures
    assert failure.line == 3


def test_known_values_of_a_yaml_chart_are_checked():
    text = "apiVersion: lambda.services.k8s.aws/v1alpha1\nkind: EventSourceMapping\nspec:\n  functionName: '{{ f }}'\n"
    text += "  eventSourceARN: 'arn:aws:sqs:{{ region }}:orders'\n  batchSize: '{{ size }}'\n"
    assert not run(text).findings
    (finding,) = run(text + "  maximumBatchingWindowInSeconds: 301\n").findings
    assert finding.message == (
        "MaximumBatchingWindowInSeconds (here maximumBatchingWindowInSeconds) must be at most 300."
    )


@pytest.mark.parametrize(
    "spec",
    [
        "{batchSize: 5}",
        "{functionName: f, $patch: replace}",
    ],
)
def test_a_patch_has_no_missing_members(spec: str):
    assert not run(ACK.format(kind="EventSourceMapping", spec=spec)).findings


def test_an_observed_resource_has_no_missing_members():
    spec = "{managementPolicies: [Observe], forProvider: {region: us-west-2}}"
    for kind in crossplane.KINDS:
        assert not run(CROSSPLANE.format(kind=kind, spec=spec)).findings
        assert run(CROSSPLANE.format(kind=kind, spec=spec.replace("Observe", "'*'"))).findings


def test_a_crossplane_batch_size_of_zero_is_ignored():
    assert composed("{batchSize: 0}").payload == {}
    assert composed("{batchSize: -1}").payload == {"BatchSize": -1}


def test_ack_names_of_source_access_types_are_known():
    access = "sourceAccessConfigurations: [{type_: VPC_SUBNET, uRI: subnet}, {type: VPC_SUBNET}]"
    resource = mapping(f"{{functionName: f, {access}}}")
    assert resource.payload["SourceAccessConfigurations"] == [
        {"Type": "VPC_SUBNET", "URI": "subnet"},
        {"Type": "VPC_SUBNET"},
    ]
    (finding,) = resource.extra
    assert finding.path == ("spec", "sourceAccessConfigurations", 1, "type")
    assert finding.help == "Write type_."


@pytest.mark.parametrize("left", [1, 100, 102])
def test_members_of_truncated_values_are_not_reported_missing(left: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lambda_validate.lint.unresolved.parts.PARTS", left / 50)
    for kind in crossplane.KINDS:
        text = CROSSPLANE.format(kind=kind, spec="{forProvider: {region: us-west-2, maximumRetryAttempts: 1}}")
        assert "required" not in "".join(each.rule for each in run(text).findings)


def test_each_member_is_limited_to_its_share_of_parts():
    (resource,) = read(
        ack, ACK.format(kind="EventSourceMapping", spec="&a {functionName: *a, tags: *a, queues: [*a, *a]}")
    )
    waiting, parts = [resource.payload["FunctionName"]], 0
    while waiting:
        value = waiting.pop()
        parts += 1
        waiting += value.values() if isinstance(value, dict) else value if type(value) is list else ()
    assert parts <= 4 * PARTS
