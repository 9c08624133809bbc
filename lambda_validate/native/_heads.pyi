from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar, final

Head = TypeVar("Head")
Parse = Callable[[str], Any] | None
Methods = Mapping[str, Any]
Described = tuple[object, tuple[tuple[int, str, Parse], ...], dict[bytes, tuple[str, Parse]]]

@final
class HeaderReader:
    def __init__(self, names: frozenset[bytes], prefix: bytes) -> None: ...
    def read(self, headers: Any, limit: int) -> dict[bytes, tuple[bytes, ...]] | None: ...

@final
class HeadReader(Generic[Head]):
    def __init__(
        self,
        headers: HeaderReader,
        overrides: frozenset[bytes],
        plain: Mapping[bytes, Methods],
        groups: Mapping[int, tuple[tuple[tuple[int, ...], Mapping[tuple[bytes, ...], Methods]], ...]],
        describe: Callable[[Any], Described | None],
        head: type[Head],
        members: type,
    ) -> None: ...
    def read(self, method: Any, target: Any, headers: Any, limits: tuple[int, ...], /) -> Head | None: ...
