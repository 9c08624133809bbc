"""Write the two resources in every supported format, and record the position of each member.

The writer of a format builds a tree around the members. `yaml`, `as_json` and `hcl` write it, each
member on a line. The names here are written by hand, and share nothing with the tables of the linter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

Path = tuple[str | int, ...]
MAPPING, SETTINGS = "mapping", "settings"


class Node(dict[str, Any]):
    """An object that is written with one member a line. Any other value is written in one line."""


class Spot(NamedTuple):
    """The position of a member: its line, and the columns of its name, its value, and the end of its value."""

    line: int
    key: int
    value: int
    end: int


class Written(NamedTuple):
    """A file: its name and content, the position of each payload member, and the object of a missing one: `()`.

    `own` has the payload's path by the format's own steps below that.
    """

    name: str
    text: str
    spots: Mapping[Path, Spot]
    own: Mapping[Path, Path]


class _Lines:
    """Lines that are being written, and the position of each member."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.spots: dict[Path, Spot] = {}

    def add(self, path: Path, before: str, key: str, between: str, value: str, after: str = "") -> None:
        """Write a line with the name and the value of a member."""
        start = len(before) + len(key) + len(between)
        self.spots[path] = Spot(len(self.lines) + 1, len(before) + 1, start + 1, start + 1 + len(value))
        self.lines.append(f"{before}{key}{between}{value}{after}")

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def yaml(tree: Any, out: _Lines, path: Path = (), indent: str = "") -> None:
    """Write block YAML with the scalars of JSON."""
    for key, value in tree.items():
        here = (*path, key)
        if isinstance(value, Node) and value:
            out.add(here, indent, key, ":", "")
            yaml(value, out, here, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], Node):
            out.add(here, indent, key, ":", "")
            for index, each in enumerate(value):
                out.lines.append(f"{indent}  -")
                yaml(each, out, (*here, index), indent + "    ")
        else:
            out.add(here, indent, key, ": ", _flow(value))


def as_json(tree: Any, out: _Lines, path: Path = (), indent: str = "") -> None:
    """Write JSON."""
    out.lines.append(f"{indent}{{")
    for count, (key, value) in enumerate(tree.items(), 1):
        here, comma = (*path, key), "," * (count < len(tree))
        name = _flow(key)
        if isinstance(value, Node):
            out.add(here, indent + "  ", name, ":", "")
            as_json(value, out, here, indent + "  ")
            out.lines[-1] += comma
        elif isinstance(value, list) and value and isinstance(value[0], Node):
            out.add(here, indent + "  ", name, ": ", "[")
            for index, each in enumerate(value):
                as_json(each, out, (*here, index), indent + "    ")
                out.lines[-1] += "," * (index + 1 < len(value))
            out.lines.append(f"{indent}  ]{comma}")
        else:
            out.add(here, indent + "  ", name, ": ", _flow(value), comma)
    out.lines.append(f"{indent}}}")


def hcl(tree: Any, out: _Lines, path: Path = (), indent: str = "") -> None:
    """Write the language of Terraform: nodes are blocks, and other values are arguments."""
    for key, value in tree.items():
        if isinstance(value, Node):
            out.add((*path, key), indent, key, " {", "")
            hcl(value, out, (*path, key), indent + "  ")
            out.lines.append(f"{indent}}}")
        else:
            out.add((*path, key), indent, key, " = ", _hcl_value(value))


def _hcl_value(value: Any) -> str:
    return re.sub(r"([$%])\{", r"\1\1{", _flow(value)).replace("\\b", "\\u0008").replace("\\f", "\\u000c")


def _moment(value: Any) -> Any:
    """Return a timestamp as a string, as some formats write it, and any other value unchanged."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Layout:
    """Return the members of a payload in the spelling of a format, and the path of each."""

    def __init__(self, names: Mapping[str, str], spelt: Callable[[str], str], boxed: bool = False) -> None:
        self.names, self.spelt, self.boxed = names, spelt, boxed
        self.paths: dict[Path, Path] = {}

    def node(self, payload: Mapping[str, Any], home: Path, api: Path = ()) -> Node:
        """Return the members as a node that will be at `home` in the tree."""
        self.paths[api] = home
        made = Node()
        for name, value in payload.items():
            key = self.names.get(name) or self.spelt(name)
            self.paths[(*api, name)] = (*home, key)
            if isinstance(value, dict) and name in ("DestinationConfig", "OnFailure", "OnSuccess"):
                inside = (*home, key, 0) if self.boxed else (*home, key)
                inner = self.node(value, inside, (*api, name))
                made[key] = [inner] if self.boxed else inner
                self.paths[(*api, name)] = (*home, key)
            else:
                made[key] = _moment(value) if name == "StartingPositionTimestamp" and self.moments else value
        return made

    moments = False


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    return name[:1].lower() + name[1:]


def same(name: str) -> str:
    return name


def _written(name: str, tree: Node, layout: _Layout, write: Callable[[Any, _Lines], None]) -> Written:
    out = _Lines()
    write(tree, out)
    spots = {api: out.spots[path] for api, path in layout.paths.items() if path in out.spots}
    steps = {
        api: tuple(each for each in path[len(layout.paths[()]) :] if each != 0) for api, path in layout.paths.items()
    }
    return Written(name, out.text, spots, {own: api for api, own in steps.items()})


def _nested(steps: Path, inner: Any) -> Any:
    for step in reversed(steps):
        inner = [inner] if isinstance(step, int) else Node({str(step): inner})
    return inner


def api(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    layout = _Layout({}, same)
    return _written(name, layout.node(payload, ()), layout, write)


TYPES = {MAPPING: "AWS::Lambda::EventSourceMapping", SETTINGS: "AWS::Lambda::EventInvokeConfig"}


def cloudformation(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    layout = _Layout({"KMSKeyArn": "KmsKeyArn"}, same)
    home: Path = ("Resources", "It", "Properties")
    resource = Node(Type=TYPES[kind], Properties=layout.node(payload, home))
    return _written(name, Node(Resources=Node(It=resource)), layout, write)


SAM = {"sqs": ("SQS", "Queue"), "kinesis": ("Kinesis", "Stream"), "dynamodb": ("DynamoDB", "Stream")}


def service(payload: Mapping[str, Any]) -> str:
    """Return the service of a mapping's source, as far as a format must know it. The default is SQS."""
    found = re.match(r"arn:[^:]*:(sqs|kinesis|dynamodb):", str(payload.get("EventSourceArn")))
    return found[1] if found else "sqs"


def sam(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    own = {each: value for each, value in payload.items() if each not in ("FunctionName", "Qualifier")}
    if kind == SETTINGS:
        layout = _Layout({}, same)
        home: Path = ("Resources", "It", "Properties", "EventInvokeConfig")
        properties = Node(EventInvokeConfig=layout.node(own, home))
    else:
        event, source = SAM[service(payload)]
        layout = _Layout({"EventSourceArn": source}, same)
        home = ("Resources", "It", "Properties", "Events", "Source", "Properties")
        properties = Node(Events=Node(Source=Node(Type=event, Properties=layout.node(own, home))))
    resource = Node(Type="AWS::Serverless::Function", Properties=properties)
    return _written(name, Node(Resources=Node(It=resource)), layout, write)


TERRAFORM = {MAPPING: "aws_lambda_event_source_mapping", SETTINGS: "aws_lambda_function_event_invoke_config"}


def _terraform(payload: Mapping[str, Any], home: Path, boxed: bool) -> tuple[_Layout, Node]:
    layout = _Layout({}, snake, boxed)
    layout.moments = True
    return layout, layout.node(payload, home)


def terraform(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    header = f'resource "{TERRAFORM[kind]}" "it"'
    layout, node = _terraform(payload, (header,), False)
    return _written(name, Node({header: node}), layout, write)


def terraform_json(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    home: Path = ("resource", TERRAFORM[kind], "it")
    layout, node = _terraform(payload, home, False)
    return _written(name, _nested(home, node), layout, write)


def terraform_plan(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    layout, node = _terraform(payload, ("resource_changes", 0, "change", "after"), True)
    change = Node(actions=["create"], before=None, after=node, after_unknown={"id": True})
    address = Node(address=f"{TERRAFORM[kind]}.it", mode="managed", type=TERRAFORM[kind], name="it", change=change)
    return _written(name, Node(format_version="1.2", resource_changes=[address]), layout, write)


def terraform_state(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    layout, node = _terraform(payload, ("resources", 0, "instances", 0, "attributes"), True)
    resource = Node(mode="managed", type=TERRAFORM[kind], name="it", instances=[Node(attributes=node)])
    return _written(name, Node(version=4, resources=[resource]), layout, write)


SERVERLESS = {
    "sqs": {"EventSourceArn": "arn", "MaximumBatchingWindowInSeconds": "maximumBatchingWindow"},
    "stream": {"EventSourceArn": "arn", "MaximumBatchingWindowInSeconds": "batchWindow"},
    SETTINGS: {
        "MaximumEventAgeInSeconds": "maximumEventAge",
        "DestinationConfig": "destinations",
        "Destination": "arn",
    },
}


def serverless(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    own = {each: value for each, value in payload.items() if each not in ("FunctionName", "Qualifier")}
    if kind == SETTINGS:
        layout = _Layout(SERVERLESS[SETTINGS], camel)
        function = Node(handler="a.b", **layout.node(own, ("functions", "it")))
    else:
        event = "sqs" if service(payload) == "sqs" else "stream"
        layout = _Layout(SERVERLESS[event], camel)
        home: Path = ("functions", "it", "events", 0, event)
        function = Node(handler="a.b", events=[Node({event: layout.node(own, home)})])
    return _written(name, Node(service="s", functions=Node(it=function)), layout, write)


def ack(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    group = {"apiVersion": "lambda.services.k8s.aws/v1alpha1"}
    layout = _Layout({"EventSourceArn": "eventSourceARN"}, camel)
    layout.moments = True
    if kind == MAPPING:
        tree = Node(**group, kind="EventSourceMapping", spec=layout.node(payload, ("spec",)))
    else:
        own = {each: value for each, value in payload.items() if each not in ("FunctionName", "Qualifier")}
        node = layout.node(own, ("spec", "functionEventInvokeConfig"))
        tree = Node(**group, kind="Function", spec=Node(functionEventInvokeConfig=node))
    return _written(name, tree, layout, write)


CROSSPLANE = {MAPPING: "EventSourceMapping", SETTINGS: "FunctionEventInvokeConfig"}


def crossplane(kind: str, payload: Mapping[str, Any], write: Any, name: str) -> Written:
    layout = _Layout({}, camel)
    layout.moments = True
    spec = Node(forProvider=layout.node(payload, ("spec", "forProvider")))
    tree = Node(apiVersion="lambda.aws.m.upbound.io/v1beta1", kind=CROSSPLANE[kind], spec=spec)
    return _written(name, tree, layout, write)


Writer = Callable[[str, Mapping[str, Any]], Written]


def _bound(make: Any, write: Any, name: str) -> Writer:
    return lambda kind, payload: make(kind, payload, write, name)


WRITERS: Mapping[str, Writer] = {
    "api.json": _bound(api, as_json, "a.json"),
    "api.yaml": _bound(api, yaml, "a.yaml"),
    "cloudformation.yaml": _bound(cloudformation, yaml, "a.yaml"),
    "cloudformation.json": _bound(cloudformation, as_json, "a.json"),
    "sam": _bound(sam, yaml, "a.yaml"),
    "terraform": _bound(terraform, hcl, "a.tf"),
    "terraform_json": _bound(terraform_json, as_json, "a.tf.json"),
    "terraform_plan": _bound(terraform_plan, as_json, "a.json"),
    "terraform_state": _bound(terraform_state, as_json, "a.tfstate"),
    "serverless": _bound(serverless, yaml, "serverless.yml"),
    "ack": _bound(ack, yaml, "a.yaml"),
    "crossplane": _bound(crossplane, yaml, "a.yaml"),
}
"""The writers of a payload, by format and language."""
