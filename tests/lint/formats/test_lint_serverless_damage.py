"""Test damaged services and manifests: none raises, and each finding has a position."""

from __future__ import annotations

import io

import pytest
from support.damage import DAMAGES, survives
from support.markdown_cases import of_format
from support.steps import calls

import lambda_validate as lv
from lambda_validate.lint.runner import lint

TEXTS = [case.text.encode() for case in of_format("ACK", "Crossplane", "Serverless Framework")]
VALIDATOR = lv.Validator()
HEADS = {
    "ack": "apiVersion: lambda.services.k8s.aws/v1alpha1\nkind: EventSourceMapping\n",
    "list": "apiVersion: v1\nkind: List\nmetadata: {name: lambda.services.k8s.aws}\n",
    "serverless": "service: shop\nprovider: aws\n",
}

PIECES = [
    b"${", b"}", b"${self:a}", b"#{AWS::Region}", b"{{ a }}", b"$A ", b"$(A)", b"*a ", b"&a ", b"<<: ", b"{", b"[",
    b"]", b"null ", b"!GetAtt ", b"!Sub ", b"!X ", b": ", b"- ", b"\xff", b"\0", b'"', b"'", b"\t", b"---\n", b"sqs: ",
    b"stream:\n", b"events:\n", b"destinations: ", b"spec:\n", b"forProvider: ", b"kind: List\nitems:\n",
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("seed", [0, *(pytest.param(each, marks=pytest.mark.exhaustive) for each in range(1, 10))])
def test_damaged_files_never_raise(damage: str, seed: int):
    survives(damage, seed, TEXTS, PIECES)


LAUGHS = "a: &a [x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
OBJECTS = "m: &m {apiVersion: lambda.services.k8s.aws/v1alpha1, kind: EventSourceMapping, spec: {batchSize: 0}}\n"
LISTS = OBJECTS + "".join(
    f"l{i}: &l{i} {{apiVersion: v1, kind: List, items: [{', '.join([f'*l{i - 1}' if i else '*m'] * 9)}]}}\n"
    for i in range(9)
)
MANY = "&f {events: &e [" + ", ".join(["{sqs: x}"] * 1000) + "]}"
TEXTS_WITHOUT_END = {
    "laughs in a manifest": HEADS["ack"] + LAUGHS + "spec: {functionName: *i, tags: *i, queues: *i, topics: *i}\n",
    "laughs in a service": HEADS["serverless"] + LAUGHS + "functions: {f: {events: [{sqs: {arn: *i, enabled: *i}}]}}\n",
    "laughs in resources": HEADS["serverless"] + LAUGHS + "functions: {}\nresources: {Resources: *i, Outputs: *i}\n",
    "lists of lists": HEADS["list"] + LISTS + "items: [*l8]\n",
    "a list of itself": HEADS["list"] + "items: &a [{apiVersion: v1, kind: List, items: *a}]\n",
    "a specification in itself": HEADS["ack"] + "spec: &a {functionName: *a, destinationConfig: {onFailure: *a}}\n",
    "events of many": f"{HEADS['serverless']}functions:\n  f: {MANY}\n" + "".join(f"  f{i}: *f\n" for i in range(1000)),
    "an event in itself": HEADS["serverless"] + "functions: {f: &a {events: [{sqs: *a}], destinations: *a}}\n",
    "a function in itself": HEADS["serverless"] + "functions: {f: {events: [{sqs: {arn: &a [!X [*a]]}}]}}\n",
    "resources of many": HEADS["serverless"] + "functions: {}\nresources: [&r {Resources: {}}" + ", *r" * 90_000 + "]",
    "parts of resources": HEADS["serverless"] + "functions: {}\nresources: [" + "{Resources: {}}, " * 30_000 + "]\n",
    "openings": HEADS["serverless"] + "functions: {f: {events: [{sqs: '" + "${" * 500_000 + "'}]}}\n",
    "variables": HEADS["serverless"] + "functions: {f: {events: [{sqs: '" + "${a}" * 250_000 + "'}]}}\n",
    "substitutions": HEADS["ack"] + "spec: {functionName: '" + "$(${$a" * 200_000 + "'}\n",
    "templates": HEADS["ack"] + "spec: {functionName: '" + "{{" * 500_000 + "'}\n",
    "strangers": HEADS["ack"] + "spec:\n" + "".join(f"  batchSiz{i}: 1\n" for i in range(5_000)),
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS_WITHOUT_END.values(), ids=TEXTS_WITHOUT_END)
def test_explosive_files_take_bounded_work(text: str):
    outcomes = []
    calls(lambda: outcomes.append(lint(["-"], io.BytesIO(text.encode()), VALIDATOR)), limit=20_000_000)
    assert [each.files for each in outcomes] == [1]
