"""Choose a sample of a long parameter list for the default run. `-m exhaustive` runs the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(values: Iterable[Any], step: int, keep: Iterable[Any] = ()) -> list[Any]:
    """Return parameters. The default run takes one in every `step`, and those in `keep`."""
    always = list(keep)
    return [
        pytest.param(value, marks=[] if index % step == 0 or value in always else pytest.mark.exhaustive)
        for index, value in enumerate(values)
    ]
