"""Rules for cfn-lint: `cfn-lint -a lambda_validate.cfnlint`. Needs the extra `cfn-lint`.

Each rule that a template can break is a rule of cfn-lint, once as an error and once as a warning. `numbers` has their
ids, `templates` the findings of a template, and `rules` makes the classes. cfn-lint lists this module to find them,
and only then are they made.
"""

from functools import cache
from importlib import import_module
from typing import Any

from .partner import check


@cache
def _classes() -> dict[str, type]:
    """Return the classes of all rules by name, or raise `ImportError` without a cfn-lint that can be used."""
    check()
    found: dict[str, type] = import_module(f"{__name__}.rules").classes()
    return found


def __dir__() -> list[str]:
    return [*_classes()]


def __getattr__(name: str) -> Any:
    if name[1:2] == "L" and name in _classes():
        return _classes()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
