from collections.abc import Callable
from typing import Any, final

from .instructions import Program

@final
class Plan:
    fallback: Callable[[Any], bool]
    def __init__(self, program: Program, fallback: Callable[[Any], bool]) -> None: ...
    def check(self, payload: Any, /) -> bool: ...
    def run(self, payload: Any, /) -> int: ...
