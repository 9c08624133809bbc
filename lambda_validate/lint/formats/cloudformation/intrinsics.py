"""Evaluate CloudFormation's intrinsic functions, such as `Ref` and `Fn::Sub`. Others than in `FUNCTIONS` are unknown.

Short forms (`!Ref x`) and long ones (`{"Ref": "x"}`) are the same.

A dynamic reference of CloudFormation is `{{resolve:SERVICE:KEY}}`. Template engines such as Jinja and Helm use the same
braces. None of them accepts a name followed by a colon in them, so `{{name:` always begins a dynamic reference, valid
or not. So does `{{resolve`. Anything else in braces is reported as a malformed one only if no engine can be meant: the
file contains a valid dynamic reference, and no syntax of an engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from ...documents.places import Document, Path, Tagged
from ...findings.lint_rules import BRANCHES, REFERENCE
from ...findings.resource import FormatFinding, Picks
from ...unresolved.parts import ABSENT, FILLED, MAX_VALUE_DEPTH, PARTS, Choice, Option, Partial, Unknown, engines
from .targets import PSEUDO, joined, referenced

SERVICES = ("ssm", "ssm-secure", "secretsmanager")
DYNAMIC_REFERENCE = re.compile(rf"\{{\{{resolve:(?:{'|'.join(SERVICES)}):(?:\$\{{[^{{}}]*\}}|[^{{}}])+\}}\}}")
"""Source: the CloudFormation user guide, "Get values stored in other services using dynamic references"."""
MEANT = re.compile(r"\{\{\s*(?:[A-Za-z_-]+\s*:(?!=)|resolve\b)")
ENGINE = re.compile(r"\{%|\{#|\{\{(?:[-~\"']|\s(?!\s*[A-Za-z_-]+\s*:(?!=)))")
"""Syntax of template engines such as Jinja: `{% … %}`, `{# … #}`, or `{{ … }}` with the usual spaces."""
FORM = "{{resolve:SERVICE:KEY}} with the service ssm, ssm-secure or secretsmanager"


def before_braces(parts: list[Any]) -> list[Any]:
    """Return the parts of a string up to the first `{{`, and None for the rest.

    A dynamic reference (`{{resolve:…}}`) may begin in one part and end in another, so its value is unknown.
    """
    for index, part in enumerate(parts):
        if isinstance(part, str) and "{{" in part:
            return [*parts[:index], part.partition("{{")[0], None]
    return parts


def is_plain(text: str) -> bool:
    """Return whether a file is certainly not filled in by a template engine such as Jinja.

    It then has a dynamic reference of CloudFormation, `{{resolve:…}}`, and no syntax of an engine.
    """
    return ENGINE.search(text) is None and DYNAMIC_REFERENCE.search(text) is not None


def is_malformed(value: str, in_plain: bool) -> bool:
    """Return whether a string contains a malformed dynamic reference, such as `{{resolve:smm:key}}`.

    `in_plain` says that no template engine fills in the file, so every `{{` must begin a dynamic reference.
    """
    start = value.find("{{")
    while start >= 0:
        whole = DYNAMIC_REFERENCE.match(value, start)
        if whole is None and (in_plain or MEANT.match(value, start)):
            return True
        start = value.find("{{", whole.end() if whole else start + 2)
    return False


VARIABLE = re.compile(rf"\$\{{(!?)\s*([^{{}}]*?)\s*\}}|{FILLED.pattern}")
"""Placeholders in a string of `Fn::Sub`: `${Name}`, `${!Literal}`, and `{{ … }}`, which a template engine fills in."""
SHORT: Mapping[str, str] = {"!Ref": "Ref", "!Condition": "Condition"}
SINGLE_VALUE_TYPE = re.compile(r"(?!AWS::SSM::Parameter::Value<|List<|CommaDelimitedList).*", re.DOTALL)
"""Types of parameters whose value is a single string or number. Others are lists, or names of SSM parameters."""
NO_PICKS: Picks = MappingProxyType({})
ALLOWED = 20
"""Maximum number of allowed values of a parameter to check."""


def function(value: Any, path: Path) -> tuple[str, Any, Path] | None:
    """Return the name of the function that a value calls, the argument, and the argument's path.

    For `!Ref x` and `{"Ref": "x"}`, the name is "Ref" and the argument "x". Return None for a value without a function.
    """
    if isinstance(value, Tagged):
        return SHORT.get(value.tag) or f"Fn::{value.tag[1:]}", value.value, path
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
        if name in ("Ref", "Condition") or name.startswith("Fn::"):
            return name, argument, (*path, name)
    return None


class Template:
    """A CloudFormation template at a path in a document. Evaluates the values in it, such as references.

    In a Serverless file, for example, the template is at the path `("resources",)`.
    """

    def __init__(self, document: Document, value: Mapping[str, Any], path: Path = ()) -> None:
        self.document, self.root, self.path = document, value, path
        self.parameters, self.resources, self.conditions = (
            _section(value, name) for name in ("Parameters", "Resources", "Conditions")
        )
        self.budget = 50 * PARTS
        self.spent = 0
        self.taken: dict[Path, Picks] = {}
        self.reported: list[FormatFinding] = []
        self.joins = 0

    def value(self, value: Any, path: Path, depth: int = 0) -> Any:
        """Return a value with all functions evaluated. What is not known becomes `Unknown`, `Partial` or `Choice`.

        `path` is the path of the value in the document.
        """
        self.spent = self.spent + 1 if depth else 1
        self.budget -= 1
        if self.budget < 0 or self.spent > PARTS or depth > MAX_VALUE_DEPTH:
            return Unknown()
        found = function(value, path)
        if found is not None:
            name, argument, place = found
            return FUNCTIONS[name](self, argument, place, depth + 1) if name in FUNCTIONS else Unknown()
        if isinstance(value, dict):
            if any(name.startswith("Fn::") for name in value):
                return Unknown()
            return {name: self.value(member, (*path, name), depth + 1) for name, member in value.items()}
        if isinstance(value, list):
            return [self.value(item, (*path, index), depth + 1) for index, item in enumerate(value)]
        if not isinstance(value, str):
            return value
        if self._is_malformed(value, path):
            return Unknown()
        text = engines(value)
        return Partial((None,)) if isinstance(text, Unknown) else text

    @cached_property
    def _is_plain(self) -> bool:
        return is_plain(self.document.text.text)

    def _is_malformed(self, text: str, path: Path) -> bool:
        """Return whether a string contains a malformed dynamic reference (`{{resolve:…}}`), and report it.

        Inside `Fn::Join`, return False, since the reference may continue in the next part.
        """
        if self.joins or "{{" not in text or not is_malformed(text, self._is_plain):
            return False
        self._report(REFERENCE, path, f"A dynamic reference must be {FORM}.")
        return True

    def _report(self, rule: str, path: Path, message: str) -> None:
        """Store a finding about the template. `findings` returns it, so that it is reported with a resource."""
        self.reported.append(FormatFinding(rule, "error", path, message, is_key=False))

    def findings(self) -> tuple[FormatFinding, ...]:
        """Return the findings that were stored since the last call."""
        found, self.reported = tuple(self.reported), []
        return found

    def _are_branches(self, argument: Any, path: Path) -> bool:
        """Return whether the argument of `Fn::If` is a list of a condition and two values. Report any other length."""
        if not isinstance(argument, list) or len(argument) == 3:
            return isinstance(argument, list)
        message = "Fn::If needs a list of three: a condition, the value if it is true, and the value if it is false."
        self._report(BRANCHES, path, message)
        return False

    def objects(
        self, value: Any, path: Path, depth: int = 0, taken: Picks = NO_PICKS
    ) -> Iterator[tuple[dict[str, Any], Path]]:
        """Yield the objects that a value may be, with their paths: one for each branch of `Fn::If` around it.

        `taken` has the branches that lead to the value. They are stored in `self.taken` by the path of each object.
        """
        self.budget -= 1
        found = function(value, path)
        if found is not None and self.budget > 0 and depth < MAX_VALUE_DEPTH:
            name, argument, place = found
            if name == "Fn::If" and self._are_branches(argument, place):
                key: Hashable = condition(argument[0]) if isinstance(argument[0], str) else place
                for index, branch in enumerate(argument[1:3]):
                    picks = taken if key in taken else {**taken, key: index}
                    if picks[key] == index:
                        yield from self.objects(branch, (*place, index + 1), depth + 1, picks)
        elif isinstance(value, dict):
            if taken:
                self.taken[path] = taken
            yield value, path

    def ref(self, argument: Any, path: Path, depth: int) -> Any:
        """Evaluate `Ref` of a pseudo parameter such as `AWS::Region`, of a parameter, or of a resource."""
        if not isinstance(argument, str):
            return Unknown()
        if argument == "AWS::NoValue":
            return ABSENT
        if argument in PSEUDO:
            return Partial((PSEUDO[argument],))
        if argument in self.parameters:
            return self.parameter(argument)
        target = self.resources.get(argument)
        if isinstance(target, dict):
            return referenced(argument, target)
        return self._generated(argument)

    def _generated(self, name: str) -> Unknown:
        """Return the value of `Ref` to a resource that SAM creates for the function F: `F.Alias` and `F.Version`.

        These are ARNs of Lambda. Any other name is unknown.
        """
        owner, _, part = name.partition(".")
        target = self.resources.get(owner)
        is_function = isinstance(target, dict) and target.get("Type") == "AWS::Serverless::Function"
        return Unknown("lambda", target=(owner,)) if is_function and part in ("Alias", "Version") else Unknown()

    def parameter(self, name: str) -> Any:
        """Return the value of a parameter: a `Choice` of its default and allowed values; unknown if it has neither."""
        options = self.options.get(name, ())
        return Choice(options, ("parameter", name)) if options else Unknown()

    @cached_property
    def options(self) -> Mapping[str, tuple[Option, ...]]:
        """The values that each parameter may have: its default and its allowed values.

        Without a list of allowed values, they are its default and an unknown value. Violations by any of them are
        warnings, since a deployment may set another one.
        """
        return {name: tuple(self._options(name, parameter)) for name, parameter in self.parameters.items()}

    def _options(self, name: str, parameter: Any) -> Iterator[Option]:
        kind = parameter.get("Type") if isinstance(parameter, dict) else None
        if not isinstance(kind, str) or not SINGLE_VALUE_TYPE.fullmatch(kind):
            return
        place = (*self.path, "Parameters", name)
        default, allowed = parameter.get("Default"), parameter.get("AllowedValues")
        if _is_scalar(default) and default != "":
            yield Option(default, (*place, "Default"), "warning")
        if isinstance(allowed, list) and all(map(_is_scalar, allowed)):
            for index, value in enumerate(allowed[:ALLOWED]):
                if value != default and value != "":
                    yield Option(value, (*place, "AllowedValues", index), "warning")
        elif _is_scalar(default) and default != "":
            yield Option(Unknown(), None, "warning")

    def attribute(self, argument: Any, path: Path, depth: int) -> Any:
        """Evaluate `Fn::GetAtt` of a resource in the same template, written as "Queue.Arn" or as ["Queue", "Arn"]."""
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if not isinstance(parts, list) or len(parts) != 2 or not all(isinstance(part, str) for part in parts):
            return Unknown()
        target = self.resources.get(parts[0])
        return referenced(parts[0], target, parts[1]) if isinstance(target, dict) else Unknown()

    def substitute(self, argument: Any, path: Path, depth: int) -> Any:
        """Evaluate `Fn::Sub`: a string with `${Name}`, or a list of the string and a map of variables."""
        variables: Mapping[str, Any] = {}
        if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
            self.joins += 1
            variables = {name: self.value(variable, (*path, 1, name), depth) for name, variable in argument[1].items()}
            self.joins -= 1
            argument, path = argument[0], (*path, 0)
        if not isinstance(argument, str) or self._is_malformed(argument, path):
            return Unknown()
        parts = [part for part in self._parts(argument, variables) if part[0] != ""]
        values, starts = [value for value, _ in parts], tuple(start for _, start in parts)
        if len(values) == 1 and not isinstance(values[0], str):
            return values[0]
        if values == [argument]:
            return Choice((Option(argument, path),))
        text = joined(values)
        return Choice((Option(text._replace(starts=starts) if len(starts) == len(text.parts) else text, path),))

    def _parts(self, text: str, variables: Mapping[str, Any]) -> Iterator[tuple[Any, int | None]]:
        """Yield the parts of a string of `Fn::Sub`: fixed parts with their offsets, and the values of its variables.

        The offset of a variable or placeholder is None. Fixed parts may be empty.
        """
        place = 0
        for match in VARIABLE.finditer(text):
            yield text[place : match.start()], place
            place = match.end()
            if match[2] is None:
                yield Unknown(), None
            elif match[1]:
                yield "${", match.start()
                yield text[match.start() + 3 : place], match.start() + 3
            else:
                yield self._variable(match[2], variables), None
        yield text[place:], place

    def _variable(self, name: str, variables: Mapping[str, Any]) -> Any:
        if name in variables:
            return variables[name]
        if "." in name and name not in self.parameters:
            found = self.attribute(name, (), 0)
            return found if found != Unknown() else self._generated(name)
        return self.ref(name, (), 0)

    def join(self, argument: Any, path: Path, depth: int) -> Any:
        """Evaluate `Fn::Join`, given a delimiter and a list of values."""
        if not isinstance(argument, list) or len(argument) != 2 or not isinstance(argument[1], list):
            return Unknown()
        delimiter, items = argument
        if not isinstance(delimiter, str):
            return Unknown()
        parts: list[Any] = []
        self.joins += 1
        for index, item in enumerate(items[:MAX_VALUE_DEPTH]):
            parts += [delimiter] * bool(index) + [self.value(item, (*path, 1, index), depth)]
        self.joins -= 1
        if len(items) > MAX_VALUE_DEPTH:
            parts.append(None)
        parts = before_braces(parts)
        return joined(parts) if not all(isinstance(part, str) for part in parts) else "".join(parts)

    def choose(self, argument: Any, path: Path, depth: int) -> Any:
        """Evaluate `Fn::If` to a `Choice` of both branches."""
        if not self._are_branches(argument, path) or not isinstance(argument[0], str):
            return Unknown()
        options = (Option(self.value(argument[index], (*path, index), depth), (*path, index)) for index in (1, 2))
        return Choice(tuple(options), condition(argument[0]))


def condition(name: str) -> Hashable:
    """Return the key of the `Choice`s that a condition decides. The first option is the value if it is true."""
    return ("condition", name)


def _section(template: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = template.get(name)
    return section if isinstance(section, dict) else {}


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float)


Function = Callable[[Template, Any, Path, int], Any]
FUNCTIONS: Mapping[str, Function] = {
    "Ref": Template.ref,
    "Fn::GetAtt": Template.attribute,
    "Fn::If": Template.choose,
    "Fn::Join": Template.join,
    "Fn::Sub": Template.substitute,
}
"""The method that evaluates each function, given its argument, the path of the argument, and the depth."""
