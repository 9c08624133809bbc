"""Check that cfn-lint is installed and new enough."""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec

from ..base.extras import missing_message

EXTRA = "cfn-lint"
MIN_CFN_LINT_VERSION = 1
"""The first major version of cfn-lint that validates templates with schemas, which these rules build on."""


def check() -> None:
    """Raise `ImportError` if cfn-lint is missing or too old. cfn-lint shows the error."""
    if find_spec("cfnlint") is None:
        raise ModuleNotFoundError(missing_message(["cfn-lint"], [EXTRA]), name="cfnlint")
    found = version("cfn-lint")
    if int(found.partition(".")[0]) < MIN_CFN_LINT_VERSION:
        raise ImportError(f"cfn-lint {found} is too old; install lambda-validate[{EXTRA}]")
