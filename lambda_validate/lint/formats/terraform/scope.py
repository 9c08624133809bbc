"""Evaluate Terraform's expressions: locals, variables, outputs of local modules, attributes of resources, conditionals.

Any other value is unknown. A reference to a resource is unknown too, but its type shows what it is:
`aws_sqs_queue.q.arn` is an ARN of SQS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, NamedTuple

from ...documents.hcl_values import OTHERWISE, THEN, Conditional, Fixed, FunctionCall, Interpolation, Splat, Traversal
from ...documents.places import Beside, Path
from ...unresolved.parts import ABSENT, Choice, Option, Partial, Unknown, at
from ..members import Located
from . import modules
from .modules import Declared, Module, ReadBudget, Reader, declared
from .types import TARGETS, ReferenceTarget
from .values import as_written, bare, chosen, key_of_item, placeless, pointed_at, service_in, without_nothing

MAX_REFERENCE_DEPTH = 30
"""Maximum number of references to follow in a row, and maximum depth of nesting."""
INSTANCES = 100
"""Maximum number of instances of a resource, and of items to compare for a reference with an unknown index."""
FIFO: Mapping[Any, bool] = {None: False, False: False, "false": False, True: True, "true": True}
"""Whether a queue or topic is a FIFO one, by the value of its argument `fifo_queue` or `fifo_topic`."""
MISSING: Final = Unknown(implied=True)
"""The result of a reference to a member that the object does not have."""


class Instance(NamedTuple):
    """The values of `each.key` and `each.value` in one instance of a resource with `for_each`.

    `severity` is "warning" if the instance may not exist, since `for_each` is the default of a variable.
    """

    key: Unknown | Partial
    value: Located
    severity: str | None = None


class Scope:
    """Evaluates expressions in a Terraform module, or in one of its resources.

    `instances` are the known instances of the resource with `for_each`. `many` is the value of `for_each` if it refers
    to all instances of another resource, such as `aws_sqs_queue.orders`. For JSON, `read` parses a string that may
    contain expressions. A value from another file gets the document path of the reference to it.
    """

    def __init__(
        self, module: Module, read: Reader | None = None, instances: tuple[Instance, ...] = (),
        many: Traversal | None = None,
    ) -> None:  # fmt: skip
        self.module, self.read, self.instances, self.many = module, read, instances, many

    @classmethod
    def of(cls, root: Mapping[str, Any], read: Reader | None = None, beside: Beside | None = None) -> Scope:
        """Return the scope for the file with the value `root`. `beside` reads the other files of its folder."""
        return cls(Module(declared(root, read, is_own=True), beside, ReadBudget()), read)

    @cached_property
    def managed(self) -> Mapping[tuple[str, ...], Located]:
        """The content of the resource blocks in the linted file, by type and name."""
        return {name[1:]: block.body for name, block in self.module.own.items() if name[0] == "resource"}

    def of_body(self, body: Located) -> Scope:
        """Return the scope for the content of a resource block, in which `each.key` and `each.value` have values."""
        raw = body.value.get("for_each")
        if raw is None:
            return self
        raw = self.read(raw) if self.read and isinstance(raw, str) else raw
        if isinstance(raw, Traversal) and len(raw.steps) == 2 and raw.steps[0] in TARGETS:
            return Scope(self.module, self.read, many=raw)
        return Scope(self.module, self.read, self._instances(raw, (*body.path, "for_each")))

    def _instances(self, raw: Any, path: Path) -> tuple[Instance, ...]:
        """Return the instances that `for_each` makes of an object or a set; empty if they are not known.

        Of a `Choice`, the only known option that is not empty is used; with several, the instances are not known. If it
        is the default of a variable, violations in the instances are warnings, and an unknown instance is added.
        """
        found = self.value(raw, path)
        options = found.value.options if isinstance(found.value, Choice) else (Option(found.value, found.path),)
        filled = [option for option in options if option.value not in ({}, [], ABSENT) and option.value != Unknown()]
        if len(filled) != 1 or not isinstance(filled[0].value, dict | list) or len(filled[0].value) > INSTANCES:
            return ()
        members, severity = filled[0].value, filled[0].severity
        if isinstance(members, dict):
            made = [Instance(Partial((key,)), member, severity) for key, member in members.items()]
        else:
            made = [Instance(key_of_item(member), member, severity) for member in members]
        return (*made, *([Instance(Unknown(), Located(Unknown(), path), severity)] if severity else []))

    # Example: `local.size` with `locals { size = var.n }` and `variable "n" { default = 20000 }`. `value` evaluates the
    # `Traversal`, `local` finds the declaration and evaluates it in turn, and `variable` returns a `Choice`: 20000 or
    # unknown. A violation by 20000 is only a warning, since a caller of the module may set another value. The number of
    # expressions is limited, so references in a circle end.
    def value(self, raw: Any, path: Path, depth: int = 0) -> Located:
        """Evaluate an expression. Return its value with the document path where it is written.

        Items of a list and members of an object are `Located` values too, each with its own path.
        """
        if isinstance(raw, Located):
            return raw
        if not self.module.budget.take(is_first=not depth) or depth > MAX_REFERENCE_DEPTH:
            return Located(Unknown(), path)
        raw = self.read(raw) if self.read and isinstance(raw, str) and not isinstance(raw, Fixed) else raw
        if isinstance(raw, dict | list) and len(raw) > self.module.budget.steps:
            return Located(Unknown(), path)
        evaluate = EVALUATORS.get(type(raw))
        return evaluate(self, raw, path, depth + 1) if evaluate else Located(raw, path)

    def reference(self, raw: Traversal, path: Path, depth: int) -> Located:
        """Evaluate a reference such as `local.size` or `aws_sqs_queue.orders.arn`."""
        first, *rest = raw.steps
        refer = REFERENCES.get(str(first))
        if refer is None:
            return self.attribute(raw.steps, "resource", path, depth)
        return refer(self, rest, path, depth) if rest else Located(Unknown(), path)

    def within(self, found: Located, steps: Sequence[Any], depth: int) -> Located:
        """Return the part of a value to which steps such as ("queues", 0, "arn") lead; `MISSING` if there is none.

        If the value is a `Choice`, so is the result. A step that is None means an unknown index.
        """
        for index, step in enumerate(steps):
            if not isinstance(found.value, dict | list):
                found = self.value(*found, depth + index)
            value, rest = found.value, steps[index:]
            if isinstance(value, Choice):
                made = tuple(self._option(option, found.path, rest, depth + 1) for option in value.options)
                return Located(value._replace(options=made), found.path)
            if isinstance(value, Unknown) or (step is None and isinstance(value, dict | list)):
                return Located(self._any(value, steps[index + 1 :], depth + 1), found.path)
            inner = at(value, (step,))
            if inner is ABSENT:
                return Located(MISSING, found.path)
            found = inner if isinstance(inner, Located) else Located(inner, (*found.path, step))
        return self.value(*found, depth)

    def _option(self, option: Option, path: Path, steps: Sequence[Any], depth: int) -> Option:
        inner = self.within(Located(option.value, option.path or path), steps, depth)
        return chosen(inner, option.severity)

    def _any(self, value: Any, steps: Sequence[Any], depth: int) -> Unknown:
        """Return what is known about a member with an unknown index: its service, if all members have the same one."""
        members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if len(members) > INSTANCES:
            return Unknown()
        found = [pointed_at(self.within(Located(member, ()), steps, depth).value) for member in members]
        services, fifo = {target.service for target in found}, {target.fifo for target in found}
        return Unknown(services.pop(), fifo.pop() if len(fifo) == 1 else None) if len(services) == 1 else Unknown()

    def named(self, module: Module, name: tuple[str, ...], steps: Sequence[Any], path: Path, depth: int) -> Located:
        """Evaluate a name that a module declares, such as `("locals", "size")`, and the part of it at some steps.

        Without a declaration, the value is unknown.
        """
        found = module.find(*name)
        if found is None:
            return Located(Unknown(), path)
        inner = Scope(module, found.read).within(found.body, steps, depth)
        return inner if found.is_own else Located(placeless(inner.value, path), path)

    def local(self, steps: Sequence[Any], path: Path, depth: int) -> Located:
        """Evaluate `local.NAME`. `steps` are the name and what follows it."""
        return self.named(self.module, ("locals", str(steps[0])), steps[1:], path, depth)

    def variable(self, steps: Sequence[Any], path: Path, depth: int) -> Located:
        """Evaluate `var.NAME`: the argument in the call of the module, or else the default of the variable.

        If no call is known, the result is a `Choice` of the default and an unknown value, since a caller may replace
        the default. Violations are then only warnings. An empty default counts as unknown.
        """
        name, call = str(steps[0]), self.module.call
        if call is not None and name in call.body.value:
            given = call.value(call.body.value[name], call.body.path, depth)
            return Located(placeless(self.within(given, steps[1:], depth).value, path), path)
        default = self.named(self.module, ("variable", name, "default"), steps[1:], path, depth)
        empty: tuple[Any, ...] = (None, "") if call is not None else (None, "", [], {})
        if default.value in empty or isinstance(default.value, Unknown):
            return Located(Unknown(), path)
        if call is not None:
            return default
        options = (Option(default.value, default.path, "warning"), Option(Unknown(), None, "warning"))
        return Located(Choice(options, ("variable", name)), path)

    def output(self, steps: Sequence[Any], path: Path, depth: int) -> Located:
        """Evaluate `module.NAME.OUTPUT`, if the source of the module is a local folder."""
        name, *rest = map(str, steps[:3])
        block = self.module.find("module", name)
        if block is None:
            return Located(Unknown(), path)
        scope = Scope(self.module, block.read)
        source = scope.value(block.body.value.get("source"), block.body.path, depth).value
        module = self.module.called(name, modules.ModuleCall(block.body, scope.value), source)
        for index, output in enumerate(rest if module else (), 2):  # also `module.NAME[0].OUTPUT`
            if module and module.find("output", output, "value"):
                found = self.named(module, ("output", output, "value"), steps[index:], path, depth)
                return found._replace(value=without_nothing(found.value))
        return Located(Unknown(), path)

    def instance(self, steps: Sequence[Any], path: Path, depth: int) -> Located:
        """Evaluate `each.key` or `each.value`: a `Choice` of the values in all instances of the resource.

        Its key is the same in the whole resource, so the options of one instance are taken together.
        """
        if self.many is not None and steps[0] == "value":
            return self.attribute((*self.many.steps, None, *steps[1:]), "resource", path, depth)
        if not self.instances or steps[0] not in ("key", "value"):
            return Located(Unknown(), path)
        if steps[0] == "key":
            options = tuple(Option(instance.key, None, instance.severity) for instance in self.instances)
        else:
            values = ((self.within(instance.value, steps[1:], depth), instance.severity) for instance in self.instances)
            options = tuple(chosen(*pair) for pair in values)
        return Located(Choice(options, "each"), path)

    def dataset(self, steps: Sequence[Any], path: Path, depth: int) -> Located:
        """Evaluate an attribute of a data source, `data.TYPE.NAME.ATTRIBUTE`."""
        return self.attribute(steps, "data", path, depth)

    def attribute(self, steps: Sequence[Any], block: str, path: Path, depth: int) -> Located:
        """Evaluate an attribute of a resource or data source, such as `aws_sqs_queue.orders.arn`.

        `steps` are the type, the name and what follows. If the block does not contain the value, the result is unknown,
        with the service that the type shows.
        """
        kind, name, *rest = (*steps, None, None)[: max(len(steps), 2)]
        attribute = rest[-1] if 0 < len(rest) < 3 else None
        if not isinstance(attribute, str):
            return Located(Unknown(), path)
        declared = self.module.find(block, str(kind), str(name))
        if declared and not isinstance(declared.body.value.get(attribute), list | dict | None):
            found = self.named(self.module, (block, str(kind), str(name)), (attribute,), path, depth)
            if isinstance(found.value, str) or (isinstance(found.value, Partial) and found.value.is_whole):
                return found
        target = TARGETS.get(str(kind))
        if target is None or attribute not in target.services:
            return Located(Unknown(), path)
        prefix = "data." if block == "data" else ""
        help = f"Write {prefix}{kind}.{name}.{target.arn}." if attribute != target.arn else None
        is_fifo = self.fifo(target, declared, depth, bool(prefix)) if declared else None
        key = (str(kind), str(name)) if declared and not prefix and self.module.call is None else ()
        return Located(Unknown(target.services[attribute], is_fifo, help, target=key), path)

    def fifo(self, target: ReferenceTarget, declared: Declared, depth: int, is_data: bool) -> bool | None:
        """Return whether a queue or topic is a FIFO one, by `fifo_queue` or `fifo_topic`, or by its name.

        Return None if it is not known, or for another type of resource.
        """
        if target.fifo is None:
            return None
        body, scope = declared.body, Scope(self.module, declared.read)
        name = scope.value(body.value.get("name"), body.path, depth).value
        last = name.parts[-1] if isinstance(name, Partial) else name
        if isinstance(last, str) and last.endswith(".fifo"):
            return True
        if is_data:
            return False if isinstance(name, str) else None
        is_fifo = scope.value(body.value.get(target.fifo), body.path, depth).value
        return FIFO.get(is_fifo) if isinstance(is_fifo, bool | str | None) else None

    def conditional(self, raw: Conditional, path: Path, depth: int) -> Located:
        """Evaluate `condition ? then : otherwise` to a `Choice` of both results. Its key is the condition's source."""
        paths = (path, path) if self.read else ((*path, THEN), (*path, OTHERWISE))
        options = (
            self.value(option, place, depth) for option, place in zip((raw.then, raw.otherwise), paths, strict=True)
        )
        made = tuple(chosen(option) for option in options)
        key = (*self.module.path, raw.condition) if self.module.path else raw.condition
        return Located(Choice(made, key), path)

    def template(self, raw: Interpolation, path: Path, depth: int) -> Located:
        """Evaluate a string with expressions, such as `"arn:${var.partition}:sqs:…"`, to a `Partial`."""
        parts: list[str | None] = []
        starts: list[int | None] = []
        services: list[str | None] = []
        for piece in raw.parts:
            value = piece if isinstance(piece, Fixed) else as_written(self.value(piece, path, depth).value)
            inner = value.parts if isinstance(value, Partial) else (value if isinstance(value, str) else None,)
            starts += [0 if not parts and isinstance(piece, Fixed) else None, *(None,) * (len(inner) - 1)]
            parts += [str(part) if part is not None else None for part in inner]
            services.append(value.service if isinstance(value, Unknown | Partial) else None)
        return Located(Partial(tuple(parts), services[0] or service_in(parts), starts=tuple(starts)), path)

    def call(self, raw: FunctionCall, path: Path, depth: int) -> Located:
        """Evaluate a call of a function in `FUNCTIONS`. The result of any other function is unknown."""
        function = FUNCTIONS.get((raw.name, min(len(raw.arguments), MOST_ARGUMENTS)))
        return function(self, raw.arguments, path, depth) if function else Located(Unknown(), path)

    def argument(self, raw: Any, path: Path, depth: int) -> Located:
        """Evaluate an argument of a function. Unless it is a reference, findings about it are shown at the call."""
        found = self.value(raw, path, depth)
        return found if isinstance(raw, Traversal) else Located(placeless(found.value, path), path)

    def encoded(self, arguments: tuple[Any, ...], path: Path, depth: int) -> Located:
        """Evaluate `jsonencode`. The result is unknown unless the whole argument is known."""
        value = bare(self.value(arguments[0], path, depth).value)
        try:
            return Located(json.dumps(value), path)
        except (TypeError, RecursionError):  # a part of the argument is not known
            return Located(Unknown(), path)

    def converted(self, arguments: tuple[Any, ...], path: Path, depth: int) -> Located:
        """Evaluate a function that only changes the type of its argument, such as `toset`."""
        return self.argument(arguments[0], path, depth)

    def member(self, arguments: tuple[Any, ...], path: Path, depth: int) -> Located:
        """Evaluate `one`, `element` or `join("", …)` of a list such as `aws_sqs_queue.orders[*].arn`.

        The result is one item of the list. For any other argument, it is unknown.
        """
        last = arguments[-1] if arguments[0] == "" else arguments[0]
        return self.value(last.source if isinstance(last, Splat) else Unknown(), path, depth)

    def tried(self, arguments: tuple[Any, ...], path: Path, depth: int) -> Located:
        """Evaluate `try`: the value of the first argument that can be evaluated."""
        found = self.argument(arguments[0], path, depth)
        return self.otherwise(found, arguments[1:], path, depth)

    def looked_up(self, arguments: tuple[Any, ...], path: Path, depth: int) -> Located:
        """Evaluate `lookup(object, name, default)`: the member with a name, or the default if there is none."""
        key = arguments[1] if isinstance(arguments[1], str) else None
        found = self.within(self.argument(arguments[0], path, depth), (key,), depth)
        return self.otherwise(found, arguments[2:], path, depth)

    def otherwise(self, found: Located, rest: tuple[Any, ...], path: Path, depth: int) -> Located:
        """Return the value `found` of an argument of `try` or `lookup`; if it is missing, that of the first of `rest`.

        `rest` are the arguments after it. An attribute of a resource that may not exist could have either value. The
        result is then known only as far as both agree, for example on the service "sqs".
        """
        value = found.value
        if not rest or value == Unknown():
            return found
        if value is MISSING:
            return self.tried(rest, path, depth)
        if isinstance(value, Choice) and any(option.value is MISSING for option in value.options):
            other = self.tried(rest, path, depth)
            made = (chosen(other, option.severity) if option.value is MISSING else option for option in value.options)
            return Located(value._replace(options=tuple(made)), found.path)
        if isinstance(value, Unknown):  # an attribute of a resource that may not exist
            other = self.tried(rest, path, depth)
            if other.value in (None, ""):
                return found
            is_same = pointed_at(other.value) == pointed_at(value)
            return Located(value._replace(target=()) if is_same else Unknown(), path)
        return found

    def items(self, raw: list[Any], path: Path, depth: int) -> Located:
        """Evaluate the items of a list."""
        return Located([self.value(item, (*path, index), depth) for index, item in enumerate(raw)], path)

    def members(self, raw: dict[str, Any], path: Path, depth: int) -> Located:
        """Evaluate the members of an object."""
        return Located({name: self.value(member, (*path, name), depth) for name, member in raw.items()}, path)


EVALUATORS: Mapping[type, Callable[[Scope, Any, Path, int], Located]] = {
    Traversal: Scope.reference,
    Conditional: Scope.conditional,
    Interpolation: Scope.template,
    FunctionCall: Scope.call,
    Splat: lambda scope, raw, path, depth: Located(Unknown(), path),
    list: Scope.items,
    dict: Scope.members,
}
"""The method that evaluates an expression, by its class. Other values are literals."""
REFERENCES: Mapping[str, Callable[[Scope, Sequence[Any], Path, int], Located]] = {
    "data": Scope.dataset,
    "each": Scope.instance,
    "local": Scope.local,
    "module": Scope.output,
    "var": Scope.variable,
}
"""The method that evaluates a reference, by its first name. Any other first name is the type of a resource."""
MOST_ARGUMENTS = 3
"""Calls with more arguments are looked up in `FUNCTIONS` with this number."""
FUNCTIONS: Mapping[tuple[str, int], Callable[[Scope, tuple[Any, ...], Path, int], Located]] = {
    ("jsonencode", 1): Scope.encoded,
    **dict.fromkeys([("tolist", 1), ("tomap", 1), ("toset", 1)], Scope.converted),
    **dict.fromkeys([("element", 2), ("join", 2), ("one", 1)], Scope.member),
    **dict.fromkeys([("try", 1), ("try", 2), ("try", 3)], Scope.tried),
    **dict.fromkeys([("lookup", 2), ("lookup", 3)], Scope.looked_up),
}
"""The method that evaluates a call, by the name of the function and the number of arguments."""
