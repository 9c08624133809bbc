"""Merge operations that share a path and a method, since OpenAPI can have only one there."""

from __future__ import annotations

from typing import Any

from ..base.grouping import grouped

Item = dict[str, Any]


def merged(items: list[Item]) -> Item:
    """Return one operation that accepts what any of several accepts. Only what all of them require is required."""
    if len(items) == 1:
        return items[0]
    found: Item = {
        **items[0],
        "operationId": "Or".join(each["operationId"] for each in items),
        "description": " ".join(f"{each['operationId']}: {each.get('description', '')}".strip() for each in items),
        "parameters": _parameters(items),
    }
    bodies = [each["requestBody"] for each in items if "requestBody" in each]
    if bodies:
        needed = len(bodies) == len(items) and all(each["required"] for each in bodies)
        found["requestBody"] = {"required": needed, "content": _contents([each["content"] for each in bodies])}
    found["responses"] = _responses([each["responses"] for each in items])
    return found


def _parameters(items: list[Item]) -> list[Item]:
    by_name = grouped(((each["name"], each["in"]), each) for item in items for each in item.get("parameters", []))
    return [
        {
            **each[0],
            "required": len(each) == len(items) and all(one["required"] for one in each),
            "schema": _either([one["schema"] for one in each]),
        }
        for each in by_name.values()
    ]


def _responses(several: list[Item]) -> Item:
    by_status = grouped(pair for responses in several for pair in responses.items())
    return {status: _response(by_status[status]) for status in sorted(by_status)}


def _response(responses: list[Item]) -> Item:
    descriptions = dict.fromkeys(each["description"] for each in responses)
    contents = [each["content"] for each in responses if "content" in each]
    first = {**responses[0], "description": " ".join(descriptions)}
    if all(each == responses[0] for each in responses) or not contents:
        return first
    return {**first, "content": _contents(contents)}


def _contents(several: list[Item]) -> Item:
    """Merge bodies by content type. If two have one in common, either of their schemas may match."""
    by_kind = grouped(pair for contents in several for pair in contents.items())
    return {kind: _content(contents) for kind, contents in by_kind.items()}


def _content(contents: list[Item]) -> Item:
    """Return one body that accepts what any of several accepts, with the examples of all."""
    shown: Item = {}
    for each in contents:
        for name, example in each.get("examples", {}).items():
            free = name if shown.get(name, example) == example else f"{name}-{len(shown)}"
            shown[free] = example
    schema = _either([each["schema"] for each in contents])
    return {"schema": schema, "examples": shown} if shown else {"schema": schema}


def _either(schemas: list[Any]) -> Any:
    distinct = [each for index, each in enumerate(schemas) if each not in schemas[:index]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
