"""Merge operations that share a path and a method, since OpenAPI allows only one for each path and method."""

from __future__ import annotations

from typing import Any

from ..base.grouping import grouped

Item = dict[str, Any]


def merged(items: list[Item]) -> Item:
    """Merge operations into one that accepts a request if any of them accepts it.

    A parameter or body is required only if all operations require it.
    """
    if len(items) == 1:
        return items[0]
    found: Item = {
        **items[0],
        "operationId": "Or".join(item["operationId"] for item in items),
        "description": " ".join(f"{item['operationId']}: {item.get('description', '')}".strip() for item in items),
        "parameters": _parameters(items),
    }
    bodies = [item["requestBody"] for item in items if "requestBody" in item]
    if bodies:
        needed = len(bodies) == len(items) and all(body["required"] for body in bodies)
        found["requestBody"] = {"required": needed, "content": _contents([body["content"] for body in bodies])}
    found["responses"] = _responses([item["responses"] for item in items])
    return found


def _parameters(items: list[Item]) -> list[Item]:
    by_name = grouped(
        ((parameter["name"], parameter["in"]), parameter) for item in items for parameter in item.get("parameters", [])
    )
    return [
        {
            **group[0],
            "required": len(group) == len(items) and all(one["required"] for one in group),
            "schema": _either([one["schema"] for one in group]),
        }
        for group in by_name.values()
    ]


def _responses(several: list[Item]) -> Item:
    by_status = grouped(pair for responses in several for pair in responses.items())
    return {status: _response(by_status[status]) for status in sorted(by_status)}


def _response(responses: list[Item]) -> Item:
    descriptions = dict.fromkeys(response["description"] for response in responses)
    contents = [response["content"] for response in responses if "content" in response]
    first = {**responses[0], "description": " ".join(descriptions)}
    if all(response == responses[0] for response in responses) or not contents:
        return first
    return {**first, "content": _contents(contents)}


def _contents(several: list[Item]) -> Item:
    """Merge bodies by content type. If several have the same content type, a body may match any of their schemas."""
    by_kind = grouped(pair for contents in several for pair in contents.items())
    return {kind: _content(contents) for kind, contents in by_kind.items()}


def _content(contents: list[Item]) -> Item:
    """Merge bodies of one content type into one that may match any of their schemas, with the examples of all."""
    shown: Item = {}
    for content in contents:
        for name, example in content.get("examples", {}).items():
            free = name if shown.get(name, example) == example else f"{name}-{len(shown)}"
            shown[free] = example
    schema = _either([content["schema"] for content in contents])
    return {"schema": schema, "examples": shown} if shown else {"schema": schema}


def _either(schemas: list[Any]) -> Any:
    distinct = [schema for index, schema in enumerate(schemas) if schema not in schemas[:index]]
    return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
