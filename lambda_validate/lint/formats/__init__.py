"""Find payloads of the Lambda API in parsed files. `FORMATS` lists the formats, such as CloudFormation and Terraform.

Input: a parsed `Document`. Output: the `Resource`s in it, each a payload and its position. `FORMATS` says by which
bytes a file of a format is recognised (`markers`), and which module reads it. That module has a function
`resources(document, edition)`, which yields the resources that it finds; most documents have none. A new format needs
such a module and an entry in `FORMATS`.

For example, `{"Resources": {"M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"BatchSize": 0}}}}` gives a
resource with the payload `{"BatchSize": 0}` of CreateEventSourceMapping, at the path `("Resources", "M",
"Properties")`.
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
    """Patterns that are searched in the bytes of a file, in lower case, before the file is parsed.

    A file that `weak` does not match has no payload in the format. A file that `strong` matches certainly has one.
    """

    weak: bytes
    strong: bytes


class Format(NamedTuple):
    """A format: its name, its module in this package, its languages ("json", "yaml", "hcl"), and its markers.

    `covers` lists the kinds of resources that are linted. `dialect` is the version of YAML: "core" (1.2) or "yaml11".
    A format without markers makes them from the names of members in the API's schemas. It is tried last.
    """

    name: str
    module: str
    languages: frozenset[str]
    covers: str
    markers: Markers | None = None
    dialect: str = "core"

    @property
    def is_fallback(self) -> bool:
        """Whether the format is recognised only by names of members of the API, so that it is tried last."""
        return self.markers is None

    def markers_of(self, edition: Edition) -> Markers:
        """Return the patterns by which a file of this format is recognised before it is parsed."""
        return self.markers or cast("Callable[[Edition], Markers]", self._loaded().markers)(edition)

    def resources(self, document: Document, edition: Edition) -> Iterator[Resource]:
        """Yield the resources of a document, read as this format."""
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
"""All formats. The last one has no markers of its own, and is used only if no other one finds anything."""


def marked(data: bytes, edition: Edition) -> Signs:
    """Return the names of the formats that a file may have, by its bytes, and whether one of them is certain.

    The last format, "api", is included without a search if another one is certain. Otherwise it must match too.
    """
    lower = data.lower()
    found, certain = set[str](), False
    for row in FORMATS:
        if row.is_fallback and certain:
            found.add(row.name)
            continue
        markers = _markers(row, edition)
        if re.search(markers.weak, lower):  # compiled at the first use, since a run needs few patterns
            found.add(row.name)
            certain = certain or re.search(markers.strong, lower) is not None
    return Signs(frozenset(found), certain)


@cache
def _markers(format: Format, edition: Edition) -> Markers:
    return format.markers_of(edition)
