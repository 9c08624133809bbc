"""Rules for cfn-lint: `cfn-lint -a lambda_validate.cfnlint`. Needs the extra `cfn-lint`.

Input: a template that cfn-lint has parsed. Output: matches, which cfn-lint prints. Each rule that a template can break
becomes two rules of cfn-lint: an error and a warning. For example, `batch-size.minimum` is `EL1008` and `WL1008`.

    numbers     the ids of the rules                 partner     checks the version of cfn-lint
    templates   the findings of a template           rules       makes the classes of the rules

To find the rules, cfn-lint calls `dir` on this module and reads the attributes. The classes of the rules are made at
that moment, not at import.
"""

from functools import cache
from importlib import import_module
from typing import Any

from .partner import check


@cache
def _classes() -> dict[str, type]:
    """Return the classes of all rules by id. Raise `ImportError` if cfn-lint is missing or too old."""
    check()
    found: dict[str, type] = import_module(f"{__name__}.rules").classes()
    return found


def __dir__() -> list[str]:
    return [*_classes()]


def __getattr__(name: str) -> Any:
    if name[1:2] == "L" and name in _classes():
        return _classes()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
