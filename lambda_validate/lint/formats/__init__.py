"""FORMATS: a row for each format in which payloads are written. Adding one is a module and a row.

A file's content decides by which rows it is read: each row has `markers`, patterns for bytes in lower case. A row's
module has `resources(document, edition)`, which yields the resources that it finds in a document, none in most.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, cast

from ...catalog import Edition
from ..documents.places import Document
from ..files import Signs
from ..findings.resource import Resource


class Markers(NamedTuple):
    """Patterns for bytes in lower case. A text without a `weak` one holds no payload; one with a `strong` one does."""

    weak: bytes
    strong: bytes


class Format(NamedTuple):
    """A format: its name, its module below this package, the languages it is written in, and its markers.

    `covers` lists the kinds of resources that are linted. `dialect` names the table of scalars by which its YAML is
    read. A format without markers has them made by its module, from the catalog, and is asked only when no other format
    has found anything.
    """

    name: str
    module: str
    languages: frozenset[str]
    covers: str
    markers: Markers | None = None
    dialect: str = "core"

    @property
    def is_fallback(self) -> bool:
        """Whether the format is recognised by members' names alone, and so comes last."""
        return self.markers is None

    def markers_of(self, edition: Edition) -> Markers:
        """Return what to look for in a file before it is parsed."""
        return self.markers or cast("Callable[[Edition], Markers]", self._loaded().markers)(edition)

    def resources(self, document: Document, edition: Edition) -> Iterator[Resource]:
        """Yield the resources that a document holds in this format."""
        return cast("Callable[[Document, Edition], Iterator[Resource]]", self._loaded().resources)(document, edition)

    def _loaded(self) -> Any:
        return import_module(f"{__package__}.{self.module}")


DATA = frozenset({"json", "yaml"})
TERRAFORM = rb"aws_lambda_(?:event_source_mapping|function_event_invoke_config)"

FORMATS: tuple[Format, ...] = (
    Format(
        "cloudformation",
        "cloudformation.template",
        DATA,
        "AWS::Lambda::EventSourceMapping and AWS::Lambda::EventInvokeConfig in CloudFormation",
        Markers(weak=rb"aws::lambda::event", strong=rb"aws::lambda::event(?:sourcemapping|invokeconfig)"),
        dialect="yaml11",
    ),
    Format(
        "sam",
        "cloudformation.sam",
        DATA,
        "event sources and EventInvokeConfig of AWS::Serverless::Function in SAM",
        Markers(
            weak=rb"aws::serverless",
            strong=rb"eventinvokeconfig|type[\"']?:[ \t]{0,9}[\"']?"
            rb"(?:sqs|kinesis|dynamodb|documentdb|mq|msk|selfmanagedkafka)\b",
        ),
        dialect="yaml11",
    ),
    Format(
        "terraform",
        "terraform.configuration",
        frozenset({"hcl", "json"}),
        "aws_lambda_event_source_mapping and aws_lambda_function_event_invoke_config in Terraform",
        Markers(
            weak=TERRAFORM,
            strong=rb'resource[ \t]+"?%(type)b|"%(type)b"[ \t\r\n]*:|"type"[ \t]*:[ \t]*"%(type)b"'
            % {b"type": TERRAFORM},
        ),
    ),
    Format(
        "serverless",
        "serverless.functions",
        DATA,
        "sqs, stream, msk, kafka, activemq and rabbitmq events and destinations of functions in serverless.yml",
        Markers(
            weak=rb"\bfunctions[\"']?[ \t]{0,9}:",
            strong=rb"[-{,\n][ \t\r\n]{0,99}[\"']?(?:sqs|stream|msk|kafka|activemq|rabbitmq)[\"']?:",
        ),
    ),
    Format(
        "ack",
        "kubernetes.ack",
        DATA,
        "EventSourceMapping, Function and Alias of ACK",
        Markers(weak=rb"lambda\.services\.k8s\.aws", strong=rb"lambda\.services\.k8s\.aws"),
        dialect="yaml11",
    ),
    Format(
        "crossplane",
        "kubernetes.crossplane",
        DATA,
        "EventSourceMapping and FunctionEventInvokeConfig of Crossplane",
        Markers(weak=rb"lambda\.aws\.(?:m\.)?upbound\.io", strong=rb"lambda\.aws\.(?:m\.)?upbound\.io"),
        dialect="yaml11",
    ),
    Format("api", "api", DATA, "requests and responses of CreateEventSourceMapping and GetFunctionEventInvokeConfig"),
)
"""All formats; the one that is recognised by members' names alone comes last."""


def marked(data: bytes, edition: Edition) -> Signs:
    """Return the formats that a file's bytes may be in, the fallback among them where no other is certain."""
    lower = data.lower()
    found, certain = set[str](), False
    for each in FORMATS:
        if each.is_fallback and certain:
            found.add(each.name)
            continue
        markers = _markers(each, edition)
        if re.search(markers.weak, lower):  # compiled by the first search: few are ever needed
            found.add(each.name)
            certain = certain or re.search(markers.strong, lower) is not None
    return Signs(frozenset(found), certain)


@cache
def _markers(format: Format, edition: Edition) -> Markers:
    return format.markers_of(edition)
