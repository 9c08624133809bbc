"""What the parts of a middleware know of it."""

from __future__ import annotations

from typing import Protocol

from ..http import Boundary
from ..http.events import Mode, OnCheck


class Settings(Protocol):
    """The settings by which responses are judged."""

    boundary: Boundary
    responses: Mode
    on_check: OnCheck | None
